"""Where sentences end, without a parser.

Mr. Quill agreed. “No.” Renn didn't.   →   three sentences; the stop of "Mr." ends none
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes.text.marks import Range

#: The end of a sentence, with the marks and the white space after it, or the end of a line. The stop is first
#: in the pattern, so a search skips to it. The stop of "Mr.", "Sen." or an initial ends none, since a name
#: follows, nor does a stop before a small letter: "(I-Port E.) said".
ABBREVIATION_AWARE_END = re.compile(
    r"[.?!\n](?:(?<=\n)|"
    r"(?<!\b\w.)(?<!\b[MD]r.|\bMs.|\bSt.|\bLt.)(?<!\b(?:Mrs|Sen|Rep|Gov|Gen).)[”\"’')]*\s+(?![a-z]))"
)


def sentences(text: str, start: int, end: int, *, longest: int) -> Iterator[Range]:
    """The sentences of [start, end) with the white space behind them; a longer one is cut at a space.

    Lines may be wrapped, so the end of a line is none of a sentence.
    """
    position = start
    ends = (match.end() for match in ABBREVIATION_AWARE_END.finditer(text, start, end) if match[0] != "\n")
    for stop in (*ends, end):
        while stop - position > longest:
            space = text.rfind(" ", position + 1, position + longest)
            cut = space + 1 if space > 0 else position + longest
            yield position, cut
            position = cut
        if position < stop:
            yield position, stop
        position = stop
