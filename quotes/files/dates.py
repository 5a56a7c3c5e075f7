"""Dates as files have them, made ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Final

#: A month's name, long or short, as a regular expression.
MONTH: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)

_DAYS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y.%m.%d")
# A line that tells the day: "Monday, June 5, 2017", "By Bo Fenwick | 5 June 2017 at 9.40".
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
    """A day or a moment as ISO 8601; None for what is neither, or could be two days (05/06/2017).

    "June 5, 2017" gives "2017-06-05"; what is ISO 8601 stays as it is, but for the "T" between day and time.
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
    """The one day that short lines at a text's beginning tell as its own; None for none and for several."""
    first = islice((line.strip() for line in lines if line.strip()), 8)
    short = [line for line in first if len(line) <= 80 and not _NO_DATELINE.match(line)]
    days = {iso_date(day) for line in short for day in _DATELINE.findall(line)}
    return days.pop() if len(days) == 1 else None


def _parsed(text: str, form: str | None = None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)
    except (ValueError, OverflowError):
        return None
