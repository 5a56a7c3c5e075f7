"""What the models of indirect speech ask of a parsed window: edges of subtrees, sentences, paths, lemmas.

Quill said the pier would close   →   the subtree of "close" is [the … close]; the path from it to the cue
                                      "said" is "ccomp|": up by ccomp, then down by nothing
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from quotes import data
from quotes.parsing import Window
from quotes.parsing.tokens import Token

Tokens = tuple[int, int]
"""A half-open range of tokens of one window."""

QUOTED = "QUOTE"
NONE = "-"
# A negative index counts from the end of a list, so one list of "-" serves on both sides.
_OUTSIDE = 3
# A longer path says little about what two words have to do with each other.
_LONGEST_PATH = 5
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_GOES_ON = frozenset({",", "—", "–", "--"})
_ENDINGS = (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
# A place in capitals, what stands behind it, and a dash; the tokens are joined by spaces.
_DATELINE = re.compile(
    r"[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+)*(?: ,(?: [\w.,]+){1,6}?)?(?: \( [\w /]+ \))? (?:—|–|--|-) "
)
_LONGEST_DATELINE = 16
_BUCKETS = (0, 1, 2, 3, 4, 6, 10, 20)


@dataclass(frozen=True, slots=True)
class Grammar:
    """A window with the edges of its subtrees. Token i's subtree is the tokens [left[i], right[i])."""

    window: Window
    left: list[int]
    right: list[int]
    root: list[int]
    """For each token, the root of its sentence."""
    opens: list[int]
    """For each token, the highest one whose subtree begins with it."""
    closes: list[int]
    """For each end of a token, the highest one whose subtree ends there, or -1; one more than tokens."""
    words: list[str]
    """The words in lower case, QUOTE for quoted words; then "-" for what is outside of the window."""
    tags: list[str]
    """The tags of the words, in the same way."""
    begins: int
    """The first token behind a dateline: "LOWMARSH (CNP) — The pier …"."""
    _paths: dict[Tokens, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, window: Window) -> Grammar:
        """The edges, found in one walk from the roots to the leaves and one back."""
        tokens = window.tokens
        size = len(tokens)
        left, right = list(range(size)), list(range(1, size + 1))
        root = list(range(size))
        order = [token for token in tokens if token.head_i == token.i]
        for token in order:
            for child in token.children:
                root[child.i] = root[token.i]
                order.append(child)
        opens, closes = [-1] * size, [-1] * (size + 1)
        for token in reversed(order):
            i, head = token.i, token.head_i
            left[head] = min(left[head], left[i])
            right[head] = max(right[head], right[i])
        for token in reversed(order):
            opens[left[token.i]] = closes[right[token.i]] = token.i
        words = [QUOTED if part >= 0 else t.lower_ for t, part in zip(tokens, window.segment_at, strict=True)]
        outside = [NONE] * _OUTSIDE
        tags = [token.tag_ for token in tokens]
        opening = _DATELINE.match(" ".join([token.text for token in tokens[:_LONGEST_DATELINE]]))
        begins = opening.group().count(" ") if opening else 0
        return cls(window, left, right, root, opens, closes, words + outside, tags + outside, begins)

    @property
    def tokens(self) -> list[Token]:
        """The window's tokens."""
        return self.window.tokens

    def word(self, i: int) -> str:
        """The word at a token in lower case; QUOTE for quoted words, "-" up to three tokens outside."""
        return self.words[i]

    def tag(self, i: int) -> str:
        """The tag of a token, "-" up to three tokens outside of the window."""
        return self.tags[i]

    def quoted(self, i: int) -> bool:
        """Whether a token belongs to quoted words."""
        return self.window.segment_at[i] >= 0

    def sentence(self, i: int) -> Tokens:
        """The sentence of a token, with the next one if a comma, a dash or a colon joins them."""
        root, tokens = self.root[i], self.tokens
        first, last = max(self.left[root], self.begins), self.right[root]
        for _ in range(2):
            if first > self.begins and tokens[first - 1].text in _GOES_ON:
                first = max(self.left[self.root[first - 1]], self.begins)
        for _ in range(2):
            if last < len(tokens) and (tokens[last - 1].text in _GOES_ON or tokens[last - 1].text == ":"):
                last = self.right[self.root[last]]
        return first, last

    def path(self, i: int, other: int) -> str:
        """The dependencies from one token up to the head they share, "|", and down to the other."""
        found = self._paths.get((i, other))
        if found is None:
            found = self._paths[i, other] = self._path(i, other)
        return found

    def _path(self, i: int, other: int) -> str:
        if self.root[i] != self.root[other]:
            return "none"
        tokens = self.tokens
        up, down = [i], [other]
        for way in (up, down):
            while len(way) <= _LONGEST_PATH and tokens[way[-1]].head_i != way[-1]:
                way.append(tokens[way[-1]].head_i)
        places = {token: place for place, token in enumerate(up)}
        shared = next((place for place, token in enumerate(down) if token in places), None)
        if shared is None:
            return "far"
        down = down[: shared + 1]
        steps = places[down[-1]]
        if steps + len(down) - 1 > _LONGEST_PATH:
            return "far"
        ups = "/".join([tokens[k].dep_ for k in up[:steps]])
        return ups + "|" + "\\".join([tokens[k].dep_ for k in reversed(down[:-1])])


def subject(token: Token) -> Token | None:
    """The subject of a verb, if the parser found one."""
    return next((child for child in token.children if child.dep_ in _SUBJECTS), None)


def noun_class(token: Token) -> str:
    """What kind of word names somebody: the pronoun itself, NNP, "T-person" for a title, or its tag."""
    tag = token.tag_
    if tag.startswith("PRP"):
        return token.lower_
    if tag.startswith("NNP"):
        return "NNP"
    noun = data.titles().nouns.get(token.lower_)
    return f"T-{noun.kind}" if noun else tag


@lru_cache(maxsize=1 << 12)
def bucket(number: int) -> str:
    """A number, rounded down to one of a few: "-6", "3", "20"."""
    size = abs(number)
    rounded = next(least for least in reversed(_BUCKETS) if least <= size)
    return f"-{rounded}" if number < 0 else str(rounded)


@lru_cache(maxsize=1 << 16)
def lemma(word: str) -> str:
    """One form for all forms of a word, in lower case: not always a word, as in "believ"."""
    irregular = data.attribution_words().irregular.get(word)
    if irregular is not None:
        word = irregular
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word
