"""`boilerplate.toml` as compiled patterns: how to recognise paragraphs that are not the article's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from quotes.data.lookups import Entry
from quotes.data.schemas import read
from quotes.errors import DataError

_PATH = Path(__file__).parent / "boilerplate.toml"

# Most paragraphs with a quotation begin with one; these need no search.
_OPENING = frozenset("“\"‘'«„")
# How much of a paragraph the patterns for its end see, in code points.
_TAIL = 100
#: A longer paragraph, in code points, is no heading.
LONGEST_HEADING = 60


class LineRow(Entry):
    """A pattern for a paragraph. `at`: where in it; `contains`: words in small letters, one of which it has.

    One "within" the paragraph counts only beside other boilerplate; its pattern begins with the paragraph.
    One at the "start" of a paragraph begins with no quotation mark.
    """

    kind: str
    at: Literal["start", "end", "whole", "within"]
    pattern: str
    max_words: int
    reason: str
    examples: tuple[str, ...]
    unlike: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _contains_where_needed(self) -> LineRow:
        if (self.at in ("end", "within")) != bool(self.contains):
            raise ValueError('`contains` goes with `at = "end"` or `at = "within"`, and needs one of them')
        return self


class SectionRow(Entry):
    """A heading, and what the items below it look like."""

    kind: str
    heading: str
    items: Literal["titles", "bullets"]
    reason: str
    examples: tuple[str, ...]


class BoilerplateFile(Entry):
    """`boilerplate.toml`."""

    line: tuple[LineRow, ...]
    section: tuple[SectionRow, ...]


class BoilerplatePatterns:
    """The rows, those of one place joined into one pattern, to save time."""

    def __init__(self, rows: BoilerplateFile) -> None:
        self.rows = rows
        self._begins = _joined(
            [
                (i, row.pattern + (r"\s*\Z" if row.at == "whole" else ""))
                for i, row in enumerate(rows.line)
                if row.at in ("start", "whole")
            ]
        )
        self._ends = [
            (words, row, pattern) for row, pattern in self._searched("end") for words in row.contains
        ]
        self._within = self._searched("within")
        self._headings = _joined([(i, row.heading) for i, row in enumerate(rows.section)])

    def _searched(self, place: str) -> list[tuple[LineRow, re.Pattern[str]]]:
        return [(row, re.compile(row.pattern)) for row in self.rows.line if row.at == place]

    def line(self, text: str, start: int, end: int) -> str | None:
        """The kind of the paragraph [start, end) by its beginning or its end."""
        if text[start] not in _OPENING and (match := self._begins.match(text, start, end)):
            row = self.rows.line[int(str(match.lastgroup)[1:])]
            if len(text[start:end].split()) <= row.max_words:
                return row.kind
        tail = text[max(start, end - _TAIL) : end]
        small = tail.lower()
        for words, row, pattern in self._ends:  # for every paragraph with a quotation
            if words in small and pattern.search(tail):
                return row.kind if len(text[start:end].split()) <= row.max_words else None
        return None

    def within(self, paragraph: str) -> str | None:
        """The kind of a paragraph that counts only beside other boilerplate."""
        for row, pattern in self._within:
            if pattern.match(paragraph) and any(words in paragraph.lower() for words in row.contains):
                return row.kind if len(paragraph.split()) <= row.max_words else None
        return None

    def heading(self, text: str, start: int, end: int) -> SectionRow | None:
        """The section that the paragraph [start, end) is the heading of."""
        if end - start > LONGEST_HEADING:
            return None
        match = self._headings.fullmatch(text[start:end].rstrip(": "))
        return None if match is None else self.rows.section[int(str(match.lastgroup)[1:])]


@cache
def boilerplate() -> BoilerplatePatterns:
    """The patterns that ship, read once. Raises DataError for a mistake in the file."""
    return patterns(_PATH)


def patterns(path: Path) -> BoilerplatePatterns:
    """Read such a file."""
    rows = read(path, BoilerplateFile)
    for row in rows.line:
        _check(path, row.pattern, row.reason)
    for section in rows.section:
        _check(path, section.heading, section.reason)
    return BoilerplatePatterns(rows)


def _check(path: Path, pattern: str, reason: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise DataError(f"{path}: {reason!r}: is not a regular expression ({error}). Correct it.") from error
    if groups:
        raise DataError(f"{path}: {reason!r}: has a capturing group. Write (?:…) in its place.")


def _joined(rows: list[tuple[int, str]]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<r{number}>{pattern})" for number, pattern in rows))
