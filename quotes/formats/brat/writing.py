"""brat standoff: a folder with a text and its annotations for each document, to open and correct in brat.

Each quotation is an `Attribution` event with the roles Source, Cue and Content, as in the corpus PolNeAR,
and Quoted and Speaker where only a part of the content is quoted, or of the source the speaker. Kind,
channel, kind of speaker, type and negation are attributes, which can be changed in brat. All other fields
are in a note, as JSON. `documents.jsonl` says which document each pair of files holds. `reading.py` reads
all of it back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, get_args

from quotes.files.whole_folder import WholeFolder
from quotes.formats.brat.standoff import ATTRIBUTES, FLAGS, MANIFEST, SPANS, roles_of
from quotes.formats.writers import WriteOptions, Writer, text_of
from quotes.records import (
    AttributionType,
    Channel,
    DocumentRecord,
    Kind,
    Metadata,
    Quotation,
    SpeakerKind,
    encodable,
)

_LONGEST_NAME = 80
# Windows forbids files of these names, with any suffix.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer for the folder `path`, which is published as a whole when the block ends."""
    del options
    with WholeFolder(path) as folder:
        writer = _BratWriter(folder)
        try:
            yield writer
        except KeyboardInterrupt:
            if len(folder):
                writer.finish()
            raise
        writer.finish()


class _BratWriter:
    def __init__(self, folder: WholeFolder) -> None:
        self._folder = folder
        self._names: dict[str, int] = {}
        self._lines: dict[str, str] = {}
        self.written = 0

    @property
    def size(self) -> int:
        return self._folder.size

    def write(self, record: DocumentRecord) -> None:
        text = encodable(text_of(record))
        name = _file_name(record.doc_id, self._names)
        self._lines[name] = _manifest_line(name, record)
        annotations = "".join(line + "\n" for line in _annotations(text, record.quotations))
        self._folder.write({f"{name}.txt": text.encode(), f"{name}.ann": encodable(annotations).encode()})
        self.written += 1

    def finish(self) -> None:
        lines = (line for name, line in self._lines.items() if f"{name}.ann" in self._folder)
        self._folder.write(
            {
                MANIFEST: encodable("".join(lines)).encode(),
                "annotation.conf": _annotation_conf().encode(),
                "visual.conf": _VISUAL_CONF.encode(),
            }
        )


def _file_name(doc_id: str, taken: dict[str, int]) -> str:
    """A unique name for the document's files, valid on any file system and never outside of the folder.

    `taken` maps the names given so far, in lower case, to the highest number appended to each, so that a
    million equal ids don't take quadratic time.
    """
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "_", doc_id).lstrip(".-")[:_LONGEST_NAME].rstrip(".") or "document"
    if _RESERVED.fullmatch(safe):
        safe = f"{safe}_"
    name, number = safe, taken.get(safe.lower(), 1)
    while name.lower() in taken:
        number += 1
        name = f"{safe}~{number}"
    taken[safe.lower()] = number
    taken[name.lower()] = taken.get(name.lower(), 1)
    return name


def _manifest_line(name: str, record: DocumentRecord) -> str:
    line: dict[str, Any] = {"file": name, "doc_id": record.doc_id, "text_sha256": record.text_sha256}
    if record.metadata != Metadata():
        line["metadata"] = record.metadata.model_dump()
    if record.partly_reviewed:
        line["partly_reviewed"] = True
    return _json({**line, "schema_version": record.schema_version}) + "\n"


def _annotations(text: str, quotations: Iterable[Quotation]) -> Iterator[str]:
    """The lines of the .ann file: text-bound annotations T, events E, attributes A, notes #."""
    spans = attributes = 0
    for event, quotation in enumerate(quotations, 1):
        found = roles_of(text, quotation)
        if not found:  # only line ends, which brat can't show
            continue
        # brat attaches an event to the word that triggers it, here the cue, which is also marked as a Cue.
        trigger = next(
            found[role] for role in ("Cue", "Content", "Source", "Quoted", "Speaker") if role in found
        )
        roles = []
        for role, ranges in {"Attribution": trigger, **found}.items():
            spans += 1
            roles.append(f"{role}:T{spans}")
            offsets = ";".join(f"{start} {end}" for start, end in ranges)
            words = " ".join(text[start:end] for start, end in ranges)
            yield f"T{spans}\t{role} {offsets}\t{words}"
        yield f"E{event}\t{' '.join(roles)}"
        values = {name: getattr(quotation, value) for name, value in ATTRIBUTES.items()}
        flags = {name: "" for name, value in FLAGS.items() if getattr(quotation, value)}
        for name, value in {**values, **flags}.items():
            if value is not None:
                attributes += 1
                yield f"A{attributes}\t{name} E{event} {value}".rstrip()
        yield f"#{event}\tAnnotatorNotes E{event}\t{_json(_note(quotation))}"


def _note(quotation: Quotation) -> dict[str, Any]:
    """The whole quotation without its text, so that `reading.py` finds what a person changed."""
    note = quotation.model_dump(exclude={"text"})
    for name in SPANS:
        if (span := getattr(quotation, name)) is not None:
            note[name] = (span.start, span.end)
    if quotation.speakers is not None:
        note["speakers"] = [(one.start, one.end, one.name, one.kind) for one in quotation.speakers]
    return note


def _json(value: Any) -> str:
    """JSON on one line, also for programs that know more line ends than JSON."""
    line = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", line)


def _annotation_conf() -> str:
    values = {
        "Kind": get_args(Kind),
        "Channel": get_args(Channel),
        "SpeakerKind": get_args(SpeakerKind),
        "Type": get_args(AttributionType),
    }
    attributes = [f"{name}\tArg:Attribution, Value:{'|'.join(kinds)}" for name, kinds in values.items()]
    return "\n".join(
        (
            "# How to annotate quotations in brat.",
            "[entities]",
            *("Source", "Speaker", "Cue", "Content", "Quoted"),
            "[relations]",
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            "[events]",
            "Attribution\tSource?:Source, Speaker?:Speaker, Cue?:Cue, Content:Content, Quoted?:Quoted",
            "[attributes]",
            *attributes,
            *(f"{name}\tArg:Attribution" for name in FLAGS),
            "",
        )
    )


_VISUAL_CONF: Final = """\
# Colours as elsewhere in quotes: quotations green, cues yellow, sources and speakers blue.
[labels]
Attribution | Attribution | Attr
SpeakerKind | Kind of speaker | Speaker
InBoilerplate | In boilerplate | Boilerplate
[drawing]
SPAN_DEFAULT\tfgColor:black, bgColor:lightgrey, borderColor:darken
ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5
ATTRIBUTE_DEFAULT\tglyph:*
Source\tbgColor:#a9d3ea
Speaker\tbgColor:#a9d3ea
Cue\tbgColor:#f5dd7a
Content\tbgColor:#b5e2bd
Quoted\tbgColor:#b5e2bd
Attribution\tbgColor:#f5dd7a
"""
