"""Inverted cues that the parse hides: a verb of saying between a quotation and its subject.

“And the cakes,” added Kitty.             →   added ← Kitty, though the parser has "added" as an adjective
“There's a wolf in it,” put in Hob.       →   put in ← Hob: a cue here, and nowhere else
Said Ellis: “The boat is gone.”           →   Said ← Ellis
Dam ‘unsafe’, says engineer Ida Fenwick   →   says ← Ida Fenwick

Only the order of the words counts here: the verb touches the quotation on one side and its subject on the
other, and the subject ends the clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from quotes import data
from quotes.parsing import Window
from quotes.parsing.masking import PLACEHOLDER
from quotes.parsing.mentions import CALENDAR, Form, Mention, title_length
from quotes.parsing.tokens import Token

_DASHES = frozenset([",", "-", "–", "—", "--"])
_STOPS = frozenset([".", "?", "!", "…", "..."])
_ENDS = frozenset(".,;:!?-–—…") | {"--", "..."}
_GOES_ON = frozenset("to as with in from at when while after before who but and again".split())
_PRONOUNS = frozenset(["he", "she", "i", "we", "they"])
_DETERMINERS = frozenset(["the", "a", "an", "his", "her", "my", "our", "their", "one", "another"])
# Before the colon of "Said Ellis, who mends nets: “…”", in tokens.
_LONGEST = 14
# A role and the name's first word, in tokens: "former harbour master Ida".
_LONGEST_ROLE = 5
_NOUNS = ("NN", "NNS", "NNP", "NNPS")


class Inverted(NamedTuple):
    """A cue in the tokens [first, last) and its source in the tokens [left, right)."""

    first: int
    last: int
    lemma: str
    left: int
    right: int
    source: Mention


def inverted(window: Window, tokens: list[Token], verbs: Mapping[str, data.Cue]) -> Iterator[Inverted]:
    """The inverted cues that begin with one of the writer's words in `tokens`, in text order.

    `verbs` are the cue verbs by their written forms.
    """
    openings = first_words()
    for token in tokens:
        if token.lower_ not in verbs and token.lower_ not in openings:
            continue
        behind = _is_behind(window, token.i)
        if not behind and not (token.text[0].isupper() and _opens(window, token.i)):
            continue
        found = _verb(token, verbs, behind=behind)
        subject = _subject(window, found[1]) if found is not None else None
        if found is None or subject is None:
            continue
        last, right = found[1], subject[1]
        if _closes(window, right) if behind else _announces(window, right):
            yield Inverted(token.i, last, found[0], last, right, _mention(window, *subject))


@cache
def first_words() -> frozenset[str]:
    """The words that begin one of the cues that are cues only behind a quotation: "put in", "soothed"."""
    return frozenset(form.split(" ", 1)[0] for form in data.cues().inverted)


def _is_behind(window: Window, i: int) -> bool:
    """Whether token i follows a quotation; one that is a fragment must be set off, as by a comma."""
    k = i - 1
    while k >= 0 and window.segment_at[k] < 0 and window.tokens[k].text in _DASHES:
        k -= 1
    return k >= 0 and window.segment_at[k] >= 0 and (window.tokens[k].text == PLACEHOLDER or k < i - 1)


def _opens(window: Window, i: int) -> bool:
    return i == 0 or window.tokens[i - 1].text in _STOPS or window.tokens[i - 1].text == PLACEHOLDER


def _verb(token: Token, verbs: Mapping[str, data.Cue], *, behind: bool) -> tuple[str, int] | None:
    """The lemma of the cue that begins with a token, and where it ends."""
    if behind and token.lower_ in first_words():
        for words in (2, 1):
            form = " ".join(one.lower_ for one in token.doc[token.i : token.i + words])
            if form in data.cues().inverted:
                return form, token.i + words
    verb = verbs.get(token.lower_)
    if verb is None or verb.form not in ("past", "third") or (not behind and verb.strength != "strong"):
        return None
    return (verb.lemma, token.i + 1) if token.i + 1 < len(token.doc) else None


def _subject(window: Window, start: int) -> tuple[int, int, Form] | None:
    """The tokens of the name, pronoun or short noun phrase at `start`, and which of them it is."""
    doc, own = window.tokens, window.segment_at
    start += _role_before_name(window, start)
    if start >= len(doc) or own[start] >= 0:
        return None
    if doc[start].lower_ in _PRONOUNS:
        return start, start + 1, "pronoun"
    if doc[start].text[0].isupper() and doc[start].lower_ not in _DETERMINERS:
        end = start
        while (
            end < len(doc)
            and own[end] < 0
            and doc[end].text[0].isupper()
            and doc[end].text.strip(".").isalpha()
        ):
            end += 1
        if doc[end - 1].lower_ in CALENDAR:
            return None
        return start + min(title_length([t.text for t in doc[start:end]]), end - start - 1), end, "name"
    if doc[start].lower_ in _DETERMINERS:
        end = start + 1
        while (
            end < min(len(doc), start + 4) and own[end] < 0 and doc[end].tag_ in ("JJ", "VBG", "VBN", *_NOUNS)
        ):
            end += 1
        return (start, end, "nominal") if doc[end - 1].tag_ in _NOUNS else None
    return None


def _role_before_name(window: Window, start: int) -> int:
    """How many tokens are a role in small letters before a name: 1 in "engineer Ida Fenwick"."""
    words: list[str] = []
    for token in window.tokens[start : start + _LONGEST_ROLE]:
        if window.segment_at[token.i] >= 0 or not token.text.isalpha():
            return 0
        if token.text[0].isupper():
            return len(words) if data.titles().ends_in_role(words, person=True) else 0
        words.append(data.fold(token.text))
    return 0


def _closes(window: Window, end: int) -> bool:
    """Whether the clause may end, or only a circumstance follows: added Kitty, with a smile."""
    if end >= len(window.tokens) or window.segment_at[end] >= 0:
        return True
    token = window.tokens[end]
    return (
        token.text in _ENDS
        or token.lower_ in _GOES_ON
        or (token.lower_.endswith("ly") and token.tag_ == "RB")
    )


def _announces(window: Window, end: int) -> bool:
    """Whether a quotation follows a comma, or a colon after what else is said of the subject."""
    doc, own = window.tokens, window.segment_at
    for i in range(end, min(len(doc) - 1, end + _LONGEST)):
        if own[i] >= 0 or doc[i].text in _STOPS:
            return False
        if own[i + 1] >= 0:
            return doc[i].text == ":" or (doc[i].text == "," and i == end)
    return False


def _mention(window: Window, first: int, last: int, form: Form) -> Mention:
    head = window.tokens[last - 1]
    plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in ("we", "they")
    return Mention(*window.range(first, last), form, head.lower_, plural, head.i, window.paragraph)
