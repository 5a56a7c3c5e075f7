"""From a token to the mention that it heads: "Spicer", "he", "a spokeswoman for the harbour authority".

Sean Spicer, the White House press secretary, told reporters   →   [Sean Spicer]
A spokeswoman for the harbour authority said                   →   [A spokeswoman for the harbour authority]
Ada Quill, who said                                            →   [Ada Quill]
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from quotes import data
from quotes.parsing import Window
from quotes.parsing.coordination import conjuncts, stands_for_itself
from quotes.parsing.tokens import Token

Form = Literal["name", "pronoun", "nominal"]

_NAME_TAGS = frozenset({"NNP", "NNPS"})
_NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
# The tags that the small model gives to a surname which is a word, too.
_MISREAD = frozenset(["JJ", "JJR", "JJS", "RB", "MD", "VB", "VBD", "VBN", "VBP", "VBZ", "VBG", "FW", "UH"])
_PRONOUN_TAGS = frozenset({"PRP", "WP", "WDT"})
_PERSONAL = frozenset("i you he she it we they him her them me us".split())
_LEFT = frozenset(
    {"det", "amod", "compound", "nmod", "poss", "nummod", "quantmod", "advmod", "predet", "neg"}
)
# Things that carry words but don't say them, and words for nobody.
_NO_SPEAKER = frozenset(
    ["sign", "signs", "banner", "banners", "placard", "placards", "plaque", "poster", "posters", "billboard",
     "billboards", "sticker", "stickers", "shirt", "shirts", "hat", "cap", "tattoo", "inscription", "nobody",
     "none"]
)  # fmt: skip
_TIES = frozenset(["of", "for", "from", "in", "at", "with", "to", "on"])
#: Words that stand for people by themselves: "others said".
PEOPLE = frozenset("many some others one another both several most everyone".split())
# Nouns that "to" goes with; behind others it names the hearer: "said the stranger to Quill".
_WITH_TO = frozenset(
    "adviser advisers advisor advisors aide aides ambassador ambassadors assistant assistants consultant"
    " consultants counsel counselor delegate delegates deputy envoy envoys heir liaison secretary source"
    " sources spokesman spokeswoman successor visitor visitors witness witnesses".split()
)
CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october november december".split()
)


class Mention(NamedTuple):
    """Words that refer to somebody: the half-open range [start, end) of code points of the document."""

    start: int
    end: int
    form: Form
    head: str
    """The head word, in lower case: "spicer", "he", "spokeswoman"."""
    plural: bool
    token: int
    """The head's index in its window."""
    paragraph: int
    role: str = ""
    """An apposition or a title beside a name, in lower case: "the white house press secretary"."""
    others: tuple[Mention, ...] = ()
    """Those who are coordinated with it, in text order: "Renn" in "Quill and Renn said"."""


def mention_at(window: Window, token: Token) -> Mention | None:
    """The mention that `token` heads, or None if it refers to nobody (that, there, a quoted word)."""
    if window.segment_at[token.i] >= 0 or token.lower_ in _NO_SPEAKER:
        return None
    named = antecedent(token)
    found = _of_phrase(window, named)
    # "Quill, who said it, and Renn, who didn't": what a clause tells of one is not said by the other.
    return found if found is None or named is token else found._replace(others=())


def _of_phrase(window: Window, token: Token) -> Mention | None:
    tag = token.tag_
    if tag in ("WP", "WDT", "EX", "DT", "CD") and not _refers_to_people(token):
        return None
    if tag == "PRP" or token.text == "I":
        if token.lower_ not in _PERSONAL:
            return None
        return _mention(window, token, token.i, token.i + 1, "pronoun")
    if is_age(token):
        return _mention(window, token, _age_start(window, token), token.i + 1, "nominal")
    if tag not in _NOUN_TAGS and not is_misread_name(window, token) and not _refers_to_people(token):
        return None
    if tag not in _NAME_TAGS and not _is_known_name(window, token):
        named = _named_apposition(window, token)
        if named is not None:
            role = " ".join(t.lower_ for t in token.doc[_left_edge(window, token) : token.i + 1])
            first, last = name_span(window, named)
            return _mention(window, named, first, last, "name", role)
        return _mention(window, token, _left_edge(window, token), _right_edge(window, token), "nominal")
    first, last = name_span(window, token)
    if not _is_proper(window, first, last):
        return _mention(window, token, _left_edge(window, token), _right_edge(window, token), "nominal")
    return _mention(window, token, first, last, "name", _role_beside(token))


def is_misread_name(window: Window, token: Token) -> bool:
    """Whether a word that was tagged otherwise is a name: "Small said", "Will added", "Husted continued"."""
    return token.tag_ in _MISREAD and _is_known_name(window, token) and token.text in window.names


def _is_known_name(window: Window, token: Token) -> bool:
    """Whether a common noun is a name: "Sessions said", if the text has "Sessions" within a sentence."""
    if not token.text[0].isupper():
        return False
    if _follows_courtesy(window, token.i):
        return True
    if any(child.dep_ in ("det", "poss") for child in token.lefts):
        return False
    return data.fold(token.text) not in data.titles().nouns and token.text in window.names


def _follows_courtesy(window: Window, first: int) -> bool:
    """Whether "Mr." and no office stands before a word: "Mr. Prince", and not "Mr. President"."""
    lexicon, tokens = data.titles(), window.tokens
    courteous = first > 0 and lexicon.is_courtesy(tokens[first - 1].text)
    return courteous and tokens[first].lower_ not in lexicon.addressed


def is_age(token: Token) -> bool:
    """Whether a token ends a description such as "the 18-year-old"."""
    i = token.i
    return (
        token.lower_ == "old" and i > 3 and token.doc[i - 1].text == "-" and token.doc[i - 2].lower_ == "year"
    )


def _age_start(window: Window, token: Token) -> int:
    first = token.i - 4
    while (
        first > 0 and token.doc[first - 1].tag_ in ("DT", "PRP$", "JJ") and window.segment_at[first - 1] < 0
    ):
        first -= 1
    return first


def antecedent(token: Token) -> Token:
    """The antecedent of a relative pronoun ("Quill, who said" → "Quill"); any other token itself."""
    seen = 0
    while token.tag_ in ("WP", "WDT") and seen < 3:
        verb = token.head
        while verb.dep_ in ("conj", "aux", "xcomp", "ccomp") and verb.head != verb and verb.dep_ != "relcl":
            verb = verb.head
        if verb.dep_ != "relcl" or verb.head.i > token.i:
            return token
        token = verb.head
        seen += 1
    return token


def name_span(window: Window, token: Token) -> tuple[int, int]:
    """The half-open range of tokens of the name that holds `token`: its run of capitalised proper nouns.

    Titles before a person's name are left out: the mention of "Mayor Ada Quill" is "Ada Quill".
    """
    doc, own = token.doc, window.segment_at
    first, last = token.i, token.i + 1
    while first > 0 and own[first - 1] < 0 and _joins_name(doc[first - 1], doc[first]):
        first -= 1
    while last < len(doc) and own[last] < 0 and _joins_name(doc[last], doc[last - 1]):
        last += 1
    words = [doc[i].text for i in range(first, last)]
    return first + min(title_length(words), last - first - 1), last


def title_length(words: list[str]) -> int:
    """How many of the first words are titles: 2 for ["Attorney", "General", "Jeff", "Sessions"].

    "Former" and "American" belong to the title after them; alone they are not titles.
    """
    if not words or data.fold(words[0]) not in _title_openings():
        return 0
    lexicon = data.titles()
    lower = [data.fold(word) for word in words]
    position = done = 0
    while position < len(lower):
        if done and position < len(lower) - 1 and lower[position] in data.first_names():
            # "Gov. Earl Ray Tolland": after a title, "Earl" or "Dean" is a first name.
            return done
        for size in range(min(lexicon.longest_title, len(lower) - position), 0, -1):
            if " ".join(lower[position : position + size]) in lexicon.titles:
                position = done = position + size
                break
        else:
            if lower[position] not in lexicon.modifiers:
                return done
            position += 1
    return done


@cache
def _title_openings() -> frozenset[str]:
    """The words with which a title, or a modifier before a title, can begin."""
    lexicon = data.titles()
    return frozenset(title.split(" ", 1)[0] for title in lexicon.titles) | frozenset(lexicon.modifiers)


def _joins_name(token: Token, neighbour: Token) -> bool:
    if token.tag_ not in _NAME_TAGS or not token.text[:1].isupper():
        return False
    # "Mr. Quill Tuesday": a day beside a name is not part of it.
    if token.lower_ in CALENDAR or neighbour.lower_ in CALENDAR:
        return False
    return token.head == neighbour or neighbour.head == token or token.head == neighbour.head


def _is_proper(window: Window, first: int, last: int) -> bool:
    """Whether a run of proper nouns is a name, and not only a title or a role ("the President")."""
    if _follows_courtesy(window, first):
        return True  # "Mr. Prince"
    words = " ".join([data.fold(token.text) for token in window.tokens[first:last]])
    return words not in data.titles().nouns and words not in data.titles().titles


def _refers_to_people(token: Token) -> bool:
    return token.lower_ in PEOPLE


def _named_apposition(window: Window, token: Token) -> Token | None:
    """Quill, in "the mayor, Ada Quill"."""
    for child in token.children:
        named = child.dep_ == "appos" and child.tag_ in _NAME_TAGS and child.i > token.i
        if named and window.segment_at[child.i] < 0:
            return child
    return None


def _role_beside(token: Token) -> str:
    """The role that an apposition gives to a name: "Quill, the mayor" → "the mayor"."""
    for child in token.children:
        if child.dep_ == "appos" and child.tag_ in _NOUN_TAGS:
            start, end = child.extent
            return " ".join(t.lower_ for t in token.doc[start : min(child.i + 6, end)])
    return ""


def _left_edge(window: Window, token: Token) -> int:
    first = token.i
    while first > 0:
        left = token.doc[first - 1]
        inside = token.is_ancestor(left) and window.segment_at[first - 1] < 0
        if not inside or (left.is_punct and left.text not in "-–'’"):
            break
        if left.head == token and left.dep_ not in _LEFT and left.dep_ not in ("case", "punct"):
            break
        first -= 1
    return first


def _right_edge(window: Window, token: Token) -> int:
    """The end of a nominal, with its prepositional phrases: "a spokesman for the campaign"."""
    last = token.i + 1
    for child in token.rights:
        tied = child.dep_ == "prep" and (child.lower_ in _TIES or _names_author(token, child))
        if child.lower_ == "to" and token.head.i < token.i and token.lower_ not in _WITH_TO:
            break
        if child.i != last or not (tied or child.lower_ in ("close", "familiar")):
            break
        end = child.extent[1]
        inner = token.doc[last:end]
        if len(inner) > 9 or any(
            t.is_punct or window.segment_at[t.i] >= 0 or t.tag_[0] == "V" for t in inner
        ):
            break
        last = end
    return last


def _names_author(noun: Token, tie: Token) -> bool:
    """Whether a "by" tells who wrote something: "a report by the harbor board"."""
    known = data.titles().nouns.get(noun.lower_)
    return tie.lower_ == "by" and known is not None and known.kind == "document"


def _mention(window: Window, head: Token, first: int, last: int, form: Form, role: str = "") -> Mention:
    plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in ("they", "we", "them", "us")
    joined = "conj" in [child.dep_ for child in head.children]
    start, end = window.starts[first], window.ends[last - 1]
    if end - start > 2 and head.doc[last - 1].text[-2:] in ("’s", "'s"):
        end -= 2  # A tokenizer may leave the possessive on the name.
    others = _others(window, head, form) if head.rights and form != "pronoun" else ()
    return Mention(start, end, form, head.lower_, plural or joined, head.i, window.paragraph, role, others)


def _others(window: Window, head: Token, form: Form) -> tuple[Mention, ...]:
    """The mentions that are coordinated with the one of `head`, in text order; none where one is nobody's."""
    others: list[Mention] = []
    if form == "nominal" and head.tag_ in ("NN", "NNP") and not stands_for_itself(head):
        return ()  # "Former prosecutor and mayor Ada Quill" is one person.
    for token in conjuncts(head):
        found = mention_at(window, token)
        if found is None or (found.form == "nominal" and not stands_for_itself(token)):
            return ()  # "Hask and Sons"
        others.append(found._replace(others=()))
    return tuple(others)


def possessive(window: Window, token: Token) -> Mention | None:
    """The mention of a possessive pronoun, such as “his”; None for other words and for “my”."""
    if token.lower_ not in ("his", "her", "their", "its"):
        return None
    return Mention(
        window.starts[token.i], window.ends[token.i], "pronoun", token.lower_, token.lower_ == "their",
        token.i, window.paragraph,
    )  # fmt: skip
