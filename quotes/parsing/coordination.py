"""The other speakers of a coordination: "Renn" and "Fenwick" in "Quill, Renn and Fenwick said".

Ada Quill, the mayor, and a spokesman for the county said   →   [Ada Quill] [a spokesman for the county]
Quill, a nurse and a member of the board, said              →   [Quill]: the parser may tie "member" to her
Quill of the Trust and Tobias Renn said                     →   [Quill] [Renn]
Quill or Renn said                                          →   [Quill]
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import data
from quotes.parsing.tokens import Token

_AND = frozenset(["and", "&"])
_NAME_TAGS = frozenset(["NNP", "NNPS"])
_DETERMINERS = frozenset(["DT", "PRP$", "CD", "PDT"])
# What several unnamed people are called, without an article: "Quill and others".
_OTHERS = frozenset(["others", "several", "some", "many", "most"])
# Between two speakers, these may stand, and what describes the first: "Quill, the mayor, and Renn".
_SET_OFF = frozenset(["appos", "relcl", "acl", "amod", "prep", "nmod", "nummod", "npadvmod"])
_MARKS = frozenset(["(", ")", "-", "–", "—"])
# A longer description is rather a wrong parse, in tokens.
_LONGEST_GAP = 24


def conjuncts(head: Token) -> Iterator[Token]:
    """The heads of the phrases that "and" ties to `head`, in text order; none if they aren't speakers, too.

    A phrase without an article, "president and chief executive", is a second role of the same person.
    """
    found: list[Token] = []
    joined = False
    last = head
    while (following := _next(last)) is not None:
        link = _link(last, following)
        listed = link == ","
        if link is None or not _is_someone(last, following, apart=listed):
            return
        if listed and head.tag_ not in _NAME_TAGS:
            return  # "two analysts, Ada Quill and Tobias Renn"
        joined = link in _AND
        found.append(following)
        last = following
    # "Quill, Renn" without an "and" is an apposition, or the parser's mistake.
    if joined:
        yield from found


def _next(token: Token) -> Token | None:
    """The phrase that is coordinated with this one. In a list, the parser may take it for an apposition."""
    for child in token.rights:
        listed = child.dep_ == "appos" and child.tag_ in _NAME_TAGS and token.tag_ in _NAME_TAGS
        if child.dep_ == "conj" or (listed and (_tied(child) or _tied(token))):
            return child
    if (hidden := _hidden(token)) is not None:
        return hidden
    above = token.head
    after = (child for child in above.rights if child.dep_ == "conj" and child.i > token.i)
    return next(after, None) if token.dep_ == "appos" else None


def _hidden(token: Token) -> Token | None:
    """Renn in "Quill of the Harbour Trust and Tobias Renn", whom the parser ties to the trust."""
    for tie in token.rights if token.tag_ in _NAME_TAGS else ():
        for place in tie.rights if tie.dep_ == "prep" else ():
            for child in place.rights if place.dep_ == "pobj" else ():
                if child.dep_ == "conj" and child.tag_ in _NAME_TAGS and _has_first_name(child):
                    return child
    return None


def _has_first_name(head: Token) -> bool:
    """Whether two words are a person's name: "Tobias Renn", not "Anthony Partners"."""
    parts = [child for child in head.lefts if child.dep_ == "compound"]
    body = data.fold(head.text) in data.titles().organization_endings
    return len(parts) == 1 and parts[0].text in data.first_names() and not body


def _tied(token: Token) -> bool:
    return any(child.dep_ == "conj" and child.tag_ in _NAME_TAGS for child in token.rights)


def _link(before: Token, after: Token) -> str | None:
    """What ties two phrases, "and" or ","; None where anything else stands between them."""
    link = ""
    gap = before.doc[before.i + 1 : after.i]
    if len(gap) > _LONGEST_GAP:
        return None
    for token in gap:
        if token.dep_ == "cc" and token.head in (before, before.head, after.head):
            if token.lower_ not in _AND:
                return None
            link = token.lower_
        elif token.text == ",":
            link = link or ","
        elif not (token.text in _MARKS or after.is_ancestor(token) or _describes(before, token)):
            return None
    return link or None


def _describes(head: Token, token: Token) -> bool:
    while token.head is not head:
        if token.head is token:
            return False
        token = token.head
    return token.dep_ in _SET_OFF


def _is_someone(before: Token, after: Token, *, apart: bool) -> bool:
    """Whether a phrase names a speaker of its own.

    A name does; another phrase needs an article or stands for several, and must follow the "and" at once.
    """
    if after.tag_ in _NAME_TAGS and not any(child.lower_ in ("a", "an") for child in after.lefts):
        return True
    if after.tag_[:2] != "NN" and after.lower_ not in _OTHERS:
        return False
    between = before.doc[before.i + 1 : after.extent[0]]
    if apart or any(token.text == "," for token in between) or len(between) > 1:
        return False
    return stands_for_itself(after)


def stands_for_itself(head: Token) -> bool:
    """Whether a phrase that is no name stands for somebody: "his wife", "two aides", "others"."""
    return head.lower_ in _OTHERS or any(child.tag_ in _DETERMINERS for child in head.lefts)
