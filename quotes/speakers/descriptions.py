"""What a document says somebody is, in its words: the role that stands beside a name.

Mayor Ada Quill … Quill, the mayor of Port Ellery, said       →   mayor of Port Ellery
Ida Fenwick, 43, a baker from Lowmarsh, … the baker said      →   baker from Lowmarsh
Lowmarsh campaign manager Tobias Renn                         →   Lowmarsh campaign manager
According to Ada Quill, the mayor resigned.                   →   nothing
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from quotes import data
from quotes.speakers.names import AUXILIARIES, PAST, Name, may_end_role, stop_words, word_before

# The fullest of the first descriptions is taken; a longer one in words, or one that comes later, is not.
_FIRST, _LONGEST, _OCCURRENCES = 4, 14, 40
_GLANCE = 100
_WORD = r"[\w’'&.-]+"
# A dot is a stop unless it belongs to initials or a title: "U.S. senator", "adviser to Mrs. Quill".
_SHORT = "|".join(rf"(?<=\b{word})" for word in "Mr Mrs Ms Dr St Ft Gov Sen Rep Lt Gen".split())
_INNER = rf"(?:[^,.;:()—–“”\"\n]|(?:(?<=[A-Z])|{_SHORT})\.(?=[\s\w])|\.(?=\w))"
# "Quill (I-Port Ellery), 43, a baker from Lowmarsh,", "Quill, who is the mayor of Port Ellery,"
_BEHIND = re.compile(
    rf"(?:\s?\([^()\n]{{1,30}}\))?(?:,\s\d{{1,3}})?,\s(?:who\s(?:is|was|has\sbeen)\s)?({_INNER}{{3,120}})(.?)"
)
_IS = re.compile(rf"\s(?:is|was)\s((?:the|an?)\s{_INNER}{{3,120}})")
# The first two letters of that.
_VERBS = ("is", "wa")
# "the mayor, ", "campaign manager "
_BEFORE = re.compile(rf"((?:{_WORD}\s){{0,7}}{_WORD})(,?)\s$")
_BREAK = re.compile(r"[,;:!?“”\"()—–]|(?<![A-Z])\.\s")
_BREAKS = frozenset(',;:!?“”"()—–')
# Before a space; behind a comma a role may stand: "the mayor, Ada Quill".
_STOPS = _BREAKS - {","} | {"."}
_CLAUSE = re.compile(
    r"\s(?:--|(?:and\s)?(?:now\s)?serves\b|(?:and\s)?(?:who|whose|whom|which|that|when|where|while|but|because|after|before|as)\b|and$).*",
    re.DOTALL,
)
_NOW = re.compile(r"\A(?:who\s\w+\sas\s|(?:(?:now|currently|also|as)\s)+)")
_CLAUSES_SUBJECT = frozenset(["i", "you", "he", "she", "it", "we", "they", "there", "this", "that"])
_NO_ARTICLE = re.compile(r"\A(?:the|an?|one|another)\s(?!of\s)", re.IGNORECASE)
_AGE = re.compile(r"-year-old$")
# "Secretary of State", of which a run of capitals holds the end only
_TITLE_OF = re.compile(r"[A-Z]\w+\sof\s(?:the\s)?(?:[A-Z]\w+\s)+$")
_AND = re.compile(r"\s(?:and|&)\s")
_TIE = re.compile(r"\s(?:of|for|at|in|from|with|on|to|behind|near)\s")
_OPEN_TIE = re.compile(r"\s(?:of|for|at|in|from|with|on|to)$")
_ARTICLES = frozenset(["the", "a", "an"])
_OWNERS = frozenset(["his", "her", "their", "its", "my", "our"])
# Nouns for persons end so: "baker", "ornithologist". Only an article makes such an unknown word a role.
_OF_PERSONS = re.compile(r"(?:[a-z]{2,}(?:er|or|ist|ian|eer|ess|ant)|[a-z]*(?:man|woman|person))$")
# Nouns that tell more of somebody else.
_RELATIVES = re.compile(
    r"(?:mother|father|sister|brother|daughter|son|wife|husband|widow|widower|aunt|uncle|cousin|friend|rival|opponent"
    r"|ally|colleague|foe|counterpart)$"
)
_BARE = re.compile(r"(?:(?:his|her|their)\s)?(?:\w+\s)?(?:rival|opponent|foe|counterpart)", re.IGNORECASE)


def description(text: str, occurrences: Iterable[Name]) -> str | None:
    """The fullest of the first roles that the text gives beside the names of one person, without article."""
    places = (name for name in occurrences if not (name.quoted or name.headline))
    roles = (role for name in islice(places, _OCCURRENCES) for role in _beside(text, name))
    found = list(islice((role for role in roles if _tells(role)), _FIRST))
    # What somebody does tells more than whose relative or rival he or she is.
    found = [role for role in found if not _RELATIVES.search(role.casefold())] or found
    return max(found, key=lambda role: len(role.split()), default=None)


def _tells(role: str) -> bool:
    """Whether a role tells something by itself, and is none of the longest: not "his rival"."""
    return len(role.split()) <= _LONGEST and _BARE.fullmatch(role) is None


def unnamed(words: str) -> str | None:
    """What an unnamed speaker is called, without article; None if that tells of no person: "63 percent"."""
    words = _NO_ARTICLE.sub("", words)
    if data.titles().is_courtesy(words.split(" ")[0]):
        return None
    own = _TIE.split(words)[0].split()
    known = own and (_size_of_role(own) or own[-1] == "old" or _OF_PERSONS.search(data.fold(own[-1])))
    return words if known or _AGE.search(words) else None


def _beside(text: str, name: Name) -> Iterator[str]:
    if role := _title(text, name) or _before(text, name):
        yield role
    # Only a comma or a bracket begins the one, and only a verb the other.
    after = text[name.end : name.end + 3]
    if after.startswith((",", "(")) or after[1:2] == "(":
        behind = _BEHIND.match(text, name.end, name.end + 200)
        if behind and (role := _role(behind[1], closed=behind[2] != ".")):
            yield role
    elif after[1:] in _VERBS:
        said = _IS.match(text, name.end, name.end + 200)
        if said and (role := _role(said[1], closed=False)):
            yield role


def _title(text: str, name: Name) -> str:
    """The title before a name, as the text writes it, without "Mr." and its like."""
    if not name.title:
        return ""
    size = len(name.title.split())
    words = text[max(0, name.start - 2 * _GLANCE) : name.start].split()[-size:]
    words[:1] = [word for first in words[:1] if (word := first.lstrip("([-–—"))]
    while words and (data.titles().is_courtesy(words[0]) or data.fold(words[0]) in stop_words()):
        words.pop(0)
    if words and data.titles().is_courtesy(words[-1]):
        return ""
    lead = _TITLE_OF.search(text[max(name.paragraph, name.start - _GLANCE) : name.start])
    whole = lead.group().split() if lead and words else []
    return " ".join(whole if data.fold(" ".join(whole)) in data.titles().titles else words)


def _before(text: str, name: Name) -> str:
    """The role right before a name, with what belongs to it: "former Lowmarsh mayor Rufus Hask".

    Without an article before it, only known words and capitals belong to it.
    """
    beside = text[max(name.paragraph, name.run - 2) : name.run]
    if not beside or beside[-1] in _BREAKS or (beside[-1] == " " and beside[0] in _STOPS):
        return ""  # it opens its sentence, or a phrase
    last = word_before(text, name.run)
    if last.istitle() or not may_end_role(last):
        return ""
    comma = beside == ", "
    lead = text[max(name.paragraph, name.run - _GLANCE) : name.run].removesuffix(", ")
    words = _BREAK.split(lead)[-1].split()
    size = _size_of_role(words)
    if not size or not words[-1].islower():
        return ""
    role = first = len(words) - size
    while first and _belongs(words[first - 1]):
        first -= 1
    if any(map(data.titles().is_courtesy, words[first:])):
        return ""  # "Mr. Prince": his name
    opening = data.fold(words[first - 1]) if first else ""
    if opening in _OWNERS:
        return " ".join(words[first - 1 :])
    if opening not in _ARTICLES:
        if comma and opening in stop_words():
            return ""  # "in Lowmarsh mayor, Quill": not the whole phrase
        while first < role and not _is_known(words[first]):
            first += 1
    return " ".join(words[first:])


def _size_of_role(words: list[str]) -> int:
    """How many of the last words are a role for one person: 2 in "the harbour master"."""
    lexicon = data.titles()
    if not words or not may_end_role(words[-1]):
        return 0
    for size in (3, 2, 1):
        tail = " ".join(data.fold(word) for word in words[-size:])
        noun = lexicon.nouns.get(tail)
        one = tail in lexicon.titles if noun is None else noun.kind == "person" and not noun.plural
        if one and len(words) >= size:
            return size
    return 0


def _belongs(word: str) -> bool:
    folded = data.fold(word)
    if folded in data.titles().modifiers:
        return True
    return not (folded in _OWNERS or folded in stop_words() or _is_verb(word))


def _is_known(word: str) -> bool:
    lexicon, folded = data.titles(), data.fold(word)
    return word[0].isupper() or folded in lexicon.modifiers or folded in lexicon.nouns


def _is_verb(word: str) -> bool:
    folded = data.fold(word)
    if folded in data.titles().modifiers or "-" in word or not word[0].islower():
        return False
    return folded in data.cues().verbs or folded in AUXILIARIES or folded in PAST or folded.endswith("ed")


def _role(phrase: str, *, closed: bool) -> str:
    """The role in a phrase behind a name; "" if the phrase is something else, such as a clause.

    `closed` tells that a comma ends it, as it ends an apposition.
    """
    phrase = _CLAUSE.sub("", _NOW.sub("", phrase)).strip()
    phrase = _OPEN_TIE.sub("", phrase)  # "the author of “Tides”"
    if phrase.endswith(".") and "." not in phrase.split()[-1][:-1]:
        phrase = phrase[:-1]
    for part in (phrase, _AND.split(phrase)[0]):
        words = _TIE.split(part)[0].split()
        article = bool(words) and data.fold(words[0]) in _ARTICLES
        if not words[article:] or data.fold(words[0]) in _CLAUSES_SUBJECT or any(map(_is_verb, part.split())):
            continue
        known = _size_of_role(words[article:])
        last = data.fold(words[-1])
        guessed = article and closed and last not in data.titles().nouns and _OF_PERSONS.search(last)
        if (known or guessed) and len(part.split()) <= _LONGEST + article:
            return " ".join(_NO_ARTICLE.sub("", part).split())
    return ""
