"""A headline's quotation, and behind a colon or a dash who says it.

‘We were lied to’: Ada Quill on the ferry that never came    headline
'Nobody drowns in a plan' - Renn                             headline

The name must be one that the article itself names, or the noun a role: "‘A joke’: What we know" names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import data
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.surface import NAME, mention
from quotes.text.marks import SINGLE

HEADLINE = "headline"

# In code points; the line has no full stop.
_LONGEST = 160
_ON = (
    r"(?: (?:on|about|after|as|over|at|in|to|says|tells|said|slams|hits|warns|speaks?|reacts|opens)"
    r"\b.*)?$"
)
_COLON = re.compile(rf"\s?: (?P<source>{NAME}|[a-z]\w+(?: [a-z]\w+)?){_ON}")
_DASH = re.compile(rf"\s?[-–—|] ?(?P<source>{NAME})$")


def headline(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """‘We were lied to’: Ada Quill on the ferry: who stands behind the colon in a line without a stop."""
    this = scene.segments.items[segment]
    number = this.paragraph
    start, end = scene.segments.paragraphs[number]
    if this.start != start or end - start > _LONGEST or len(scene.segments.words[segment]) < 2:
        return
    after = scene.segments.after(segment)
    single = this.family == SINGLE and scene.segments.mostly_double
    # Beside double marks, a dash and a name are a credit line.
    found = _COLON.match(after) or (_DASH.match(after) if single else None)
    if found is None or not _is_somebody(scene, found["source"]):
        return
    shift = this.end
    who = mention(scene.text, shift + found.start("source"), shift + found.end("source"), number)
    if who is not None:
        yield Candidate(segment, HEADLINE, who)


def _is_somebody(scene: Scene, source: str) -> bool:
    """A name that stands within a sentence of the text, or nouns that end in a role: "ferry workers"."""
    words = source.split()
    return words[-1] in scene.segments.names or data.titles().ends_in_role(
        [data.fold(word) for word in words]
    )
