"""Dates, authors and titles as files have them, cleaned. A doubtful value counts as missing.

"June 5, 2017" → "2017-06-05"; "By GILLIAN MOHNEY March 5, 2017" → "GILLIAN MOHNEY"; "Username" → None

Own code, because libraries such as dateparser guess where a date is ambiguous (05/06/2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Final

from quotes.files.apart import one_line

#: A month's name, long or short, as a regular expression.
MONTH: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)

_DAYS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y.%m.%d")
# A line that gives the date: "Monday, June 5, 2017", "By Bo Fenwick | 5 June 2017 at 9.40".
_DATELINE = re.compile(
    rf"(?:\A|[,|·•:(–—-]\s*|\b(?:published|posted)\s+(?:on\s+)?)(?:\w+day,?\s+)?"
    rf"((?:{MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTH})\.?,?\s+\d{{4}})"
    r"\s*(?:\Z|[|·•)–—-]|,?\s*at\b|\d{1,2}[:.]\d\d)",
    re.IGNORECASE,
)
_NO_DATELINE = re.compile(
    r"\W*(?:last\s+)?(?:updated|modified|printed|retrieved|accessed|copyright)", re.IGNORECASE
)
_MOMENTS = ("%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y")


def iso_date(text: str) -> str | None:
    """A date, or a date and time, as ISO 8601; None for any other text, and for ambiguous dates (05/06/2017).

    "June 5, 2017" gives "2017-06-05". A text that is ISO 8601 stays as it is, with a "T" before the time.
    """
    text = " ".join(text.split())
    if len(text) > 60:
        return None
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return text if _parsed(text + ("-01" if len(text) == 7 else "")) else None
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        return text.replace(" ", "T", 1).replace(" ", "") if _parsed(text) else None
    for form in _MOMENTS:
        if (moment := _parsed(text, form)) is not None:
            return moment.isoformat()
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b|[.,]", "", text).replace("Sept ", "Sep ")
    for form in _DAYS:
        if (moment := _parsed(text if "%Y/" in form or "%Y." in form else plain, form)) is not None:
            return moment.date().isoformat()
    try:
        return parsedate_to_datetime(text).isoformat()  # RFC 2822, as feeds have it
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def dateline(lines: Iterable[str]) -> str | None:
    """The date that the short lines at the beginning of a text give; None if they give none or several."""
    first = islice((line.strip() for line in lines if line.strip()), 8)
    short = [line for line in first if len(line) <= 80 and not _NO_DATELINE.match(line)]
    days = {iso_date(day) for line in short for day in _DATELINE.findall(line)}
    return days.pop() if len(days) == 1 else None


def _parsed(text: str, form: str | None = None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)
    except (ValueError, OverflowError):
        return None


#: What programs, forms and devices write where nobody entered a name.
_NOBODY: Final = frozenset(
    " ".join(word.split())
    for word in """
    admin, administrator, anonymous, apple, author, author name, by, default, dell, editor, editors,
    first last, firstname lastname, guest, guest author, hp, hp inc, ibm, imac, lenovo, mac, macbook,
    microsoft, microsoft office user, n a, name, newsroom, none, null, owner, pc, preview, python docx,
    read more, root, scanner, site admin, staff, super user, test, test user, the editors, undefined,
    unknown, user, user name, username, view all posts, web, web admin, webmaster, windows user, your name
    """.split(",")
)
# A single word is more often the name of an account than of an author, except agencies and abbreviations
# ("AFP").
_AGENCIES: Final = frozenset(["bloomberg", "dpa", "reuters", "tass", "xinhua"])
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_ROLES: Final = frozenset(
    "columnist contributor correspondent editor journalist photographer producer reporter reports staff "
    "writer writers".split()
)
_ADDRESS = re.compile(r"[(<\[]?(?:\S+@[\w.-]+|@\w+|(?:https?://|www\.)\S*)[)>\]]?", re.IGNORECASE)
_BY = re.compile(
    r"\A\W*(?:(?:written|posted|published|reported|compiled|edited|story|words|text|report)\s+)?by\b[:\s]*",
    re.IGNORECASE,
)
# A date after a name: "Bo Fenwick May 5", "Bo Fenwick Monday"; but not in "Ada May" and "Ada Jane May".
_DAY = re.compile(
    rf"(?<=\w)\W+(?:on\s+)?(?:(?:{MONTH})\.?\s+\d.*|\d{{1,2}}\.?\s+(?:{MONTH})\b.*|\d{{1,4}}[-/.]\d.*"
    rf"|(?:(?!may\b)(?:{MONTH})\.?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:published|updated|posted)\b.*)\Z",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*(?:[;|•·]|,(?=\s)|/|\s[–—-]\s)\s*")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_ODD = re.compile(r"[{}\[\]<>%=\\_#*?!:/]|\A\d|\d{3}|[^\W\d_]\d|\d[^\W\d_]")
_ONLY_DAY = re.compile(rf"(?:{MONTH})\.?\s+\d.*", re.IGNORECASE)
_MOST_WORDS = 8

_FILE_NAME = re.compile(r"\S\.(?:docx?|pdf|indd|qxp|qxd|html?|txt|rtf|odt|pages|pptx?)\Z", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint) - .*|about:blank|https?://\S*|untitled\b.{0,12}"
    r"|(?:document|layout|slide) ?\d*"
    r"|powerpoint presentation|full page photo|print(?:ed)?(?: version)?|title",
    re.IGNORECASE,
)


def key(name: str) -> str:
    """A key that is equal for names that differ only in case, punctuation and spaces."""
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def authors(sources: Iterable[Sequence[str]], outlets: Iterable[str] = ()) -> str | None:
    """The names in the first source that has any, joined by "; "; None if all are doubtful.

    The most trusted of the `sources` is first. A name in capitals is written as in another source. The name
    of one of the `outlets` is not an author.
    """
    unsigned = _NOBODY | {key(name) for name in outlets}
    found = [list(_names(source, unsigned)) for source in sources]
    written: dict[str, str] = {}
    for name in (name for names in found for name in names):
        if key(name) not in written or (written[key(name)].isupper() and not name.isupper()):
            written[key(name)] = name
    chosen = next((names for names in found if names), [])
    return one_line("; ".join(dict.fromkeys(written[key(name)] for name in chosen)))


def file_title(title: object) -> str | None:
    """The title in a file's properties; None for titles that programs make from a file name."""
    text = one_line(title)
    return None if text is None or _NO_TITLE.fullmatch(text) or _FILE_NAME.search(text) else text


def _names(source: Sequence[str], unsigned: frozenset[str]) -> Iterator[str]:
    for signature in source:
        line = one_line(signature) or ""  # at most as long as a field
        for part in _PARTED.split(_ADDRESS.sub(" ", line)):
            pieces = [_name(piece) for piece in _AND.split(part)]
            # "Bo and Ada Quill" and "Ministry of Health and Welfare" stay whole.
            for name in pieces if all(_is_name(piece, unsigned) for piece in pieces) else [_name(part)]:
                if _is_name(name, unsigned):
                    yield name


def _name(text: str) -> str:
    name = _BY.sub("", " ".join(text.split()), count=1)
    without = _DAY.sub("", name)
    bare = _DAY.sub("", without)  # "Monday, March"
    name = next((shorter for shorter in (bare, without) if " " in shorter), name)
    return name.strip(" ,;:-–—()“”\"'")


def _is_name(name: str, unsigned: frozenset[str]) -> bool:
    words = key(name).split()
    if not words or key(name) in unsigned or words[-1] in _ROLES or len(words) > _MOST_WORDS:
        return False
    if (
        _ODD.search(name)
        or _ONLY_DAY.fullmatch(name)
        or (name == name.lower() and name != name.upper() and words[0] not in _AGENCIES)
    ):
        return False
    if len(words) > 1:
        return any(len(word) > 1 for word in words)
    return words[0] in _AGENCIES or _ABBREVIATION.fullmatch(name) is not None
