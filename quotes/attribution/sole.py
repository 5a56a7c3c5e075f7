"""A full sentence in marks that nobody nearby explains, in an article with one source only: that source.

Ada Quill said the ferry would sail. ¶ It leaks. ¶ “You get used to the long way.”   sole-source

The least sure of all rules. With two people who speak, nobody is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from quotes import data
from quotes.attribution.lone import is_statement
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.surface import APPOSITION, NAME, NOMINAL, PRONOUN, mention
from quotes.parsing.mentions import Mention
from quotes.text.segments import Segments

SOLE_SOURCE = "sole-source"

_WORD = re.compile(r"\w+")
_TAIL = rf"{APPOSITION}(?: (?:also|then|later|has|had|\w+ly))? \Z"
_SUBJECTS = tuple(re.compile(rf"(?<!\w)(?P<source>{kind}){_TAIL}") for kind in (NAME, PRONOUN, NOMINAL))
_FIRST_PERSONS = frozenset(["i", "we", "it"])
# A verb's subject, with its apposition, begins in so many code points before it.
_NEARBY = 160


def sole_source(scene: Scene, segment: int, decided: Decided) -> Iterator[Candidate]:
    """The one who says all else in the article."""
    if not is_statement(scene, segment):
        return
    everyone = [claim.candidate.mention for claim in decided if claim is not None]
    if len({who.head for who in everyone if who.form != "pronoun"}) > 1:
        return
    everyone += _told(scene.segments)
    named = [who for who in everyone if who.form != "pronoun"]
    # Where nobody is named beside a cue, all of it may be said by one "she".
    said = named or [who for who in everyone if who.head not in _FIRST_PERSONS]
    if len({who.head for who in said}) != 1 or _is_apart(scene, segment):
        return
    at = scene.segments[segment].start
    yield Candidate(segment, SOLE_SOURCE, min(said, key=lambda who: (who.start > at, abs(who.start - at))))


def _is_apart(scene: Scene, segment: int) -> bool:
    """Whether a break stands above the paragraph, "* * *", or what announces it: "Transcript as follows:"."""
    number = scene.segments[segment].paragraph
    start, end = scene.segments.paragraphs[number - 1] if number else (0, 0)
    return start < end and (scene.text[end - 1] == ":" or not _WORD.search(scene.text, start, end))


@lru_cache(maxsize=1)
def _told(segments: Segments) -> tuple[Mention, ...]:
    """Who stands before a strong cue verb among the writer's own words, read off the words alone."""
    found = []
    for number, (start, end) in enumerate(segments.paragraphs):
        for word in _WORD.finditer(segments.text, start, end):
            verb = data.cues().verbs.get(word.group().lower())
            if verb is None or verb.strength != "strong" or verb.form not in ("past", "third"):
                continue
            if not _is_quoted(segments, word.start()):
                who = _subject(segments.text, start, word.start(), number)
                if who is not None:
                    found.append(who)
    return tuple(found)


def _subject(text: str, start: int, end: int, number: int) -> Mention | None:
    """The source that ends, with an apposition and an adverb or without, where a verb begins."""
    start = max(start, end - _NEARBY)
    before = text[start:end]
    for pattern in _SUBJECTS:
        match = pattern.search(before)
        if match is not None:
            return mention(text, start + match.start("source"), start + match.end("source"), number)
    return None


def _is_quoted(segments: Segments, position: int) -> bool:
    number = bisect_right(segments.starts, position) - 1
    return number >= 0 and position < segments[number].end
