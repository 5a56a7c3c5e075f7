"""Read one side of a score, predictions or gold, from its file: records, or a folder of brat annotations.

annotations/gold.jsonl        →  records
polnear/dev/                  →  text/*.txt and attributions/*_ab12.ann, one file for each annotator
folder/                       →  .txt files with .ann files beside them
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from quotes.errors import ReadError
from quotes.formats.brat.standoff import Attribution, attributions
from quotes.formats.record_files import holds_records, read_any_records
from quotes.formats.sources import Source, expand, read, read_all
from quotes.records import parts_text
from quotes.scoring.items import (
    INDIRECT,
    Item,
    Judged,
    Range,
    judged_of,
    quoted_runs,
    starts_of_words,
    words_in_marks,
)

if TYPE_CHECKING:
    from quotes.scoring.corrections import Corrections

_Form = Literal["name", "partial_name", "pronoun", "nominal", "anonymous", "none"]
_Names = dict[tuple[str, Range], "_Speaker"]


@dataclass(frozen=True, slots=True)
class Side:
    """The content of a file that is scored."""

    documents: tuple[Judged, ...]
    notes: tuple[str, ...] = ()
    """What a user should know about how it was read."""
    corrections: Corrections | None = None
    """What reviewers changed, if the file tells."""


class _Speaker(BaseModel):
    """A line of `speakers.jsonl`: who the source at this range of a document is; None if it has no name."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc: str
    source: Range
    form: _Form
    name: str | None


def read_side(path: Path, texts: Sequence[str] = ()) -> Side:
    """Read predictions or gold. `texts` are paths of the articles, for records without a text.

    Raises ReadError.
    """
    if path.is_dir() and not holds_records(path):
        if not is_brat(path):
            raise ReadError(
                f"{path}: no brat annotations are in this folder. It needs folders text/ and attributions/, "
                "or .ann files beside .txt files; or name a folder that `quotes` wrote."
            )
        note = f"{path} is annotated in brat: runs between quotation marks are scored, not whole quotations."
        return Side(tuple(read_brat(path)), notes=(note,))
    known = {document.text_sha256: document.text for document in read_all(expand(texts))} if texts else {}
    documents = []
    for record in read_any_records(path):
        if record.text is None and record.text_sha256 in known:
            record = record.model_copy(update={"text": known[record.text_sha256]})
        documents.append(judged_of(record, str(path)))
    return Side(tuple(documents))


def is_brat(folder: Path) -> bool:
    """Whether a folder holds brat annotations in one of the two ways."""
    return (folder / "text").is_dir() or any(folder.glob("*.ann"))


def read_brat(folder: Path) -> Iterator[Judged]:
    """The annotated documents of a folder, their content cut into runs between quotation marks.

    Whole contents, quoted or not, are the attributions of each document.

    The folder has either `text/` and `attributions/`, with names in `speakers.jsonl`, or texts and
    annotations side by side. Of several annotators, the first is read. Documents without annotations are
    left out. Raises ReadError.
    """
    corpus = (folder / "text").is_dir()
    names = _read_names(folder / "speakers.jsonl")
    known = {doc for doc, _ in names}
    for source in expand([str(folder / "text" if corpus else folder)]):
        annotations = _annotations(folder, source, corpus=corpus)
        if annotations is None:
            continue
        document = read(source)
        _check_line_ends(source, document.text)
        annotated = attributions(annotations)
        _check_ranges(annotations, annotated, len(document.text))
        found = _items(document.doc_id, document.text, annotated, names)
        yield Judged(
            doc_id=document.doc_id,
            text_sha256=document.text_sha256,
            items=tuple(sorted(found, key=Item.sort_key)),
            text=document.text,
            attributions=tuple(sorted(_attributions(document.text, annotated), key=Item.sort_key)),
            names_known=document.doc_id in known,
            segments=True,
        )


def _annotations(folder: Path, source: Source, *, corpus: bool) -> Path | None:
    assert source.path is not None  # a folder does not contain standard input
    stem = source.path.stem
    if not corpus:
        beside = source.path.with_suffix(".ann")
        return beside if beside.is_file() else None
    pattern = stem.replace("[", "[[]")
    return min((folder / "attributions").glob(f"{pattern}_????.ann"), default=None)


def _read_names(path: Path) -> _Names:
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            speaker = _Speaker.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise ReadError(
                f"{path}, line {number}: not a speaker of a source: {problem}. Restore the file."
            ) from None
        found[speaker.doc, speaker.source] = speaker
    return found


def _check_line_ends(source: Source, text: str) -> None:
    """Raise ReadError if offsets differ from brat's, which counts carriage returns and byte order marks."""
    assert source.path is not None
    if len(source.path.read_bytes().decode("utf-8", "replace")) != len(text):
        raise ReadError(
            f"{source.path}: its line ends or its byte order mark move brat's offsets. Save it as UTF-8 with "
            "line ends of one character (dos2unix), in brat's folder too, and export again."
        )


def _check_ranges(path: Path, annotated: list[Attribution], size: int) -> None:
    for found in annotated:
        for start, end in (*found.source, *found.cue, *found.content):
            if not 0 <= start <= end <= size:
                raise ReadError(
                    f"{path}: the range {start} to {end} isn't within its text, which has {size:,} "
                    "characters. Export the folder from brat again."
                )


def _items(doc_id: str, text: str, annotated: list[Attribution], names: _Names) -> Iterator[Item]:
    seen: set[Range] = set()
    for attribution in annotated:
        speaker = names.get((doc_id, attribution.source[0])) if attribution.source else None
        for run in quoted_runs(text, attribution.content):
            if run in seen:
                continue
            seen.add(run)
            yield Item(
                parts=(run,),
                text=text[slice(*run)],
                speaker=attribution.source,
                speaker_text=_words(text, attribution.source),
                cue=attribution.cue,
                cue_text=_words(text, attribution.cue),
                name=speaker.name if speaker else None,
                form=_form(speaker),
                rule="review:brat",
                name_known=speaker is not None,
            )


def _attributions(text: str, annotated: list[Attribution]) -> Iterator[Item]:
    """All that is reported: direct if all its words stand in marks, indirect if none does, else mixed."""
    marked = words_in_marks(text)
    for attribution in annotated:
        content = tuple(sorted(attribution.content))
        inside = [word in marked for word in starts_of_words(text, content)]
        yield Item(
            parts=content,
            text=parts_text(text, content),
            kind=INDIRECT if not any(inside) else "direct" if all(inside) else "mixed",
            speaker=attribution.source,
            speaker_text=_words(text, attribution.source),
            cue=attribution.cue,
            cue_text=_words(text, attribution.cue),
            rule="review:brat",
            name_known=False,
            source=attribution.source,
        )


def _words(text: str, ranges: tuple[Range, ...]) -> str:
    return " … ".join(text[start:end] for start, end in ranges)


def _form(speaker: _Speaker | None) -> str:
    """The form of a mention; a speaker without a name is anonymous, whatever the mention."""
    if speaker is None:
        return "none"
    return speaker.form if speaker.name else "anonymous"
