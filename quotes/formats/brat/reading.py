"""Read a folder of brat files as records: one that `writing.py` wrote, corrected or not, or any other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from quotes.errors import ReadError
from quotes.files.inputs import open_plain, read_whole
from quotes.files.limits import lines, raised
from quotes.formats.brat.standoff import (
    ATTRIBUTES,
    FLAGS,
    MANIFEST,
    SPANS,
    Event,
    Range,
    events,
    lines_apart,
    lines_joined,
    roles_of,
)
from quotes.formats.record_checks import Checks
from quotes.records import (
    SCHEMA_VERSION,
    Document,
    DocumentRecord,
    Kind,
    Metadata,
    Quotation,
    Span,
    Speaker,
    parts_text,
    quote_id,
)

#: The roles of an event.
ROLES: Final = ("Source", "Speaker", "Cue", "Content", "Quoted")

#: The rule of a quotation that a person added or changed in brat.
REVIEWED: Final = "review:brat"

_QUOTED = re.compile('[“”„‟‘«»"]')  # apostrophes aside
_PLAIN_NAME = re.compile(r"[^/\\\0]+")


class _Line(BaseModel):
    """A line of the manifest: the document that a pair of files holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    doc_id: str
    text_sha256: str | None = None
    metadata: Metadata = Metadata()
    partly_reviewed: bool = False
    schema_version: Literal[1] = SCHEMA_VERSION


def read_brat_records(folder: Path) -> Iterator[DocumentRecord]:
    """Stream the records, with their texts, of a folder of pairs of .txt and .ann files.

    The documents are those of the manifest, in its order; without a manifest, those of all pairs, by name. A
    quotation that nobody changed in brat is the original one; a changed or new one has the rule "review:brat"
    and the confidence 1. Events without content are left out. Raises ReadError if a file is missing or
    damaged, or a text doesn't match its hash.
    """
    checks = Checks(str(folder))
    for number, line in enumerate(_manifest(folder), 1):
        text, found = _files(folder, line.file)
        sha256 = Document(doc_id=line.doc_id, text=text).text_sha256
        # With U+FFFD, the hash may be that of the original text, which UTF-8 can't hold.
        if line.text_sha256 not in (None, sha256) and "\ufffd" not in text:
            raise ReadError(
                f"{folder / line.file}.txt: this text has changed, so its annotations have wrong offsets. "
                "Restore it."
            )
        try:
            record = DocumentRecord(
                doc_id=line.doc_id,
                text_sha256=line.text_sha256 or sha256,
                quotations=tuple(_quotation(text, sha256, event) for event in found),
                metadata=line.metadata,
                partly_reviewed=line.partly_reviewed,
                text=text,
            )
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            raise ReadError(
                f"{folder / line.file}.ann: {'.'.join(map(str, problem['loc'])) or 'an event'}: "
                f"{problem['msg']}. Correct it in brat."
            ) from None
        yield checks.take(record, f"document {number} ({line.file}.ann)")


def _files(folder: Path, name: str) -> tuple[str, list[Event]]:
    """A document's text, and its events that have content."""
    try:
        text = read_whole(folder / f"{name}.txt").decode("utf-8")
        found = events(folder / f"{name}.ann")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(
            f"{folder / name}: the text or its annotations can't be read ({error}). "
            "Copy the folder from brat again."
        ) from error
    return text, [event for event in found if event.roles.get("content")]


def _manifest(folder: Path) -> Iterator[_Line]:
    path = folder / MANIFEST
    if not path.is_file():
        pairs = sorted(file.stem for file in folder.glob("*.ann") if file.with_suffix(".txt").is_file())
        if not pairs:
            raise ReadError(f"{folder}: this folder has no .txt file with an .ann file. Name another.")
        yield from (_Line(file=stem, doc_id=stem) for stem in pairs)
        return
    with open_plain(path) as file:
        yield from _lines(file, path)


def _lines(file: BinaryIO, path: Path) -> Iterator[_Line]:
    for number, content in lines(file, str(path), raised):
        try:
            line = _Line.model_validate_json(content)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            what = ".".join(map(str, problem["loc"])) or "the line"
            raise ReadError(f"{path}, line {number}: {what}: {problem['msg']}. Restore this file.") from None
        # A manifest must not name files outside of its folder.
        if not _PLAIN_NAME.fullmatch(line.file) or line.file in (".", ".."):
            raise ReadError(f"{path}, line {number}: {line.file!r} is not a file of this folder.")
        yield line


def _quotation(text: str, sha256: str, event: Event) -> Quotation:
    noted = _noted(text, event.note)
    found = _annotated(event)
    if noted is not None and found == _as_annotated(text, noted):
        return noted
    # A person changed it. Keep what still applies of the original.
    content = _ranges(text, found["Content"], noted.reported if noted else ())
    parts = _ranges(text, found["Quoted"], noted.parts if noted else ()) or content
    source = _span(text, found["Source"])
    speaker = _span(text, found["Speaker"]) or source
    same_speaker = noted is not None and noted.speaker == speaker
    name = noted.speaker_name if noted and same_speaker else None
    kind = found["speaker_kind"] or "unknown"
    others = noted.speakers[1:] if noted and noted.speakers and same_speaker else ()
    first = [Speaker(**speaker.model_dump(), name=name, kind=kind)] if speaker and others else []
    return Quotation(
        quote_id=noted.quote_id if noted and noted.parts == parts else quote_id(sha256, parts),
        kind=found["kind"] or _kind(text, parts, speaker),
        channel=found["channel"] or "speech",
        parts=parts,
        text=parts_text(text, parts),
        speaker=speaker,
        speaker_name=name,
        speaker_kind=kind,
        speakers=(*first, *others) or None,
        speaker_role=noted.speaker_role if noted and same_speaker else None,
        speaker_id=noted.speaker_id if noted and same_speaker else None,
        cue=_span(text, found["Cue"]),
        rule=REVIEWED,
        confidence=1.0,
        content=None if content == parts else content,
        source=None if source == speaker else source,
        attribution_type=found["attribution_type"],
        negated=found["negated"],
        in_boilerplate=found["in_boilerplate"],
        duplicate_of=noted.duplicate_of if noted else None,
        utterance_id=noted.utterance_id if noted else None,
        verification=noted.verification if noted and noted.parts == parts else None,
    )


def _kind(text: str, parts: tuple[Range, ...], speaker: Span | None) -> Kind:
    if speaker is None:
        return "unattributed"
    return "direct" if any(_QUOTED.search(text, *part) for part in parts) else "indirect"


def _annotated(event: Event) -> dict[str, Any]:
    """The values of an event, in the form of `_as_annotated`."""
    return {
        **{role: sorted(event.roles.get(role.lower(), [])) for role in ROLES},
        **{field: event.attributes.get(name) for name, field in ATTRIBUTES.items()},
        **{field: name in event.attributes for name, field in FLAGS.items()},
    }


def _as_annotated(text: str, quotation: Quotation) -> dict[str, Any]:
    fields = (*ATTRIBUTES.values(), *FLAGS.values())
    return {
        **{role: [] for role in ROLES},
        **roles_of(text, quotation),
        **{field: getattr(quotation, field) for field in fields},
    }


def _noted(text: str, note: str) -> Quotation | None:
    """The quotation in the note of an event; None if the note is a person's own."""
    try:
        fields = json.loads(note)
        for name in SPANS:
            if name in fields and fields[name] is not None:
                fields[name] = Span.of(text, *fields[name])
        if fields.get("speakers") is not None:
            fields["speakers"] = [
                {**Span.of(text, start, end).model_dump(), "name": name, "kind": kind}
                for start, end, name, kind in fields["speakers"]
            ]
        parts = [tuple(part) for part in fields["parts"]]
        return Quotation.model_validate({**fields, "parts": parts, "text": parts_text(text, parts)})
    except (ValueError, TypeError, KeyError, RecursionError):  # pydantic's errors are ValueErrors
        return None


def _ranges(text: str, found: list[Range], noted: tuple[Range, ...]) -> tuple[Range, ...]:
    """The ranges of a role: those of the note, with their line ends, if nobody changed them."""
    return noted if found == lines_apart(text, noted) else tuple(lines_joined(text, found))


def _span(text: str, ranges: list[Range]) -> Span | None:
    """The span of a mention; of several stretches with words between them, the first."""
    joined = lines_joined(text, ranges)
    return Span.of(text, *joined[0]) if joined else None
