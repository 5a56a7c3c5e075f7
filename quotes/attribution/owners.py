"""A noun for what is said, and its owner.

In Dr. Vale’s words, “…”   To use Quill’s phrase, “…”   Renn’s verdict: “…”      owner
“…” was how Renn put it.   “…” is the motto of the guild.   “…” was his verdict.  owner
“…,” came the reply from Renn.   Renn had one word for it: “…”                   owner
Renn’s tweet — “…” — was deleted.                                                owner

"In other words" and "the name of the fair" have no owner. "Quill said his view was “…”" tells of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.parsing import Window
from quotes.parsing.mentions import Mention, mention_at, possessive
from quotes.parsing.tokens import Token
from quotes.text.marks import MARKS

OWNER = "owner"

_BE = frozenset(["is", "are", "was", "were", "remains", "remained", "'s", "’s"])
_COME = frozenset(["came", "comes"])
_DASHES = frozenset(["-", "–", "—", "--"])
_STOPS = frozenset([".", "?", "!", ";"])
_NOUNS = frozenset(["NN", "NNS", "NNP", "NNPS"])
_WITHIN = frozenset(["JJ", "JJS", "JJR", "NN", "CD", "RB", "VBG", "VBN", "HYPH", "CC", "NNP"])
# One of these stands near every owner.
_SIGNS = ("’s ", "'s ", "s’ ", "s' ", " his ", " her ", " their ", "His ", "Her ", "Their ", " of ", " how ",
          " came ", " comes ", " had ", " has ")  # fmt: skip
_NEARBY = 120
# Tokens between the noun and the words, as in "her advice to all who asked was this: “…”".
_REACH = 14


def owner(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Quill’s verdict: “…”: whose verdict, words, motto or advice it is."""
    layout, this, text = scene.layout_of.get(segment), scene.segments.items[segment], scene.segments.text
    if layout is None:
        return
    window = layout.window
    first, last = window.where[segment]
    near = window.tokens[max(0, first - _REACH) : last + _REACH]
    if owned_nouns().isdisjoint([token.lower_ for token in near]):
        return
    beside = text[max(0, this.start - _NEARBY) : this.start] + text[this.end : this.end + _NEARBY]
    if not any(sign in beside for sign in _SIGNS):
        return
    inner = text[this.start : this.end].strip(MARKS + " ")
    dashed = last < len(window.tokens) and window.tokens[last].text in _DASHES
    found = _behind(window, last) or _before(window, first, inner, dashed) or _in_words(window, last)
    if found is None:
        return
    noun, who = found
    # Who has a message for somebody says it; what is in somebody's message is written.
    medium = data.cues().nouns.get(noun.lower_) if noun.dep_ != "dobj" else None
    cue = Cue(
        *window.range(noun.i, noun.i + 1), noun.i, noun.i + 1, noun.lower_, "strong",
        medium.channel if medium else "speech", who, "noun", noun.i, noun.i + 1,
    )  # fmt: skip
    yield Candidate(segment, OWNER, who, cue)


@cache
def owned_nouns() -> frozenset[str]:
    """One of these, too, stands near every owner; most quotations have none, and are skipped at once."""
    tweets = [noun for noun, medium in data.cues().nouns.items() if medium.channel == "tweet"]
    return frozenset([*data.marks().owned, *tweets, "how"])


def _before(window: Window, first: int, inner: str, dashed: bool) -> tuple[Token, Mention] | None:
    """In Vale’s words, “…”   Vale’s verdict on it was short: “…”   Her motto is “…”.

    `dashed` tells whether a dash follows the quotation: Vale’s tweet — “…” — was deleted.
    """
    tokens = window.tokens
    between: list[Token] = []
    for i in range(first - 1, max(-1, first - 1 - _REACH), -1):
        token = tokens[i]
        if window.segment_at[i] >= 0 or token.text in _STOPS:
            return None
        if dashed and [one.text in _DASHES for one in between] == [True] and _is_said(token):
            found = _owner(window, i)
            opens = found is not None and _opens(tokens[found[0] - 1].lower_ if found[0] else "")
            return (token, found[1]) if found is not None and opens else None
        if token.tag_ in _NOUNS and token.lower_ in data.marks().owned:
            found = _owner(window, i)
            if found is None:
                who = _having(window, token)
                return (token, who) if who is not None and _equates(token, "", between, inner) else None
            before = tokens[found[0] - 1].lower_ if found[0] else ""
            fixed = before in data.marks().using or (
                before == "in" and token.lower_ in data.marks().mottoes | data.marks().views
            )
            led = fixed and all(one.text in (",", ":") for one in between)
            return (token, found[1]) if led or _equates(token, before, between, inner) else None
        between.append(token)
    return None


def _opens(before: str) -> bool:
    """Whether a clause begins behind a word."""
    return not before or before in _STOPS or before in ("and", "but", "—", "–")


def _is_said(noun: Token) -> bool:
    """Whether a noun is one for what is said or tweeted, and not for a work."""
    medium = data.cues().nouns.get(noun.lower_)
    tweeted = medium is not None and medium.channel == "tweet"
    return noun.tag_ in _NOUNS and (tweeted or noun.lower_ in data.marks().owned)


def _having(window: Window, noun: Token) -> Mention | None:
    """Who has something to say: the subject of "Renn had one word for the plan"."""
    verb = noun.head
    denied = any(child.lower_ == "no" for child in noun.lefts) or any(c.dep_ == "neg" for c in verb.lefts)
    giving = verb.lower_ in data.marks().giving and verb.lower_ not in data.cues().verbs
    if noun.dep_ != "dobj" or denied or not giving:
        return None
    subject = next((child for child in verb.lefts if child.dep_ == "nsubj"), None)
    return mention_at(window, subject) if subject is not None else None


def _equates(noun: Token, before: str, between: list[Token], inner: str) -> bool:
    """Vale’s verdict (on it was short): “…”; her motto is “…”: a clause of its own, and no other verb."""
    if not _opens(before):
        return False
    opens = between[0].lower_ if between else ""
    if any(token.tag_[0] == "V" and token.lower_ not in _BE for token in between):
        return False
    return (opens == ":" and inner[-1:] != ",") or (opens in _BE and noun.lower_ in data.marks().mottoes)


def _behind(window: Window, last: int) -> tuple[Token, Mention] | None:
    """“…” was Vale’s verdict.   “…” is the motto of the guild.   “…,” came the reply from Vale."""
    tokens = window.tokens
    last += last < len(tokens) and tokens[last].text == ","
    comes = last < len(tokens) and tokens[last].lower_ in _COME
    if last + 2 >= len(tokens) or not (comes or tokens[last].lower_ in _BE):
        return None
    if tokens[last + 1].lower_ == "how":
        return _how(window, last + 2)
    for k in range(last + 1, min(last + 8, len(tokens))):
        token = tokens[k]
        if window.segment_at[k] >= 0 or token.is_punct or token.tag_ in ("VBD", "VBZ", "VBP", "VB"):
            return None
        if token.tag_ in _NOUNS and token.lower_ in data.marks().owned:
            owned = _owner(window, k)
            who = owned[1] if owned else _tied(window, k, "from" if comes else "of")
            return (token, who) if who is not None else None
    return None


def _in_words(window: Window, last: int) -> tuple[Token, Mention] | None:
    """“…,” in Vale’s words.   “…,” to use Vale’s phrase."""
    tokens = window.tokens
    i = last + (last < len(tokens) and tokens[last].text in (",", "—", "–"))
    if i + 2 >= len(tokens) or window.segment_at[i] >= 0:
        return None
    if tokens[i].lower_ != "in" and tokens[i + 1].lower_ not in data.marks().using:
        return None
    for k in range(i + 1, min(i + 8, len(tokens))):
        if window.segment_at[k] >= 0 or tokens[k].is_punct:
            return None
        if tokens[k].tag_ in _NOUNS and tokens[k].lower_ in data.marks().owned:
            found = _owner(window, k)
            known = tokens[k].lower_ in data.marks().mottoes | data.marks().views
            return (tokens[k], found[1]) if found and known else None
    return None


def _how(window: Window, start: int) -> tuple[Token, Mention] | None:
    """Was how Renn put it: the subject of the verb."""
    for token in window.tokens[start : start + 8]:
        if token.lower_ in data.marks().wording and window.segment_at[token.i] < 0:
            subject = next((child for child in token.lefts if child.dep_ == "nsubj"), None)
            who = mention_at(window, subject or window.tokens[token.i - 1])
            return (token, who) if who is not None else None
    return None


def _owner(window: Window, noun: int) -> tuple[int, Mention] | None:
    """Who stands in the possessive before a noun, and where its noun phrase begins: old Vale’s last word."""
    tokens = window.tokens
    for i in range(noun - 1, max(-1, noun - 5), -1):
        token = tokens[i]
        if window.segment_at[i] >= 0:
            return None
        if token.tag_ == "PRP$":
            who = possessive(window, token)
            return (i, who) if who is not None else None
        if i and (token.tag_ == "POS" or token.text in ("’s", "'s", "’", "'")):
            who = mention_at(window, tokens[i - 1])
            return (_begin(window, i - 1), who) if who is not None else None
        if token.tag_ not in _WITHIN:
            return None
    return None


def _begin(window: Window, head: int) -> int:
    """Where the noun phrase that ends in a token begins."""
    first = head
    while (
        first
        and window.segment_at[first - 1] < 0
        and window.tokens[first - 1].tag_ in _WITHIN | {"DT", "PRP$"}
    ):
        first -= 1
    return first


def _tied(window: Window, noun: int, tie: str) -> Mention | None:
    """Who stands after a noun's "of" or "from": the motto of the guild, the reply from the mayor."""
    after = window.tokens[noun + 1] if noun + 1 < len(window.tokens) else None
    if after is None or after.lower_ != tie:
        return None
    head = next((child for child in after.children if child.dep_ == "pobj"), None)
    return mention_at(window, head) if head is not None else None
