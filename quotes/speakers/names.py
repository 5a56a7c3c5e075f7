"""Every name in a document: runs of capitalised words, found in one pass and without a parser.

President Donald J. Trump told Sarah Huckabee Sanders   →   [Donald J. Trump] title "president"; [Sarah …]
But Quill’s                                             →   [Quill] possessive
"""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from quotes import data
from quotes.data.lookups import generation, name_words
from quotes.parsing.mentions import CALENDAR, title_length

key, suffix = name_words, generation

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
# What may be a capital: a quick test that rules out most letters before the slow one.
_MAYBE_UPPER = r"[A-Z\u0080-\U0010ffff]"
_INITIALS = rf"(?:{_UPPER}\.)+"
# What follows such an ending is optional, so that nothing asks for a shorter one.
_WORD_ENDING = rf"\w*+(?:[’']{_UPPER}\w+)*+(?:-\w+)*+"
_ABBREVIATION = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Lt|Gen|Col|Sgt|Capt|Prof|Rev|Hon|St|Atty|Maj|Adm|Cmdr|Det|Insp)\."
)
_NICKNAME = rf"[“\"‘'(]{_UPPER}\w+[”\"’')]"
_PARTICLE = r"(?:de|da|di|du|van|von|der|den|del|della|dos|la|le|bin|ibn|al|el|ter|ten)"
_PART = rf"(?!(?:Jr|Sr)\b)(?:{_ABBREVIATION}|{_INITIALS}|{_UPPER}{_WORD_ENDING})"
# The same, with the tests of the first letter behind it: only so the search leaps from capital to capital.
_FIRST_PART = (
    rf"{_MAYBE_UPPER}(?<![\w@#].)(?<={_UPPER})(?!(?<=[JS])r\b)"
    rf"(?:(?<=(?={_ABBREVIATION}).)\w+\.|\.(?:{_INITIALS})?|{_WORD_ENDING})"
)
_SPACE = r"[ \u00a0]+"
_RUN = re.compile(
    rf"{_FIRST_PART}"
    rf"(?:{_SPACE}(?:{_PARTICLE}{_SPACE}){{0,2}}(?:{_PART}|{_NICKNAME}(?={_SPACE}{_UPPER})))*"
    r"(?:,?[ \u00a0](?:(?:Jr|Sr)\b\.?|(?:II|III|IV)\b))?"
)
_TOKEN = re.compile(r"\S+")
_INITIAL = re.compile(rf"{_UPPER}\.")
# What opens a paragraph and names nobody: a chapter's number, the place from which a report was sent.
_HEAD = re.compile(
    r"(?i:chapter|part|book|volume|letter|canto|scene|act|stave)\s(?:[IVXLCDM]+\b|\d+|[A-Z-]{3,}\b)(?:[.:]|\s?[—–-])?\s?"
)
_DATELINE = re.compile(
    r"[A-Z][A-Z.’' -]{2,30}(?:,\s[A-Z][\w. ]{0,20})?(?:\s?\([^()\n]{1,30}\))?\s?(?:—|–|--|-)\s"
)
_HEAD_OR_DATELINE = re.compile(f"{_HEAD.pattern}|{_DATELINE.pattern}")
# What the first begins with; the second begins with two capitals.
_OPENS_HEAD = frozenset("ABCLPSV")
# In capitals, too, a number and the letter behind "Mc" keep them.
_NUMBER = re.compile(r"II|III|IV")
_AFTER_MC = re.compile(r"(?<=\bMc)[a-z]")
# Characters within which a role may begin or end: "“mayor", "mayor—".
_PARTING = frozenset('.,;:!?“”"()—–')
# What follows "Don" in "Don’t".
_CONTRACTED = ("’t", "'t")
_APOSTROPHES = frozenset("’'")
# "Fifteen-year-old Jo", "Lowmarsh-born Quill": a compound that describes.
_COMPOUND = re.compile(r".*-(?:old|born|based|led|[a-z]+ed|one|two|three|four|five|six|seven|eight|nine)")
# Behind the last quotation.
_NOWHERE = (sys.maxsize, sys.maxsize)
# A line of capitals that is no longer is a heading, in code points.
_HEADING = 80
_LONG_WORD = re.compile(r"\S{4,}")
_SMALL_LONG_WORD = re.compile(r" ([a-z]\S{3,})")
_OBLIQUE = frozenset(
    "of to with by for from about against on at in over than between and or behind under into toward towards"
    " near like".split()
)
_ORGANIZATION_LINK = re.compile(
    rf"[ \u00a0](?:of|for|on|and|&)(?:[ \u00a0](?:the|and))?[ \u00a0](?={_UPPER})"
)
_PLURAL_OWNER = re.compile(rf"[’'][ \u00a0](?={_UPPER})")
# What both begin with.
_GOES_ON = re.compile(r"[’'][ \u00a0]|[ \u00a0](?:of|for|on|and|&)[ \u00a0]")
# The last word of what a body is for, by its ending, and so many words at most: "and Human Services".
_TOPIC = re.compile(r"\w+(?:[^s]s|tion|sion|ment|ing|ance|ence|ity|ety|ism|ure|care|fare|ship)")
_LONGEST_TOPIC = 3
# The words of a run that are used; then in code points: a run, how far an organisation's name may go on, and
# how far back titles are looked for. The limits avoid quadratic time in a line of nothing but capitals.
_LONGEST = 16
_LONGEST_RUN = 1000
_LONGEST_BODY = 160
_GLANCE = 60
_STEP_BACK = 14
_SMALL = frozenset(
    "with from over into that than after about amid under upon onto this when while through without during"
    " before between against until says".split()
)
_TITLE_OF = re.compile(r"[A-Z]\w+\sof\s(?:the\s)?$")
# The letter before the last space of that, for a quick test.
_ENDS_OF = frozenset("fe")
_NEXT_WORD = re.compile(
    r"(?:\s?\([^()]{1,40}\)|,\s(?:\d{1,2}|[DRI]-[\w.]+),|,)?\s"
    r"(?:also |then |later |has |had |\w+ly )?([a-z]+)"
)
_NOUN_NEXT = re.compile(r"\s([a-z-]{3,})\b")
AUXILIARIES = frozenset("is was has had will would did does went made took gave".split())
# More verbs behind which a name is a name; they often stand in clauses within the sentence.
PAST = frozenset(
    "came left sat ran lost rose stood fell got knew felt met saw kept held brought began became found won"
    " led lay drew threw flew grew wore paid sent spent built bought sold caught slept woke drove rode struck"
    " shook broke chose".split()
)


class Name(NamedTuple):
    """One occurrence of a name: the half-open range [start, end) of code points, titles left out.

    The properties look at the surrounding text when they are used: most names are never weighed.
    """

    start: int
    end: int
    words: tuple[str, ...]
    """The name's words, folded, without nicknames in quotation marks, initials' dots and suffixes."""
    title: str
    """The titles before it, in lower case: "attorney general"."""
    quoted: bool
    headline: bool
    text: str
    """The document's text."""
    paragraph: int
    """Where the paragraph starts."""
    run: int
    """Where the run of capitals starts that the name is a part of: before its titles."""
    suffix: str = ""
    """What distinguishes a son from his father, folded: "jr"."""

    @property
    def possessive(self) -> bool:
        """Whether it owns what follows: "Quill’s lawyer"."""
        text, end = self.text, self.end
        return text.startswith(("’", "'"), end) and "s" in (text[end - 1], text[end + 1 : end + 2])

    @property
    def oblique(self) -> bool:
        """Whether it follows a preposition or "and", and so is hardly the subject of its clause."""
        before = self.text[max(self.paragraph, self.run - _STEP_BACK) : self.run].split()
        return bool(before) and before[-1].lower() in _OBLIQUE

    @property
    def opening(self) -> bool:
        """Whether it opens a sentence."""
        # A short look back: copying the whole paragraph for each name would take quadratic time.
        before = self.text[max(self.paragraph, self.run - _GLANCE) : self.run].rstrip()
        return not before or before[-1] in '.?!”"’:—–-'

    @property
    def next_word(self) -> str:
        """The small word behind it, past a party, an age or an adverb; "" for anything else."""
        found = _NEXT_WORD.match(self.text, self.end, self.end + 80)
        return found[1] if found else ""

    @property
    def subject(self) -> bool:
        """Whether a verb follows, past a party or an age: "Quill said", "Quill (I-Port Ellery) has"."""
        return is_verb(self.next_word)

    @property
    def acting(self) -> bool:
        """Whether any verb follows that is known."""
        word = self.next_word
        return is_verb(word) or word in PAST

    @property
    def attributive(self) -> bool:
        """Whether a noun follows, so that the name only describes: "the Quill plan"."""
        found = _NOUN_NEXT.match(self.text, self.end, self.end + 40)
        return found is not None and found[1] not in stop_words() and not self.acting


def is_verb(word: str) -> bool:
    """Whether a word behind a name is a verb: of saying, an auxiliary, or with a regular ending."""
    return word in data.cues().verbs or word in AUXILIARIES or (len(word) > 4 and word.endswith("ed"))


def find(text: str, paragraphs: list[tuple[int, int]], quoted: list[tuple[int, int]]) -> list[Name]:
    """The names of a document in text order; `quoted` are the ranges between quotation marks, sorted."""
    found: list[Name] = []
    done, size = 0, len(text)
    ranges = iter(quoted)
    opened, closed = next(ranges, _NOWHERE)
    for start, end in paragraphs:
        headline = _is_headline(text, start, end)
        for match in _RUN.finditer(text, _after_head(text, start, end), end):
            run = match.start()
            if run < done:
                continue
            capitals = match[0][:_LONGEST_RUN]
            lead = _of_title(text, start, run) if run > 1 and text[run - 2] in _ENDS_OF else ""
            core = _core(capitals, lead) if lead else _core(capitals)
            if core is None:
                continue
            core_first, core_last, words, title, ending, month, may_go_on = core
            first, last = run + core_first, run + core_last
            if last < size and text[last] in _APOSTROPHES and text.startswith(_CONTRACTED, last):
                continue
            if month and _opens_sentence(text, start, run):
                first, words = run, (month, *words)
            someone = 0
            if may_go_on:
                last, someone = _through_organization(text, first, last, end)
                words = words if last == run + core_last else key(text[first:last])
            while closed <= run:
                opened, closed = next(ranges, _NOWHERE)
            name = (first, last, words, title, opened <= run, headline, text, start, run, ending)
            found.append(tuple.__new__(Name, name))  # in half the time of `Name(…)`
            done = someone or last
    return found


def _after_head(text: str, start: int, end: int) -> int:
    """Where a paragraph goes on behind a chapter's number, or the place from which a report was sent."""
    letters = text[start : start + 2]
    if not (letters.isalpha() and letters[0].isupper()):
        return start
    if letters[0] not in _OPENS_HEAD and not letters[-1].isupper():
        return start
    head = _HEAD_OR_DATELINE.match(text, start, end)
    return head.end() if head else start


def _opens_sentence(text: str, start: int, run: int) -> bool:
    """Whether a run of capitals opens a sentence of the paragraph that starts at `start`."""
    return text[max(start, run - _STEP_BACK) : run].rstrip()[-1:] in ("", ".", "?", "!", "”", '"')


def _month(before: str) -> str:
    """The month before a surname if it is a first name: "april" of "April Hask".

    Within a sentence it is none, as in "in April Hask came".
    """
    month = before.strip().lower()
    return month if month in CALENDAR and month in data.first_names() else ""


def _is_headline(text: str, start: int, end: int) -> bool:
    """Whether a line is in title case, so that capitals mean nothing: every long word is capitalised.

    Of a text's first 400 code points; `attribution.titles.title_case` asks of few words, the short ones too.
    """
    if end - start <= _HEADING and (text[start:end].isupper() or _HEAD.match(text, start, end)):
        return True
    small = _SMALL_LONG_WORD.search(text, start, min(end, start + 400))
    if small is not None and small[1].lower() not in _SMALL:
        return False  # as in most paragraphs
    capitalised = 0
    for match in _LONG_WORD.finditer(text, start, min(end, start + 400)):
        word = match.group()
        if word[0].isalpha():
            if not word[0].isupper() and word.lower() not in _SMALL:
                return False
            capitalised += 1
    return capitalised >= 4


def in_dateline(text: str, start: int, at: int) -> bool:
    """Whether a place is the one from which a report was sent, in the paragraph that starts at `start`."""
    found = _DATELINE.match(text, start, start + _HEADING)
    return found is not None and at < found.end()


def in_small_letters(name: str) -> str:
    """A name in capitals as other texts write it: "Ada McVey III", "Maarten van der Hoek"."""
    return " ".join(
        word if _NUMBER.fullmatch(word)
        else word.lower() if re.fullmatch(_PARTICLE, word.lower())
        else _AFTER_MC.sub(lambda found: found[0].upper(), word.title())
        for word in name.split()
    )  # fmt: skip


class _Core(NamedTuple):
    """The name within a run of capitalised words, [first, last) of the run."""

    first: int
    last: int
    words: tuple[str, ...]
    title: str
    suffix: str
    month: str
    """What stands before it, if that may be a first name: "april"."""
    may_go_on: bool


# The same few names, and "The" and "But", recur.
@lru_cache(maxsize=1 << 15)
def _core(run: str, before: str = "") -> _Core | None:
    """The name within a run; `before` are the words in front of it that may begin its title."""
    words = run.split()
    first, last = 0, min(len(words), _LONGEST)
    # A capital at the start of a sentence doesn't make "But" or "When" a name.
    while first < last and _is_common(words[first], first == last - 1):
        first += 1
    if first == last:
        return None
    title = ""
    if last - first > 1:  # a single word is no title of somebody
        parted = _parted(words[first:last], before)
        if parted is None:
            return None
        title, skip = parted
        first += skip
    while first < last and (words[last - 1] == "I" or data.fold(words[last - 1]) in CALENDAR):
        last -= 1
    if first == last:
        return None
    start, end = (0, len(run)) if last - first == len(words) else _span(run, first, last)
    name = run[start:end]
    own = key(name)
    month = _month(run[:start]) if start and len(own) == 1 else ""
    return _Core(start, end, own, title, suffix(name), month, _may_go_on(data.fold(words[last - 1])))


def _span(run: str, first: int, last: int) -> tuple[int, int]:
    """Where the words from `first` up to `last` stand in a run, in code points."""
    spans = [match.span() for match in islice(_TOKEN.finditer(run), last)]
    return spans[first][0], spans[-1][1]


def _parted(words: list[str], before: str) -> tuple[str, int] | None:
    """The title before a name of several words, and how many words are before it; None if all are a title."""
    lexicon = data.titles()
    lead = before.split()
    skip = max(min(_titles(words), len(words)), _titles(lead + words) - len(lead) if lead else 0)
    if skip == len(words) > 1:
        if not lexicon.is_courtesy(words[-2]) or data.fold(words[-1]) in lexicon.addressed:
            return None
        skip -= 1  # "Mr. Prince"
    if skip == len(words) or (skip and _is_body(data.fold(words[-1])) and len(words) - skip == 1):
        skip = 0  # "Justice Department": the title is part of the body's name.
    title = " ".join(data.fold(word) for word in words[:skip])
    if described := _description(words[skip:]):
        skip += described
        if len(words) - skip > 1 and (word := data.fold(words[skip])) in lexicon.before_first_names:
            # "Tell Lady Augusta": few are called Lady by their first name.
            title, skip = word, skip + 1
    return title, skip


def _of_title(text: str, start: int, run: int) -> str:
    """The words before a run that may begin its title: "Secretary of" before "State Jon Tolland".

    The paragraph starts at `start`.
    """
    if text.find("of", max(0, run - 7), run) < 0:
        return ""
    found = _TITLE_OF.search(text, max(start, run - 30), run)
    return found[0] if found else ""


def _description(words: list[str]) -> int:
    """How many words before the first name describe the person: 1 in "Democrat Ada Quill"."""
    first_names = data.first_names().genders
    folded = [data.fold(word) for word in words]
    if any(_is_body(word) for word in folded):
        return 0
    for i in range(len(words) - 1):
        if folded[i] in first_names and words[i][0].isupper():
            while i and _INITIAL.fullmatch(words[i - 1]):
                i -= 1
            return i
    return 0


def _titles(words: list[str]) -> int:
    """How many of the first words are titles, with what the last title belongs to: U.S. Air Force Gen. X."""
    skip = title_length(words)
    lexicon = data.titles()
    for i in range(max(1, skip), len(words) - 1):
        before = data.fold(words[i - 1])
        described = before in lexicon.openers or before in lexicon.epithets
        if described or data.fold(words[i]) not in data.first_names():
            more = title_length(words[i:])
            skip = i + more if 0 < more < len(words) - i else skip
    return skip


@cache
def stop_words() -> frozenset[str]:
    """The words that are no name by themselves, whatever their case, such as "but" and "Monday"."""
    from spacy.lang.en.stop_words import STOP_WORDS

    more = "mr mrs ms yes no o oh ok okay well today yesterday tomorrow later earlier".split()
    more += "feb aug sept oct nov dec".split()
    return frozenset(STOP_WORDS - {"will"}) | frozenset(more) | CALENDAR


def word_before(text: str, at: int) -> str:
    """The last word before a place, without the comma behind it; " " if anything but one space follows it.

    It is for a quick test: most words before a name are no role.
    """
    start = text.rfind(" ", max(0, at - 60), at - 1) + 1
    return text[start : at - 1].rstrip(",") or " " if start and text[at - 1] == " " else " "


@lru_cache(maxsize=1 << 13)
def may_end_role(word: str) -> bool:
    """Whether a role may end in this word, or in a part of it, by a quick test: it may be none, too."""
    if data.fold(word) in _role_endings():
        return True
    return not word.isalpha() and (len(word.split()) != 1 or not _PARTING.isdisjoint(word))


@cache
def _role_endings() -> frozenset[str]:
    """The last words of all roles."""
    lexicon = data.titles()
    return frozenset(role.rsplit(" ", 1)[-1] for roles in (lexicon.nouns, lexicon.titles) for role in roles)


@lru_cache(maxsize=1 << 14)
def _is_common(word: str, alone: bool) -> bool:
    """Whether a capitalised word is not part of a name, such as "But"; a title may open a longer run."""
    lower = data.fold(word).strip(".,")
    if not alone and (lower in data.titles().titles or lower == "may" or _INITIAL.fullmatch(word)):
        return False
    return lower in stop_words() or lower == "i" or (not alone and _COMPOUND.fullmatch(word) is not None)


def _through_organization(text: str, start: int, end: int, limit: int) -> tuple[int, int]:
    """Past "of", "for" and "and" where an organisation goes on: Association of Flight Attendants.

    Where the name ends, and where within it a person's begins, or 0: Committee for Tobias Marl.
    """
    if not _GOES_ON.match(text, end, limit):
        return end, 0
    lexicon = data.titles()
    first, topic = end, False
    while end - first < _LONGEST_BODY:
        last = data.fold(text[max(start, end - _GLANCE) : end].split()[-1])
        owned = _PLURAL_OWNER.match(text, end, limit)
        noun = lexicon.nouns.get(last)
        if owned and noun is not None and noun.plural and (more := _RUN.match(text, owned.end(), limit)):
            # "the Port Ellery Parents’ Association": the apostrophe stands within the name.
            end = more.end()
            continue
        body = ends_body(last)
        link = _ORGANIZATION_LINK.match(text, end, limit) if body or topic else None
        more = _RUN.match(text, link.end(), limit) if link else None
        if link is None or more is None:
            return end, 0
        if not body:
            return (more.end() if _is_second_topic(text, link, more) else end), 0
        if _is_somebody(more.group(), joined=link.group().lstrip()[0] in "a&") or _is_another_body(
            link.group(), more.group()
        ):
            return end, 0
        end, topic = more.end(), link.group() in (" of ", " for ")
        if link.group() == " for " and _is_somebody(more.group(), joined=True):
            return end, more.start()
    return end, 0


def _is_second_topic(text: str, link: re.Match[str], more: re.Match[str]) -> bool:
    """Whether an "and" ties what a body is for: Department of Parks and Recreation, not of Justice and Quill.

    The second word must be such a noun, and stand nowhere without the "and".
    """
    words = more.group().split()
    return (
        link.group() in (" and ", " & ")
        and len(words) <= _LONGEST_TOPIC
        and words[0] not in data.first_names()
        and _TOPIC.fullmatch(words[-1]) is not None
        and text.count(more.group()) == text.count(link.group() + more.group())
    )


def _is_somebody(run: str, *, joined: bool) -> bool:
    """Whether a run behind a body's "of" or "and" is a person: "Harbour Trust and Mr. Marl"."""
    words = run.split()
    if title_length(words[:-1]):
        return True
    body = ends_body(data.fold(words[-1]))
    return joined and len(words) > 1 and not body and words[0] in data.first_names()


def _is_another_body(link: str, run: str) -> bool:
    """Whether a run behind a body's "and the" is a second body: "the Herald and the Caldross Post"."""
    return link.split() == ["and", "the"] and ends_body(data.fold(run.split()[-1]))


def _may_go_on(last: str) -> bool:
    """Whether a name that ends in this word may go on after an apostrophe or an "of"."""
    noun = data.titles().nouns.get(last)
    return (noun is not None and noun.plural) or ends_body(last)


def ends_body(word: str) -> bool:
    """Whether a name that ends in this word is an organisation's: "Inc", "Association"."""
    return word in data.titles().organization_endings or word in _bodies()


def _is_body(word: str) -> bool:
    return word in _bodies()


@cache
def _bodies() -> frozenset[str]:
    """The nouns for organisations."""
    return frozenset(word for word, noun in data.titles().nouns.items() if noun.kind == "organization")
