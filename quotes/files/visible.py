"""Text from elsewhere, made safe for a terminal."""

from __future__ import annotations

import re

# Colours, cursor moves, window titles and links: what a terminal obeys instead of showing.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # a title, a link
    r"|\x1b[ -/]*[0-~]"
)

# Control characters (but tab and line feed), lone surrogates, and marks that turn the reading direction
# round, with which a text can show other words than it holds.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """Take escape sequences and control characters out; tabs and line feeds stay."""
    return _UNSAFE.sub("", _ESCAPE.sub("", text))


def visible_in_place(text: str) -> str:
    """Do the same to text with offsets: each unsafe character becomes U+FFFD, so that the length stays."""
    return _UNSAFE.sub("\ufffd", text)


def shortened(text: str, limit: int) -> str:
    """Put the text on one line of at most `limit` characters, cut after a word; a closing mark is kept."""
    line = " ".join(visible(text).split())
    if len(line) <= limit:
        return line
    closing = line[-1] if line[-1] in "\"'”’»" else ""
    kept = line[: limit - 1 - len(closing)]
    if " " in kept[limit // 2 :]:  # a text without spaces is cut within a word
        kept = kept.rpartition(" ")[0]
    return f"{kept.rstrip()}…{closing}"
