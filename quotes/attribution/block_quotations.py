"""Block quotations: the sentence above tells whose they are.

The board wrote to its members on Monday:       block-quotation
> We regret the noise.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.relations import Layout
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.parsing.mentions import Mention, mention_at
from quotes.parsing.tokens import Token
from quotes.text.marks import BLOCK

BLOCK_QUOTATION = "block-quotation"

_STRENGTHS = {"strong": 0, "weak": 1, "none": 2}
_STOPS = frozenset([".", "?", "!"])
_TIES = frozenset(["from", "by", "of"])


def block_quotation(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """> We regret the noise: below "The board wrote to its members:"."""
    this = scene.segments[segment]
    if this.family != BLOCK or this.continues:
        return
    layouts = scene.layouts.get(this.paragraph - 1, ())
    if not layouts:
        return
    owner = _author(layouts[-1])
    if owner is not None:
        yield Candidate(segment, BLOCK_QUOTATION, owner)
    cue = _introducing(layouts[-1], colon=scene.text[: this.start].rstrip("> \t\n").endswith(":"))
    if cue is not None and cue.source is not None and owner is None:
        yield Candidate(segment, BLOCK_QUOTATION, cue.source, cue)


def _introducing(layout: Layout, *, colon: bool) -> Cue | None:
    """The cue of the last sentence that is most likely to introduce what follows.

    That is one whose noun has an owner ("Quill’s letter reads"), then the strongest verb, then the first.
    """
    found = [
        cue
        for cue in layout.cues
        if cue.source is not None
        and layout.ends[-1] - layout.ends[cue.last] <= 1
        and (colon or cue.strength != "none")
    ]
    return min(found, key=lambda cue: (not _owns(cue), _STRENGTHS[cue.strength], cue.verb), default=None)


def _owns(cue: Cue) -> bool:
    return cue.link == "noun" and cue.channel != "speech"


def _author(layout: Layout) -> Mention | None:
    """Whom the last sentence names as the author of something written: "a statement from the board"."""
    nouns, tokens = data.cues().nouns, layout.window.tokens
    for token in reversed(tokens):
        if token.text in _STOPS and token.i < len(tokens) - 1:
            return None
        noun = nouns.get(token.lower_)
        if noun is None or noun.channel == "speech" or layout.window.segment_at[token.i] >= 0:
            continue
        named = _after(token)
        if named is not None and (found := mention_at(layout.window, named)) is not None:
            return found
    return None


def _after(noun: Token) -> Token | None:
    """The noun behind "from", "by" or "of" after a noun."""
    for child in noun.rights:
        if child.dep_ in ("prep", "agent") and child.lower_ in _TIES:
            return next((inner for inner in child.children if inner.dep_ == "pobj"), None)
    return None
