"""Full-text search over quotations: what did X say about Y?

rec* "the board", speaker Sessions   →   quotations of Jeff Sessions with "recuse" and "the board"
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from quotes.data import fold
from quotes.database.opening import to_read
from quotes.errors import DatabaseError

#: These enclose each match in `Hit.text`; printable text does not contain them.
HIT_BEGINS: Final = "\x02"
HIT_ENDS: Final = "\x03"

_SNIPPET_WORDS = 48
# All who speak together, if one of them has a name; null for one speaker.
_TOGETHER = """(
    SELECT group_concat(coalesce(a.name, b.mention), ' and ')
    FROM said_by b LEFT JOIN speakers a ON a.id = b.speaker_id
    WHERE b.quotation_id = q.id HAVING count(*) > 1 AND count(a.name)
)"""
_LONGEST_QUERY = 200  # words
_TERM = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|([^\s\"“”„«»]+)")
_WORD = re.compile(r"[^\W_]+")
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_CLOSE_ENOUGH = 70


class Hit(NamedTuple):
    """A quotation that was found; each match in its text is between HIT_BEGINS and HIT_ENDS."""

    id: int
    text: str
    speaker: str | None
    """The speaker's name; of several, all names, and the mentions of those without, joined by "and"."""
    mention: str | None
    outlet: str | None
    date: str | None
    title: str | None
    doc_id: str
    kind: str


class Found(NamedTuple):
    """The best hits, and the total number."""

    hits: tuple[Hit, ...]
    total: int


class Filters(NamedTuple):
    """The limits of a search.

    They are a speaker's name or a part of it, days, a part of the outlet's name, and kinds of quotations and
    types of attribution, as in the record.
    """

    speaker: str | None = None
    since: str | None = None
    until: str | None = None
    outlet: str | None = None
    kinds: frozenset[str] | None = None
    types: frozenset[str] | None = None


NO_FILTERS: Final = Filters()


def search(path: Path, query: str, filters: Filters = NO_FILTERS, limit: int = 20) -> Found:
    """Find quotations that contain all words of a query, the best matches first.

    An empty query finds everything that passes the filters, by date. Raises DatabaseError if the query has
    no word, no speaker has the name, or the file is not a quotation database.
    """
    terms = fts_query(query)
    if not terms and (query.strip() or not any(filters)):
        raise DatabaseError(f"{query!r} has no word to search for. Enter a word, or name a speaker.")
    if terms.count('"') > 2 * _LONGEST_QUERY:
        raise DatabaseError(f"The query has more than {_LONGEST_QUERY} words. Search for fewer.")
    with to_read(path) as connection:
        where, values = _where(connection, terms, filters)
        source = f"""
            FROM quotations q
            JOIN documents d ON d.doc_id = q.doc_id
            LEFT JOIN speakers s ON s.id = q.speaker_id
            {"JOIN quotations_fts ON quotations_fts.rowid = q.id" if terms else ""}
            WHERE {where}
        """
        [total] = connection.execute(f"SELECT count(*) {source}", values).fetchone()
        text = f"snippet(quotations_fts, 0, '{HIT_BEGINS}', '{HIT_ENDS}', '…', {_SNIPPET_WORDS})"
        rows = connection.execute(
            f"""
            SELECT q.id, {text if terms else "q.text"},
                coalesce({_TOGETHER}, s.name), q.mention, d.outlet, d.date, d.title, d.doc_id, q.kind
            {source} ORDER BY {"quotations_fts.rank, " if terms else ""} d.date IS NULL, d.date, q.id LIMIT ?
            """,
            [*values, limit],
        )
        return Found(tuple(map(Hit._make, rows)), total)


def fts_query(query: str) -> str:
    """Convert user input to a valid query of SQLite's FTS5; "" if it has no word.

    All words must occur. Words in quotation marks must be adjacent; a word with * is a prefix. Other
    operators of FTS5 (OR, NEAR, columns) are ordinary words.

    >>> fts_query('rec* "the board" OR')
    '"rec"* "the board" "OR"'
    """
    terms = []
    for phrase, word in _TERM.findall(query):
        words = _WORD.findall(phrase or word)
        if words:
            prefix = "*" if word.rstrip(".,;:!?").endswith("*") else ""
            terms.append(f'"{" ".join(words)}"{prefix}')
    return " ".join(terms)


def check_days(since: str | None, until: str | None) -> None:
    """Raise ValueError if one is not a year, month or day in ISO 8601, or the second is before the first."""
    for day in (since, until):
        if day is not None and not _is_day(day):
            raise ValueError(
                f"{day!r} is not a date. Write a year, a month or a day: 2017, 2017-06 or 2017-06-05."
            )
    if since is not None and until is not None:
        size = min(len(since), len(until))
        if since[:size] > until[:size]:
            raise ValueError(f"{since} is after {until}. Swap the two dates.")


def _is_day(text: str) -> bool:
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def _where(connection: sqlite3.Connection, terms: str, filters: Filters) -> tuple[str, list[str | int]]:
    conditions, values = ["1"], list[str | int]()
    if terms:
        conditions.append("quotations_fts MATCH ?")
        values.append(terms)
    if filters.speaker is not None:
        speakers = _speakers(connection, filters.speaker)
        numbers = ", ".join(map(str, speakers))
        conditions.append(f"q.id IN (SELECT quotation_id FROM said_by WHERE speaker_id IN ({numbers}))")
    # A month is compared with the same number of characters of a day.
    for bound, sign in ((filters.since, ">="), (filters.until, "<=")):
        if bound is not None:
            conditions.append(f"substr(d.date, 1, {len(bound)}) {sign} ?")
            values.append(bound)
    if filters.outlet is not None:
        conditions.append("instr(lower(d.outlet), lower(?))")
        values.append(filters.outlet)
    for column, chosen in (("kind", filters.kinds), ("attribution_type", filters.types)):
        if chosen is not None:
            conditions.append(f"q.{column} IN ({', '.join('?' * len(chosen))})")
            values += sorted(chosen)
    return " AND ".join(conditions), values


def _speakers(connection: sqlite3.Connection, name: str) -> Sequence[int]:
    """The numbers of all speakers whose names contain these words. Raises DatabaseError if there are none."""
    wanted = set(_WORD.findall(fold(name)))
    names = connection.execute("SELECT name, id FROM speakers").fetchall()
    found = [number for one, number in names if wanted and wanted <= set(_WORD.findall(fold(one)))]
    if not found:
        from rapidfuzz import fuzz, process

        close = process.extract(
            name, [one for one, _ in names], scorer=fuzz.WRatio, limit=3, score_cutoff=_CLOSE_ENOUGH
        )
        meant = f" Did you mean {' or '.join(one for one, *_ in close)}?" if close else ""
        raise DatabaseError(f"Nobody called {name!r} is quoted in this database.{meant}")
    return found
