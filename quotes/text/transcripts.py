"""Transcripts and interviews: whose turn each paragraph is, found once per document and without a parser.

MR. SPICER: We did. And we will.      a turn: the label "SPICER", the words "We did. And we will."
Q  Did you tell the president?        a turn of somebody who asks
[Crosstalk]                           nobody's

A layout is a transcript only if it is so clearly: several labels of few speakers who come back, on most
paragraphs, and words that sound spoken. A list of headings ("Date:", "Where:"), a recipe and a page of
frequent questions are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from quotes import data
from quotes.text.marks import MARKS, Range

#: The keys of those who ask and who answer, whatever the labels say: "Q:", "QUESTION:".
ASKS, ANSWERS = "q", "a"

_SPACE = r"[ \u00a0\t]"
_EMPHASIS = r"(?:\*\*|__)?"
_UPPER = r"[^\W\d_a-z]"
_PARTICLE = r"of|de|von|van|der|del|bin|al|la|the|and|&|#?\d+"
_NAME = rf"{_UPPER}[\w.’'&/-]*(?:{_SPACE}(?:{_UPPER}[\w.’'&/-]*|{_PARTICLE})){{0,5}}"
#: What may stand before a label: [00:12], 1:02:30.
TIME = rf"(?:\[?\d{{1,2}}:\d\d(?::\d\d)?\]?{_SPACE}+)?"
_LABEL = re.compile(
    rf"{TIME}(?P<mark>[“\"]?){_EMPHASIS}(?P<name>{_NAME})(?:,[^:.!?\n]{{1,60}})?"
    rf"(?:{_SPACE}?[(\[][^()\[\]\n]{{1,60}}[)\]]){{0,3}}{_SPACE}?{_EMPHASIS}:{_EMPHASIS}{_SPACE}+(?=\S)"
)
#: "Q.", "A:", "Q1:", "Q  Thank you": one who asks may have neither stop nor colon.
LETTER = re.compile(
    rf"(?P<mark>[“\"]?){_EMPHASIS}"
    rf"(?P<name>Q(?=\d{{0,2}}{_EMPHASIS}(?:[.:)]|{_SPACE}|[—–-]{_SPACE}))|A(?=\d{{0,2}}{_EMPHASIS}[.:)]))"
    rf"\d{{0,2}}{_EMPHASIS}[.:)—–-]?{_EMPHASIS}{_SPACE}+(?=[^\Wa-z]|[“\"‘'(\[…*_])"
)
# A question in bold, as pages set it: **Why did you leave?**
_BOLD = re.compile(r"(?:\*\*|__)(?P<words>[^*\n]{3,600})(?:\*\*|__)")
# A stage direction: [Crosstalk], (Laughter.), END 2:15 P.M.
_NOBODYS = re.compile(r"[(\[*_].{0,200}[)\]*_]\.?|(?:END|BEGIN)\b.{0,60}|[-–—*#=•\s]+|.{0,60}:", re.DOTALL)
_SPOKEN = re.compile(
    r"\b(?:i|i’m|i'm|we|you|my|our|your|me|us|yes|no|yeah|thank|thanks|well)\b|\?", re.IGNORECASE
)
_INTERVIEW = re.compile(
    r"\b(?:interview\w*|spoke|speaks|talks?|talked|conversations?|Q ?& ?A|transcripts?|sat down|"
    r"tells|told|testif\w+|testimony|"
    r"cross-examin\w+|deposition|under oath|questioned|briefing|podcast|edited for|condensed|"
    r"answers? (?:our|your|the|readers))\b",
    re.IGNORECASE,
)
_NO_INTERVIEW = re.compile(r"\bFAQs?\b|\bfrequently asked\b|\bcommon questions\b", re.IGNORECASE)

_WORD = re.compile(r"\w")
_WORDS = re.compile(r"[^\W\d_]+|”")
# All of a turn is marked if marks end it, perhaps with an aside behind them, or if they never close.
_ENCLOSED = re.compile(r"[”\"’'»][\s.]*(?:[(\[][^()\[\]]*[)\]])?\Z|\A[^”\"’'»]*\Z")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_FIRST_OR_SECOND = re.compile(r"\b(?:i|we|you|my|our|your|me|us)\b", re.IGNORECASE)
_AGED = re.compile(r",\s\d{1,3}(?=[,:])")
# A shorter paragraph that ends in a colon is a heading or a stage direction, and ends no turn.
_LONGEST_LEAD_IN = 60
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
# A headline is no longer, in code points.
_HEADLINE = 200
# A paragraph without a colon that doesn't begin so has no label, and no question in bold.
_NO_COLON = re.compile(r"[“\"]?(?:[*_]|Q[\s\d.:)*_—–-]|A[\d.:)*_])")
_BEGINNINGS = frozenset('“"*_QA')
# No label is longer, in code points.
_LONGEST_LABEL = 160
# Those who come back are few. The limit keeps the time linear.
_MOST_SPEAKERS = 200
# The fewest turns of a transcript, and how many paragraphs within it may go on without a label.
_FEWEST = 4
_GAP = 3
# The shares of the turns: of those who come back, and of those that sound spoken.
_COME_BACK, _SOUND_SPOKEN = 0.7, 0.4
# The shares of the paragraphs between the first label and the last that have one.
_LABELLED, _LABELLED_IN_CAPITALS = 0.5, 0.3
# An introduction is looked through up to so many code points, the end of a text likewise.
_INTRODUCTION, _CLOSE = 3000, 400


class Turn(NamedTuple):
    """What one speaker says until the next one does."""

    key: str
    """Whose turn it is: "spicer" for "MR. SPICER"; `ASKS` and `ANSWERS` for those whom no label names."""
    label: Range | None
    """The words that name the speaker, without title and colon; None below a question in bold."""
    words: tuple[Range, ...]
    """What is said: a half-open range of code points for each paragraph."""
    marked: bool
    """Whether quotation marks enclose the words, so that they are segments as well."""
    paragraph: int
    """The number of the paragraph in which it begins."""


@dataclass(frozen=True)
class Transcript:
    """The turns of a document, in text order; none if it is no transcript."""

    turns: tuple[Turn, ...] = ()

    @cached_property
    def _beginnings(self) -> Mapping[int, Turn]:
        return {turn.words[0][0]: turn for turn in self.turns}

    def begins(self, start: int) -> Turn | None:
        """The turn whose words begin at a place."""
        return self._beginnings.get(start) if self.turns else None

    def asks(self, at: int) -> bool:
        """Whether a place is in a question by somebody whom no label names."""
        return any(turn.key == ASKS and start <= at < end for turn in self.turns for start, end in turn.words)

    @cached_property
    def unmarked(self) -> tuple[Turn, ...]:
        """The turns without quotation marks, if most have none; else only what is marked is quoted.

        Below questions in bold, which are no labels, marks say nobody's words: there all turns count.
        """
        found = tuple(turn for turn in self.turns if not turn.marked or turn.label is None)
        return found if 2 * len(found) >= len(self.turns) else ()

    @cached_property
    def answers(self) -> bool:
        """Whether somebody answers whom no label names."""
        return any(turn.key == ANSWERS for turn in self.turns)

    @cached_property
    def keys(self) -> Mapping[int, str]:
        """The keys of all labels, by the place where a label starts."""
        return {turn.label[0]: turn.key for turn in self.turns if turn.label is not None}


NONE = Transcript()


class _Label(NamedTuple):
    paragraph: int
    key: str
    name: Range | None
    words: int
    """Where the words of the turn begin."""
    end: int
    """Where they end in this paragraph."""
    capitals: bool
    inside: bool
    """Whether the label stands within the quotation marks: “SPICER: We did.”"""


def transcript(text: str, paragraphs: Sequence[Range]) -> Transcript:
    """The turns of a text, if it holds a transcript or an interview. The time is linear in its length."""
    candidates = [
        number
        for number, (start, end) in enumerate(paragraphs)
        if text[start] in _BEGINNINGS and _NO_COLON.match(text, start, end)
    ]
    if len(candidates) + text.count(":") < _FEWEST:
        return NONE  # most texts
    colons = (number for number, (start, end) in enumerate(paragraphs) if _has_colon(text, start, end))
    candidates = sorted({*candidates, *colons})
    labels = _initials_known(text, list(_labels(text, paragraphs, candidates)))
    if len(labels) < _FEWEST:
        return NONE
    turns: list[Turn] = []
    for run in _runs(labels):
        if _is_transcript(text, paragraphs, run):
            turns += _turns(text, paragraphs, run)
    return Transcript(tuple(turns))


def _has_colon(text: str, start: int, end: int) -> bool:
    """A cheap test for paragraphs that may begin with a label and a colon."""
    return text.find(":", start, end if text[start] in '“"' else min(end, start + _LONGEST_LABEL)) >= 0


def _labels(text: str, paragraphs: Sequence[Range], candidates: Iterable[int]) -> Iterator[_Label]:
    """The paragraphs that begin with what may be a label, of those that are candidates."""
    for number in candidates:
        start, end = paragraphs[number]
        found = LETTER.match(text, start, end) or _LABEL.match(text, start, end)
        if found is None:
            bold = _BOLD.fullmatch(text, start, end) if text[start] in "*_" else None
            if bold is not None:
                yield _Label(number, ASKS, None, *bold.span("words"), capitals=False, inside=False)
            continue
        name, titled = found["name"], 0
        if found.re is _LABEL:
            if number == 0 and _is_headline(text, found.end(), end):
                continue
            titled = _titles(name)
            if (key := _key(name[titled:])) is None:
                continue
        else:
            key = name.lower()
        inside = bool(found["mark"])
        last = end - 1 if inside and text[end - 1] in '”"' else end
        at = found.start("name") + titled
        yield _Label(number, key, (at, found.end("name")), found.end(), last, name.isupper(), inside)


def _initials_known(text: str, labels: list[_Label]) -> list[_Label]:
    """The labels, those of initials with the key of the name that they stand for: "AQ" after "Ada Quill"."""
    full = {}
    for label in labels:
        words = text[slice(*label.name)].split() if label.name else []
        if len(words) > 1:
            full["".join(word[0] for word in words).upper()] = label.key
    short = (text[slice(*label.name)] if label.name else "" for label in labels)
    return [label._replace(key=full.get(name, label.key)) for label, name in zip(labels, short, strict=True)]


def _is_headline(text: str, start: int, end: int) -> bool:
    """Whether most words have a capital, as in a headline: "Gov Quill: Pier Will Be Rebuilt in May"."""
    words = _LONG_WORD.findall(text, start, min(end, start + _HEADLINE))
    return len(words) > 5 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _titles(name: str) -> int:
    """How many characters at the start of a name are titles: 4 for "MR. SPICER"."""
    at, lexicon = 0, data.titles()
    for word in re.finditer(r"\S+\s+", name):
        lower = data.fold(word.group().strip())
        if word.start() != at or not (lower in lexicon.titles or lower in lexicon.abbreviations):
            break
        at = word.end()
    return at


def _key(name: str) -> str | None:
    """One key for all labels of a person: "quill" for "Ada Quill". None if nobody is called so."""
    words = [data.fold(word) for word in name.split()]
    whole, marks = " ".join(words), data.marks()
    if whole in marks.askers:
        return ASKS
    if whole in marks.answerers:
        return ANSWERS
    if whole in marks.page_labels or not marks.headings.isdisjoint(words):
        return None
    return whole if words[-1].strip("#").isdigit() else words[-1].rstrip(".")


def _runs(labels: Sequence[_Label]) -> Iterator[list[_Label]]:
    """All labels together, if they may be one transcript, else the runs that stand close together."""
    if len(labels) >= _share(labels) * (labels[-1].paragraph - labels[0].paragraph + 1):
        yield list(labels)
        return
    run: list[_Label] = []
    for label in labels:
        if run and label.paragraph - run[-1].paragraph > _GAP + 1:
            yield run
            run = []
        run.append(label)
    yield run


def _share(labels: Sequence[_Label]) -> float:
    """The least share of the paragraphs that must have a label."""
    capitals = sum(label.capitals and label.key not in (ASKS, ANSWERS) for label in labels)
    return _LABELLED_IN_CAPITALS if 2 * capitals >= len(labels) else _LABELLED


def _is_transcript(text: str, paragraphs: Sequence[Range], run: Sequence[_Label]) -> bool:
    """Whether a run of labels is clearly that of a transcript."""
    if len(run) < _FEWEST or len(run) < _share(run) * (run[-1].paragraph - run[0].paragraph + 1):
        return False
    often = Counter(label.key for label in run)
    back = {key for key, count in often.items() if count > 1}
    bold = all(label.name is None for label in run)
    if len(back) > _MOST_SPEAKERS:
        return False
    survey = _is_survey(text, run)
    if not (bold or survey) and (len(back) < 2 or sum(often[key] for key in back) < _COME_BACK * len(run)):
        return False
    spoken = sum(_SPOKEN.search(text, label.words, label.end) is not None for label in run)
    if spoken < _SOUND_SPOKEN * len(run):
        return False
    if survey:
        return True
    if back <= {ASKS, ANSWERS}:
        return _is_interview(text, paragraphs, run)
    return _are_named(text, run, back - {ASKS, ANSWERS})


def _is_survey(text: str, run: Sequence[_Label]) -> bool:
    """Whether people are asked one thing, each once: every label has a first name, more, and an age."""
    return all(
        label.name is not None
        and _AGED.match(text, label.name[1]) is not None
        and (words := text[slice(*label.name)].split())[0] in data.first_names()
        and len(words) > 1
        for label in run
    )


def _is_interview(text: str, paragraphs: Sequence[Range], run: Sequence[_Label]) -> bool:
    """Whether the text around questions and answers says that somebody was interviewed or heard."""
    first, last = paragraphs[run[0].paragraph][0], paragraphs[run[-1].paragraph][1]
    before = text[max(0, first - _INTRODUCTION) : first]
    around = before + text[last : last + _CLOSE]
    return _INTERVIEW.search(around) is not None and _NO_INTERVIEW.search(before) is None


def _are_named(text: str, run: Sequence[_Label], keys: set[str]) -> bool:
    """Whether most labels name people or bodies: by a first name, a title or role, or the text elsewhere."""
    named = set()
    for label in run:
        if label.key in keys and label.key not in named and label.name is not None:
            start, end = label.name
            words = [data.fold(word) for word in text[start:end].split()]
            if (
                words[0] in data.first_names()
                or text[label.name[0] - 2 : start] == ". "
                or not data.titles().organization_endings.isdisjoint(words)
                or words[-1] in data.titles().nouns
                or _elsewhere(text, text[start:end].split()[-1], run)
            ):
                named.add(label.key)
    return 2 * len(named) >= len(keys)


def _elsewhere(text: str, word: str, run: Sequence[_Label]) -> bool:
    """Whether a label's word, or a name with its initials, stands in the text beside the labels."""
    if word.isupper() and 2 <= len(word) <= 3:
        initials = rf"\b{word[0]}[\w’'-]+(?:\s\S+){{0,{len(word) - 1}}}\s{word[-1]}[\w’'-]+"
        return re.search(initials, text) is not None
    places = {label.name[1] for label in run if label.name is not None}
    forms = re.finditer(rf"\b(?:{re.escape(word)}|{re.escape(word.title())})\b", text)
    return any(found.end() not in places for found in forms)


def _turns(text: str, paragraphs: Sequence[Range], run: Sequence[_Label]) -> Iterator[Turn]:
    """The turns of a run of labels. What follows the last one's paragraph is not taken for a part of it."""
    bold = any(label.name is None for label in run)
    named = {label.key for label in run if label.key not in (ASKS, ANSWERS)}
    for label, after in zip(run, [*run[1:], None], strict=True):
        words: list[Range] = [(label.words, label.end)]
        following = range(label.paragraph + 1, after.paragraph if after else label.paragraph + 1)
        if bold and after is None:
            following = range(label.paragraph + 1, min(label.paragraph + 2, len(paragraphs)))
        own = takewhile(lambda i: not _tells(text, *paragraphs[i], named), following)
        more = [paragraphs[i] for i in own if _is_said(text, *paragraphs[i])]
        if label.name is None:
            yield _turn(text, label, ASKS, words)
            if more:
                yield _turn(text, label, ANSWERS, more)
        else:
            yield _turn(text, label, label.key, words + more)


def _tells(text: str, start: int, end: int, named: set[str]) -> bool:
    """Whether the writer tells what happened between two turns: it ends the turn before.

    “Penhale replied that he had not waited.”: a speaker and a verb of saying, and nobody says I or you. What
    ends in a colon introduces the next turns.
    """
    if end - start > _LONGEST_LEAD_IN and text[end - 1] == ":":
        return True
    own = _QUOTED.sub("“”", text[start:end])
    if _FIRST_OR_SECOND.search(own):
        return False
    words, verbs = _WORDS.findall(own), data.cues().verbs
    sayings = (i for i, word in enumerate(words) if word in verbs and verbs[word].form != "base")
    return any(
        near in named or near in ("he", "she", "they", "”")
        for i in sayings
        for near in map(str.lower, words[max(0, i - 1) : i + 3])
    )


def _is_said(text: str, start: int, end: int) -> bool:
    return _WORD.search(text, start, end) is not None and _NOBODYS.fullmatch(text, start, end) is None


def _turn(text: str, label: _Label, key: str, words: Sequence[Range]) -> Turn:
    (start, end), *_ = words
    marked = not label.inside and text[start] in MARKS and _ENCLOSED.search(text, start + 1, end) is not None
    return Turn(key, label.name, tuple(words), marked, label.paragraph)
