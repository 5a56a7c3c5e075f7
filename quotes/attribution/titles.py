"""Text in marks that nobody said, whatever verb is near: titles, inscriptions, nicknames.

the mayor went on KLTV’s “The Morning Tide”       a programme
her second novel, “The Book of Eels,” said Renn   a work
a shirt that read “Save the Pier”                 an inscription
Tobias “Tubs” Renn                                a nickname
the so-called “experts”                           what others call it
she asked what “lifeline” means                   a word that is spoken of
the choir sang “The Long Road Home”               something made
“The Salt Road” is a novel in three parts         what kind of work it is
“…,” Quill said on “The Morning Tide”             where it was said

All but the first two are certain. The ranker weighs those two: in PolNeAR's train part, 7 of 91 are in an
annotated quotation, as titles within somebody's longer words.
"""

from __future__ import annotations

import re
from functools import cache

from quotes import data
from quotes.text.segments import Segments

# In words; a longer text in title case is a headline.
_LONGEST = 8
# The most words that are spoken of as words.
_FEW = 3
_SMALL = frozenset(["of", "the", "and", "in", "to", "a"])
_NEARBY = 40
_NAME_BEFORE = re.compile(r"[A-Z][\w.’'-]*[ \u00a0]$")
_NAME_AFTER = re.compile(r"[ \u00a0][A-Z]\w+")
_LAST_WORD = re.compile(r"([\w’'-]+),?\s*$")
_MADE_BY = re.compile(r",?(?: (?:is|was|were|which|that|has|been))* (\w+) by ")
_WHAT_IT_IS = re.compile(r",? (?:is|was|are|were) (?:an?|the|his|her|their)((?: [\w’'-]+){1,4})")
# Quill said (in an interview) on; wrote Ada Quill in. With other words between: "he said he believed in".
_WHERE_SAID = re.compile(
    r"\b([a-z]+)(?: [A-Z][\w.’'-]*)*(?: (?:in|during) an? (?:appearance|interview))?(?: [A-Z]\w+day)?"
    r" (on|in)\s$"
)
_SO_CALLED = ("so-called", "so called")
_HEARERS = ("told ", "tells ")
_POSSESSIVE = ("’s", "'s")
_WHAT_BEFORE = re.compile(r"(?i)\bwhat (?:an? |the )?$")
_MEANS = re.compile(r" (?:really |actually )?(?:means|meant|stands for|stood for|refers to|referred to)\b")


def is_nobodys(segments: Segments, segment: int) -> bool:
    """Whether a segment is certainly an inscription, a nickname, a so-called thing, a word or a title."""
    words = len(segments.words[segment])
    if words <= _FEW and (is_nickname(segments, segment) or is_mentioned(segments, segment)):
        return True
    before = segments.befores[segment][-_NEARBY:].lower().rstrip().rstrip(",:")
    if before.endswith(_endings()) and (is_inscription(segments, segment) or is_so_called(segments, segment)):
        return True
    titled = words <= _LONGEST and title_case(segments, segment) == "title case"
    return titled and any(test(segments, segment) for test in (is_made, is_a_work, is_where_said))


def is_titled(segments: Segments, segment: int) -> bool:
    """Title case after a broadcaster's name (CNN’s “…”), a kind of work (the novel “…”), or "on"."""
    if title_case(segments, segment) is None:
        return False
    word = _LAST_WORD.search(segments.before(segment)[-_NEARBY:])
    if word is None:
        return False
    last = word.group(1)
    return is_broadcaster(last) or last.lower() in data.marks().named or word.group().strip() == "on"


def is_made(segments: Segments, segment: int) -> bool:
    """Title case beside a verb of making: the choir sang “The Long Road Home”, which was written by Quill."""
    if title_case(segments, segment) != "title case":
        return False
    before = segments.before(segment)[-_NEARBY:].lower().split()
    if before and not data.marks().making.isdisjoint((before[-1], " ".join(before[-2:]))):
        return True
    made = _MADE_BY.match(segments.after(segment)[:_NEARBY])
    return made is not None and made.group(1).lower() in data.marks().made


def is_a_work(segments: Segments, segment: int) -> bool:
    """Title case, and what kind of work it is: “The Salt Road” is a novel in three parts."""
    if title_case(segments, segment) != "title case":
        return False
    found = _WHAT_IT_IS.match(segments.after(segment)[:_NEARBY])
    return found is not None and not data.marks().named.isdisjoint(found.group(1).lower().split())


def is_where_said(segments: Segments, segment: int) -> bool:
    """A programme or a work as the hearer or the place: Quill told “The Morning Tide”; wrote Quill in “…”."""
    if title_case(segments, segment) != "title case":
        return False
    before = segments.before(segment)[-_NEARBY:]
    if before.endswith(_HEARERS):
        return True
    found = _WHERE_SAID.search(before)
    verb = data.cues().verbs.get(found.group(1)) if found else None
    return found is not None and verb is not None and (found.group(2) == "on" or verb.channel == "writing")


def is_inscription(segments: Segments, segment: int) -> bool:
    """A thing that words are written on, and a verb of reading right before the marks: a sign reading “…”."""
    before = segments.before(segment)[-_NEARBY:]
    if not before.rstrip().rstrip(",:").endswith(data.marks().reading):
        return False
    found = _inscribed().search(before)
    return found is not None and found.group(1).lower().removesuffix("s") in data.marks().carriers


@cache
def _endings() -> tuple[str, ...]:
    """What stands before an inscription or a so-called thing."""
    return (*data.marks().reading, *_SO_CALLED)


@cache
def _inscribed() -> re.Pattern[str]:
    return re.compile(rf"([\w-]+)(?:,? (?:that|which))? (?:{'|'.join(data.marks().reading)})[,:]?\s*$")


def is_so_called(segments: Segments, segment: int) -> bool:
    """The so-called “experts”: the writer's own distance, whoever speaks of them."""
    before = segments.before(segment)[-_NEARBY:].rstrip().lower()
    return before.endswith(_SO_CALLED)


def is_mentioned(segments: Segments, segment: int) -> bool:
    """What “lifeline” means: few words that are themselves spoken of."""
    if len(segments.words[segment]) > _FEW:
        return False
    before, after = segments.before(segment)[-_NEARBY:], segments.after(segment)[:_NEARBY]
    return bool(_MEANS.match(after) and _WHAT_BEFORE.search(before))


def title_case(segments: Segments, segment: int) -> str | None:
    """Whether few words are all capitalised, small ones aside: "title case", "one capital word" or None.

    `speakers.names` and `tweets.posts` ask of a whole line or sentence, whose short words they leave out.
    """
    words = segments.words[segment]
    if not words or len(words) > _LONGEST or not words[0][0].isupper():
        return None
    if not all(word[0].isupper() or word in _SMALL for word in words):
        return None
    return "title case" if len(words) > 1 else "one capital word"


def is_broadcaster(word: str) -> bool:
    """Whether a word is an abbreviation's possessive: CNN’s, NBC's."""
    return word.endswith(_POSSESSIVE) and len(word) > 3 and word[:-2].isupper()


def is_nickname(segments: Segments, segment: int) -> bool:
    """Whether one word in marks stands within a name: Tobias “Tubs” Renn."""
    if len(segments.words[segment]) != 1:
        return False
    before, after = segments.before(segment)[-_NEARBY:], segments.after(segment)[:_NEARBY]
    return bool(_NAME_AFTER.match(after) and _NAME_BEFORE.search(before))
