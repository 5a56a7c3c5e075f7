"""The fields of a tweet, each checked: files of tweets come from many hands, with values of odd types."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

Fields = Mapping[str, Any]

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HANDLE = re.compile(r"@?(\w{1,50})", re.ASCII)
# Wed Oct 10 20:19:24 +0000 2018. Not by strptime, which reads names of months in the machine's language.
_CLASSIC = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", re.ASCII)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def tweet_id(fields: Fields) -> str | None:
    """The id as a string: `id_str` first, for a number over 2^53 may have lost its last digits in `id`."""
    for value in (fields.get("id_str"), fields.get("id")):
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return str(value) if value < 10**30 else None
    return None


def text_of(fields: Fields) -> str | None:
    r"""The whole text, as its author wrote it: entities decoded once, line ends made ``\\n``.

    Long tweets come cut in `text`, and whole in a field of their own.
    """
    longer = (_inner(fields, "extended_tweet").get("full_text"), _inner(fields, "note_tweet").get("text"))
    for value in (*longer, fields.get("full_text"), fields.get("text")):
        if isinstance(value, str):
            return unescaped(value).replace("\r\n", "\n").replace("\r", "\n")
    return None


def unescaped(text: str) -> str:
    """Decode HTML entities once: ``&amp;lt;`` is ``&lt;``. What lacks its semicolon may be a link's."""
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text) if "&" in text else text


def handle(value: object) -> str | None:
    """An account's handle with its "@", or None where this is no handle."""
    found = _HANDLE.fullmatch(value.strip()) if isinstance(value, str) else None
    return f"@{found[1]}" if found else None


def name(value: object) -> str | None:
    """A display name on one line, or None."""
    return (" ".join(unescaped(value).split()) or None) if isinstance(value, str) else None


def date(value: object) -> str | None:
    """A moment in ISO 8601, or None where nobody can tell; without a zone where the file tells none."""
    if not isinstance(value, str):
        return None
    classic = _CLASSIC.fullmatch(value.strip())
    if classic and classic[1] in _MONTHS:
        month = _MONTHS.index(classic[1]) + 1
        value = f"{classic[5]}-{month:02}-{int(classic[2]):02}T{classic[3]}{classic[4]}"
    try:
        moment = datetime.fromisoformat(value.strip()).replace(microsecond=0).isoformat()
        return moment[:10] if len(value.strip()) == len("2017-06-05") else moment
    except ValueError:
        return None


def is_true(value: object) -> bool:
    """Whether a flag is set, as JSON and spreadsheets write it."""
    return value is True or (isinstance(value, str) and value.strip().lower() in ("t", "true", "1"))


def _inner(fields: Fields, key: str) -> Fields:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}
