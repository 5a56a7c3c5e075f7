"""Make text from files safe for a terminal."""

from __future__ import annotations

import re

# Escape sequences, which a terminal interprets: colours, cursor moves, window titles and links.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # a title, a link
    r"|\x1b[ -/]*[0-~]"
)

# Control characters (except tab and line feed), lone surrogates, and marks that reverse the reading
# direction, so that a text shows other words than it contains.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text without escape sequences and control characters, but with tabs and line feeds."""
    return _UNSAFE.sub("", _ESCAPE.sub("", text))


def visible_in_place(text: str) -> str:
    """The text with each unsafe character as U+FFFD, so that offsets stay valid."""
    return _UNSAFE.sub("\ufffd", text)


def shortened(text: str, limit: int) -> str:
    """The text on one line of at most `limit` characters, cut after a word. A closing mark is kept."""
    line = " ".join(visible(text).split())
    if len(line) <= limit:
        return line
    closing = line[-1] if line[-1] in "\"'”’»" else ""
    kept = line[: limit - 1 - len(closing)]
    if " " in kept[limit // 2 :]:  # otherwise cut within a word
        kept = kept.rpartition(" ")[0]
    return f"{kept.rstrip()}…{closing}"
