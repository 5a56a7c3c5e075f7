"""Where a sentence ends, for those who look at the text without a parse."""

from __future__ import annotations

import re

#: The end of a sentence, with the white space behind it; a line ends one, too.
SENTENCE_END = re.compile(r"[.?!][”\"’')]*\s+(?=[“\"‘]|[^\W\d_a-z])|\n")

#: The code points on either side of a quotation in which the rest of its sentence is looked for.
NEARBY = 250


def sentence_before(before: str) -> str:
    """The last sentence, not ended yet, of the text before a quotation."""
    before = before[-NEARBY:]
    ends = [match.end() for match in SENTENCE_END.finditer(before + "A")]
    return before[ends[-1] :] if ends else before
