"""What the whole document says of a run of capitals: is it a name, and where does it begin and end?

Certainly Katharine knew.      →   [Katharine], for the text has "certainly", too
Beverly Quill knew.            →   [Beverly Quill]: the first word is a first name
Quill Denied Harbour Fraud     →   [Quill], before the verb of a headline
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from quotes import data
from quotes.parsing.mentions import title_length
from quotes.speakers.names import Name, ends_body, key

_SMALL_WORD = re.compile(r"\b[a-z]{3,}\b")
_SHORTEST = 3
# To search for so many words takes as much time as to find all small ones; most documents ask for ten.
_SEARCHES = 200
_TOKEN = re.compile(r"\S+")
_STOP = re.compile(r"[.?!”]")
_BEFORE_THINGS: Final = (" the ", " in ", " a ", " an ", "The ", "In ")
_VERB_FORMS: Final = ("third", "past")
# First names that are auxiliaries, too.
_ASKING: Final = frozenset(["will", "may"])
# Titles that stand within no name.
_CALLED: Final = frozenset(["mr.", "mrs.", "ms.", "miss", "lady", "sir"])
# So many times more often the rest stands alone if "Will" is no first name.
_MORE: Final = 3
# "Old", and a name in full.
_DESCRIBED: Final = 3
# A word was added to a name that had stood alone so often before, and stands so many times more often alone.
_BEFORE = 3
_RARER = 10
# So far the end of a sentence is looked for, in code points.
_SENTENCE = 300


class Evidence:
    """The words that one document writes with a small letter, and with a capital within a sentence.

    Most documents ask little of it: what takes a pass over all names is found when first asked for.
    """

    def __init__(self, text: str, names: Iterable[Name]) -> None:
        self._text = text
        self._names = [name for name in names if not name.headline]
        self._asked = 0
        self.times = Counter(name.words for name in self._names)
        """How often a name stands as it is."""

    @cached_property
    def openers(self) -> frozenset[str]:
        """Names of one word that have their capital only because they open sentences: "Thank you"."""
        found = {words[0] for words in self.times if len(words) == 1 and _doubtful(words[0])}
        # What stands behind another word of a name, or not where a sentence opens, has a capital of its own.
        found.difference_update(*(words[1:] for words in self.times if len(words) > 1))
        for name in self._names:
            if name.words[0] in found and not opens(name):
                found.remove(name.words[0])
        lexicon, first_names = data.titles(), data.first_names()
        return frozenset(
            word
            for word in found
            if word in lexicon.openers or (word not in first_names and self.is_small(word))
        )

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Two words of a name in a row, neither of which opens a sentence."""
        found: set[tuple[str, str]] = set()
        for name in self._names:
            if len(name.words) > 1:
                found.update(pairwise(name.words[opens(name) :]))
        return frozenset(found)

    @cached_property
    def firsts(self) -> frozenset[str]:
        """First names of people who are named in full."""
        known = data.first_names().genders
        return frozenset(words[0] for words in self.times if len(words) > 1 and words[0] in known)

    @cached_property
    def _rest_before(self) -> Mapping[tuple[str, ...], int]:
        """How often each name without its first word had stood when the whole name came first."""
        found: dict[tuple[str, ...], int] = {}
        so_far: Counter[tuple[str, ...]] = Counter()
        for name in self._names:
            found.setdefault(name.words, so_far[name.words[1:]])
            so_far[name.words] += 1
        return found

    def is_small(self, word: str) -> bool:
        """Whether the document writes a word with a small letter."""
        if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()):
            return False
        self._asked += 1
        return _has_word(self._text, word) if self._asked <= _SEARCHES else word in self._small

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(_SMALL_WORD.findall(self._text))

    def opens_only(self, word: str) -> bool:
        """Whether a word has its capital only because it opens a sentence."""
        return word in data.titles().openers or word.endswith(("ly", "ing")) or self.is_small(word)

    def is_epithet(self, words: tuple[str, ...]) -> bool:
        """Whether the first word describes: "Old Bill", where "Bill" is more frequent; "Old Bill Quill"."""
        if words[0] not in data.titles().epithets:
            return False
        lexicon, often = data.titles(), self.times[words]
        body = ends_body(words[-1]) or not lexicon.not_people.isdisjoint(words)
        return self.times[words[1:]] > often or (len(words) == _DESCRIBED and often == 1 and not body)

    def is_added(self, words: tuple[str, ...]) -> bool:
        """Whether a name stood often alone before this first word was set to it, and seldom: "Soon Quill".

        Whom a text names in full, it names so first, or often.
        """
        rest = self.times.get(words[1:], 0)
        return (
            rest >= _BEFORE
            and rest >= _RARER * self.times[words]
            and self._rest_before.get(words, 0) >= _BEFORE
        )

    def belongs(self, words: Sequence[str], after: int) -> bool:
        """Whether the first word of a run that opens a sentence and ends at `after` is a part of the name."""
        word, following = words[0], words[1]
        if word.endswith(".") or ends_body(words[-1]) or (word, following) in self.pairs:
            return True
        named = following in data.first_names() or (following,) in self.times
        if self.is_epithet(tuple(words)) or following in _CALLED:
            return False
        if word in _ASKING:
            if self.times[tuple(words[1:])] > _MORE * self.times[tuple(words)]:
                return False
            stop = _STOP.search(self._text, after, after + _SENTENCE)
            return not (named and stop and stop.group() == "?")
        if word in data.first_names():
            return not (word in data.titles().openers and self.is_added(tuple(words)))
        if len(words) == 2 and following in self.firsts:
            return False
        if word in data.titles().openers or (word in data.cues().verbs and named):
            return False
        return not (named and self.opens_only(word))


def weighed(text: str, names: list[Name]) -> list[Name]:
    """The names of a document, cut to what the whole document says is a name."""
    evidence = Evidence(text, names)
    found = []
    for name in names:
        words = name.words
        if len(words) > 1:
            cut = not name.headline and _may_be_cut(name, evidence)
            found.append(_cut(text, name, evidence) if cut else name)
        elif words[0] not in evidence.openers or name.headline or name.subject:
            found.append(name)
    return found


def opens(name: Name) -> bool:
    """Whether the name's own first word opens a sentence, or a quotation.

    After “…,” it doesn't: "“No,” Quill said" has the capital of the name.
    """
    text, start = name.text, name.start
    if start != name.run:
        return False
    within = start - 2 >= name.paragraph and text[start - 1] == " "
    if within and ((last := text[start - 2]) == "," or last.isalnum()):
        return False  # as most do
    before = text[max(name.paragraph, start - 4) : start].rstrip()
    bare = before.rstrip("”\"’')")
    if bare != before:
        return not bare or bare[-1] in " .?!:—–-("
    return not before or before[-1] in ".?!:—–-“‘([•*"


def names_thing(name: Name) -> bool:
    """Whether a name looks like a thing's in one place: "the Herald", "in Caldross", "Dutch ships"."""
    return name.attributive or name.text[max(0, name.start - 5) : name.start].endswith(_BEFORE_THINGS)


def stands_alone(name: Name) -> bool:
    """Whether a name stands within a sentence without an article or a title: "when Rector came"."""
    return not (opens(name) or name.title or names_thing(name))


def _cut(text: str, name: Name, evidence: Evidence) -> Name:
    """A name of several words without the words that only open its sentence, and up to a headline's verb."""
    opening = opens(name)
    epithet, added = evidence.is_epithet(name.words), evidence.is_added(name.words)
    first, end = 0, name.end
    tokens = [match.span() for match in _TOKEN.finditer(text, name.start, name.end)]
    words = [data.fold(text[a:b]).rstrip(",") for a, b in tokens]
    doubtful = _doubtful(words[0])
    if doubtful and opening:
        # "Asked Brody: “Who pays?”": a verb before its subject.
        first = 1 if _is_finite(words[0]) and not ends_body(words[-1]) else 0
        while len(words) - first > 1 and not evidence.belongs(words[first:], name.end):
            first += 1
    elif epithet or (doubtful and added and evidence.is_small(words[0])):
        first = 1
    for i in range(first + 1, len(words) - 1):
        if _is_finite(words[i]) and not ends_body(words[-1]) and words[i] not in data.first_names():
            end = tokens[i - 1][1]
            break
    if not first and end == name.end:
        return name
    # "Tell Lady Augusta": what follows may be a title.
    skip = title_length(words[first:]) if first else 0
    title = " ".join(words[first : first + skip]) if skip < len(words) - first else ""
    start = tokens[first + skip if title else first][0]
    return name._replace(start=start, end=end, words=key(text[start:end]), title=title or name.title)


def _may_be_cut(name: Name, evidence: Evidence) -> bool:
    """Whether a name may hold a word that isn't its own, by a quick test."""
    words = name.words
    verb, foreign = _doubts(words)
    if verb:
        return True
    if foreign and (opens(name) or evidence.is_epithet(words) or evidence.is_added(words)):
        return True
    return bool(name.suffix) and opens(name)  # "Quill Denied Jr.", whose verb is the last of its words


@lru_cache(maxsize=1 << 13)
def _doubts(words: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether a verb stands within a name, and whether its first word may be none of its own: not "Ada"."""
    first = words[0]
    return any(map(_is_finite, words[1:-1])), _doubtful(first) or first in data.titles().epithets


def _has_word(text: str, word: str) -> bool:
    """Whether a text has a word that is no part of a longer one."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_in_word(text[max(0, at - 1) : at]) or _in_word(text[end : end + 1])):
            return True
        at = text.find(word, end)
    return False


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@lru_cache(maxsize=1 << 13)
def _doubtful(word: str) -> bool:
    """Whether a capital at the beginning of a sentence doesn't show that a word is a name."""
    return word in _ASKING or word in data.titles().openers or word not in data.first_names()


def _is_finite(word: str) -> bool:
    """Whether a word is a verb of saying in a form that a headline has: "Said", "Slams"."""
    cue = data.cues().verbs.get(word)
    return cue is not None and cue.form in _VERB_FORMS and len(word) > 3
