"""Dates as files have them, made ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_DAYS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y.%m.%d")
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


def _parsed(text: str, form: str | None = None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)
    except (ValueError, OverflowError):
        return None
