"""A quotation and a window of a source → the verdict on its words, with all that differs.

We will rebuild the pier     |  we will rebuild the pier              →  verbatim
We will rebuild the pier     |  we will, in May, rebuild the pier     →  cut
We will rebuild the pier     |  we will not rebuild the pier          →  altered, a negation
We will rebuild the pier     |  if we rebuild the pier, we are fools  →  context

Who said it, and whether the source can be evidence at all, `verifier` decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

from quotes.records import Change, ChangeKind, Quotation, Verdict
from quotes.text.sentences import sentences
from quotes.variants.verdict import LONGEST_FILL, MOST_CHANGED
from quotes.variants.words import FILL, LEFT_OUT, NEGATIONS, Located, is_fact, located, wording
from quotes.verify.alignment import SOUNDS, Alignment, Difference, align, without_gaps
from quotes.verify.contexts import turned_after, turned_before
from quotes.verify.index import Sentence

#: Quotations of so many words or fewer could be anybody's.
TOO_SHORT: Final = 3
#: The verdicts on words, the best first.
ORDER: Final[tuple[Verdict, ...]] = ("verbatim", "marks", "cut", "context", "altered")
# Without an ellipsis, more words are hardly left out at one place.
_LONGEST_CUT: Final = 40
# A negation among so few words that are left out is what was changed.
_SHORT_CUT: Final = 3
# How different an altered quotation may be; by measurement, see docs/verify.md.
_LEAST_SHARED: Final = 0.6
_LEAST_EVIDENCE: Final = 8.0
_SHORTEST_RUN: Final = 3
_WORDS_PER_CHANGE: Final = 4
_LONGEST_CHANGE: Final = 3

_EDGES = re.compile(r"\A[\W_]+|[\W_]+\Z")
_CURLY = str.maketrans("’‘“”„‟′–‐‑\u00a0", '\'\'""""\'—-- ')
_FILLED = re.compile(r"\[[^\[\]]{1,120}\]")
_BRACKET_BEFORE = re.compile(r"\[[^\[\]]{1,120}\]\W{0,3}\Z")
_BRACKET_BEHIND = re.compile(r"\W{0,3}\[[^\[\]]{1,120}\]")
# “… ,” he said, “…” in a source that is an article.
_INTERPOSED = re.compile(r"\W*(?:[”\"]|''|’(?!\w)).*(?:[“\"]|''|``|(?<!\w)‘)\W*", re.DOTALL)
_ANY_MARK = re.compile(r"[“”\"«»]|''|``|(?<!\w)[‘']|[’'](?!\w)")
# What a source itself says that it lacks: [inaudible], (illegible), ___, […].
_GAP = re.compile(
    r"[\[(][^\[\]()]{0,30}(?:audible|legible|intelligible|discernible|unclear|missing|crosstalk)"
    r"[^\[\]()]{0,30}[\])]|_{2,}|…|\.{3}|\. \. \.|\ufffd",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\w+(?:['.,]\w+)*")
_SIGNS: Final = {
    "%": frozenset("percent per cent".split()),
    "$": frozenset(["dollar", "dollars"]),
    "£": frozenset(["pound", "pounds"]),
    "€": frozenset(["euro", "euros"]),
    "&": frozenset(["and"]),
}
_POSSESSIVE = re.compile(r"'s?\Z")  # James', James's
_NEAR_SIGN: Final = 4  # words
_POWERS: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
# British and American. Short words are left alone: filling isn't filing, and our isn't or.
_SPELLINGS: Final = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"(?<=\w\w)our(?=s?\b|ed|ing|ful|able|ite|hood)", "or"), (r"(?<=\w\w\w)is(?=e|ing|ation)", "iz"),
        (r"yse", "yze"), (r"(?<=\w\w[^aeiou][aeo])ll(?=ed|ing|er|or)", "l"), (r"tre(?=s?\b)", "ter"),
        (r"logue", "log"), (r"[ao]e(?=\w{3})", "e"), (r"(?<=\w\w)ence\b", "ense"), (r"\bgrey", "gray"),
        (r"programme", "program"), (r"\btowards\b", "toward"),
    )
)  # fmt: skip


class Judged(NamedTuple):
    """The verdict on a quotation's words at one place: a half-open range of code points in the source.

    `evidence` says how much the equal words tell: the logarithm of the odds against meeting them by chance,
    if words were independent. `words` is the length of the quotation. `loose`: a change is at an end of the
    quotation, or the source has quotation marks there; an article may just quote less, in other marks.
    """

    verdict: Verdict
    start: int
    end: int
    changes: tuple[Change, ...]
    evidence: float
    words: int
    loose: bool
    sentence: Sentence

    @property
    def rank(self) -> tuple[int, float]:
        """The better of two is the smaller."""
        return ORDER.index(self.verdict), -self.evidence


class Quoted:
    """A quotation's words, ready to be compared."""

    def __init__(self, text: str, lengths: tuple[int, ...] = ()) -> None:
        """`lengths` are those of the parts that a space joins in `text`, in code points."""
        self.text = text
        words, gaps = without_gaps(wording(text, lengths).sequence)
        self.words, self.gaps = _without_sounds(words, gaps)
        self._lengths = lengths or (len(text),)

    @classmethod
    def of(cls, quotation: Quotation) -> Quoted:
        """The words of a quotation."""
        return cls(quotation.text, tuple(end - start for start, end in quotation.parts))

    @cached_property
    def pieces(self) -> list[Quoted]:
        """The parts of the quotation, divided where it has an ellipsis or a sentence ends."""
        parts: list[str] = []
        at = 0
        for length in self._lengths:
            for one in LEFT_OUT.split(self.text[at : at + length]):
                parts += [one[a:b] for a, b in sentences(one, 0, len(one), longest=len(one) + 1)]
            at += length + 1
        return [piece for part in parts if (piece := Quoted(part)).words]

    @cached_property
    def filled(self) -> list[str]:
        """What stands in brackets, in place of words or between them."""
        if FILL not in self.gaps.values():
            return []
        return [match[0] for match in _FILLED.finditer(self.text)]

    def slice(self, first: int, last: int) -> str:
        """The quotation's text from one word up to another."""
        if first >= last:
            return ""
        if self._places is None:
            return " ".join(self.words[first:last])
        return _flat(self.text[self._places[first].start : self._places[last - 1].end])

    @cached_property
    def _places(self) -> list[Located] | None:
        """Where the words stand in the text; None if that isn't clear."""
        filled = [match.span() for match in _FILLED.finditer(self.text)]
        places = [
            one
            for one in located(self.text)
            if one.word not in SOUNDS
            and not any(start <= one.start and one.end <= end for start, end in filled)
        ]
        return places if [one.word for one in places] == self.words else None

    @cached_property
    def spaced(self) -> str:
        """The words as a string for searching, each between two spaces."""
        return f" {' '.join(self.words)} "

    def is_written(self, source: str) -> bool:
        """Whether a source has the quotation character by character.

        The shape of marks and white space doesn't count, nor does punctuation at the end of a part, which
        belongs to the article's sentence.
        """
        parts, at = [], 0
        for length in self._lengths:
            if part := _plain(self.text[at : at + length]):
                parts.append(part)
            at += length + 1
        written = _plain(source)
        if len(parts) == 1:
            at = written.find(parts[0])
            end = at + len(parts[0])
            return (
                at >= 0
                and not written[max(0, at - 1) : at].isalnum()
                and not written[end : end + 1].isalnum()
            )
        return re.fullmatch(r"[\s\W]*".join(map(re.escape, parts)), written) is not None

    def is_name(self, word: str) -> bool:
        """Whether the quotation writes a word with a capital, though not as its first."""
        return self.text.find(word.capitalize()) > 1


class Window:
    """Consecutive sentences of one turn of a source, and their words."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.words: list[str] = []
        self.starts: list[int] = []  # of each word, in the source
        self.ends: list[int] = []
        self.firsts: list[int] = []  # the first word of each sentence
        for sentence in sentences:
            self.firsts.append(len(self.words))
            for one in _words(sentence.text):
                self.words.append(one.word)
                self.starts.append(sentence.start + one.start)
                self.ends.append(sentence.start + one.end)
        self.first = sentences[0].start
        self._beginnings = frozenset(self.firsts)

    @cached_property
    def text(self) -> str:
        """The text of the sentences."""
        return "".join(sentence.text for sentence in self.sentences)

    def slice(self, first: int, last: int) -> str:
        """The source's text from one word up to another."""
        if first >= last:
            return ""
        return self.text[self.starts[first] - self.first : self.ends[last - 1] - self.first]

    def between(self, place: tuple[int, int]) -> str:
        """The source's text between the words before and behind a range, with its marks."""
        first, last = place
        start = self.ends[first - 1] if first else self.first
        end = self.starts[last] if last < len(self.starts) else self.first + len(self.text)
        return self.text[start - self.first : end - self.first]

    def slice_with_brackets(self, first: int, last: int) -> str:
        """The same, with what stands in brackets right before or behind it, which may be the source's own."""
        start, end = self.starts[first] - self.first, self.ends[last - 1] - self.first
        before = _BRACKET_BEFORE.search(self.text, 0, start)
        after = _BRACKET_BEHIND.match(self.text, end)
        return self.text[before.start() if before else start : after.end() if after else end]

    def begins(self, word: int) -> bool:
        """Whether a sentence begins at this word."""
        return word in self._beginnings

    def sentence_of(self, word: int) -> int:
        """The number of a word's sentence in this window."""
        at = bisect_left(self.firsts, word + 1) - 1
        return max(0, at)

    def beside(self, first: int, last: int) -> tuple[list[str], list[str]]:
        """The words before and behind a range of words, within their sentences."""
        left = self.firsts[self.sentence_of(first)]
        at = self.sentence_of(last - 1)
        right = self.firsts[at + 1] if at + 1 < len(self.firsts) else len(self.words)
        return self.words[left:first], self.words[last:right]


def judge(quoted: Quoted, window: Window, weight: Callable[[str], float], chance: float) -> Judged | None:
    """The verdict on a quotation's words in a window of a source; None if they aren't there.

    `weight` says how much a word tells, and `chance` is the logarithm of how many sentences there are to meet
    it in by chance.
    """
    found = align(quoted.words, window.words, quoted.gaps, window.begins)
    if found is None:
        return None
    total = sum(map(weight, quoted.words))
    equal = [
        word for block in found.blocks for word in quoted.words[block.quoted : block.quoted + block.size]
    ]
    told = sum(map(weight, equal))
    if told < _LEAST_SHARED * total:
        return None
    evidence = told - chance
    differences = [one for one in found.differences if not _is_noise(one, window)]
    changes = [change for one in differences if (change := _change(one, quoted, window)) is not None]
    if any(filled not in window.text for filled in quoted.filled) and all(
        change.kind != "bracket" for change in changes
    ):
        changes.append(Change(kind="bracket", source="", quoted=" ".join(quoted.filled)))
    verdict = _verdict(found, changes, quoted, window)
    if not _is_likely(verdict, found, differences, evidence, quoted, window):
        return None
    start, end = found.start, found.end
    if verdict in ("verbatim", "marks", "cut"):
        beside = _context(window, start, end)
        if beside:
            verdict = "context"
            changes += beside
    if verdict == "marks":
        changes += _spelled(quoted, window.slice(start, end))
    return Judged(
        verdict,
        window.starts[start],
        window.ends[end - 1],
        tuple(changes),
        evidence,
        len(quoted.words),
        any(_is_loose(one, quoted, window) for one in differences),
        window.sentences[window.sentence_of(found.blocks[0].source)],
    )


def _verdict(found: Alignment, changes: Sequence[Change], quoted: Quoted, window: Window) -> Verdict:
    kinds = {change.kind for change in changes}
    if kinds <= {"bracket"} and quoted.is_written(window.slice_with_brackets(found.start, found.end)):
        return "verbatim"
    if kinds & {"number", "negation", "name", "words"}:
        return "altered"
    if kinds & {"left_out", "bracket"}:
        return "cut"
    return "marks"


def _is_likely(
    verdict: Verdict,
    found: Alignment,
    differences: Sequence[Difference],
    evidence: float,
    quoted: Quoted,
    window: Window,
) -> bool:
    """Whether the equal words are more than chance."""
    apart = [
        one.source[1] - one.source[0]
        for one in differences
        if one.inner and not one.marked and not window.begins(one.source[1])
    ]
    if max(apart, default=0) > _LONGEST_CUT:
        return False
    if verdict in ("verbatim", "marks"):
        return True
    if verdict == "cut":
        unmarked = len(apart)
        return unmarked == 0 or (found.longest >= _SHORTEST_RUN and len(quoted.words) >= 2 * (unmarked + 1))
    longest = max(one.quoted[1] - one.quoted[0] for one in differences)
    changed = sum(max(_sizes(one)) for one in differences if _sizes(one)[0])
    return (
        10 * changed <= MOST_CHANGED * (len(quoted.words) + changed)
        and evidence >= _LEAST_EVIDENCE
        and found.longest >= _SHORTEST_RUN
        and len(quoted.words) >= _WORDS_PER_CHANGE * len(differences)
        and longest <= max(_LONGEST_CHANGE, len(quoted.words) // 5)
    )


def _sizes(one: Difference) -> tuple[int, int]:
    return one.quoted[1] - one.quoted[0], one.source[1] - one.source[0]


def _change(one: Difference, quoted: Quoted, window: Window) -> Change | None:
    """What differs at one place; None if nothing does."""
    ours = quoted.words[slice(*one.quoted)]
    theirs = window.words[slice(*one.source)]
    if not ours and not theirs:
        return None
    kind = _kind(one, ours, theirs, quoted, window)
    if kind == "bracket" and f"[{window.slice(*one.source)}]" in quoted.text:
        return None  # the source has the same words in brackets
    return Change(kind=kind, source=_flat(window.slice(*one.source)), quoted=quoted.slice(*one.quoted))


def _kind(
    one: Difference, ours: Sequence[str], theirs: Sequence[str], quoted: Quoted, window: Window
) -> ChangeKind:
    gap = next((quoted.gaps[at] for at in range(one.quoted[0], one.quoted[1] + 1) if at in quoted.gaps), None)
    if not ours:
        if gap == FILL and len(theirs) <= LONGEST_FILL:
            return "bracket"
        denied = any(word in NEGATIONS for word in theirs)
        ends = any(map(window.begins, range(one.source[0], one.source[1] + 1)))
        return "negation" if denied and len(theirs) <= _SHORT_CUT and not ends else "left_out"
    if _is_gap(one, ours, window):
        return "left_out"
    if _same_spelling(ours, theirs) or number_of(ours) == number_of(theirs) is not None:
        return "spelling"
    if _is_sign(ours, window, one.source) and not theirs:
        return "spelling"
    facts = [sorted(filter(is_fact, words)) for words in (ours, theirs)]
    if facts[0] != facts[1]:
        denials = [[word for word in words if word in NEGATIONS] for words in facts]
        return "negation" if denials[0] != denials[1] else "number"
    if any(map(quoted.is_name, ours)) and any(word.capitalize() in window.text for word in theirs):
        return "name"
    return "words"


def _is_gap(one: Difference, ours: Sequence[str], window: Window) -> bool:
    """Whether the source has a gap where the quotation has a few words: a scan, or a noise in the hall."""
    if not one.inner or len(ours) > LONGEST_FILL:
        return False
    between, gaps = _GAP.subn(" ", window.between(one.source))
    return bool(gaps) and not located(between)


def _is_noise(one: Difference, window: Window) -> bool:
    """Whether the source only has sounds, repeated words (“we, we will”) or a writer’s “…,” he said, “…”."""
    theirs = window.words[slice(*one.source)]
    if one.quoted[0] != one.quoted[1] or not one.inner or not theirs:
        return False
    if _INTERPOSED.fullmatch(window.between(one.source)):
        return True
    said = [word for word in theirs if word not in SOUNDS]
    after = window.words[one.source[1] : one.source[1] + len(said)]
    before = window.words[max(0, one.source[0] - len(said)) : one.source[0]]
    return said in ([], after, before) and len(said) <= _SHORT_CUT


def _context(window: Window, start: int, end: int) -> list[Change]:
    before, after = window.beside(start, end)
    found = []
    apart = "," in window.text[window.ends[start - 1] - window.first : window.starts[start] - window.first]
    if size := turned_before(before, apart=bool(before) and apart):
        found.append(Change(kind="context", source=_flat(window.slice(start - size, start)), quoted=""))
    if size := turned_after(after, window.words[end - 1]):
        found.append(Change(kind="context", source=_flat(window.slice(end, end + size)), quoted=""))
    return found


def _spelled(quoted: Quoted, source: str) -> list[Change]:
    """Short forms and numbers that are written in another way: don't, do not."""
    ours, theirs = (_TOKEN.findall(text.translate(_CURLY).casefold()) for text in (quoted.text, source))
    found = []
    for one in Levenshtein.opcodes(theirs, ours):
        if one.tag == "replace":
            left, right = theirs[one.src_start : one.src_end], ours[one.dest_start : one.dest_end]
            found.append(Change(kind="spelling", source=" ".join(left), quoted=" ".join(right)))
    return found


def _is_loose(one: Difference, quoted: Quoted, window: Window) -> bool:
    if _ANY_MARK.search(window.between(one.source)):
        return True
    numbers = (number_of(quoted.words[slice(*one.quoted)]), number_of(window.words[slice(*one.source)]))
    return not one.inner and None in numbers


def _same_spelling(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return _respelled("".join(ours)) == _respelled("".join(theirs))


@lru_cache(maxsize=1 << 12)
def _respelled(word: str) -> str:
    word = _POSSESSIVE.sub("", word)
    for pattern, by in _SPELLINGS:
        word = pattern.sub(by, word)
    return word


def _is_sign(words: Sequence[str], window: Window, place: tuple[int, int]) -> bool:
    """“5 percent” for 5%: the source has a sign near where the quotation has these words."""
    near = window.slice(max(0, place[0] - _NEAR_SIGN), min(len(window.words), place[1] + _NEAR_SIGN))
    return any(sign in near and set(words) <= names for sign, names in _SIGNS.items())


def number_of(words: Sequence[str]) -> float | None:
    """The number that words stand for: 3 hundred and 12 is 312, 40 one is 41; None for other words."""
    total = group = 0.0
    if not any(word in _POWERS or word[0].isdecimal() for word in words):
        return None
    for word in words:
        if word in ("one", "a"):
            group += 1
        elif word in _POWERS:
            group = max(group, 1.0) * _POWERS[word]
            if _POWERS[word] > 100:
                total, group = total + group, 0.0
        elif word.replace(".", "", 1).isdecimal():
            group += float(word)
        elif word != "and" or not (total or group):
            return None
    return total + group


def _without_sounds(words: list[str], gaps: dict[int, str]) -> tuple[list[str], dict[int, str]]:
    if SOUNDS.isdisjoint(words):
        return words, gaps
    kept = [at for at, word in enumerate(words) if word not in SOUNDS]
    return [words[at] for at in kept], {bisect_left(kept, at): gap for at, gap in gaps.items()}


def _plain(text: str) -> str:
    return " ".join(_EDGES.sub("", text.translate(_CURLY)).split())


def _flat(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=1 << 12)
def _words(text: str) -> tuple[Located, ...]:
    return tuple(located(text))
