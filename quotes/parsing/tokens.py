"""The tokens of a parse, as plain Python values.

Quill said.   →   [Quill, NNP, nsubj of said] [said, VBD, ROOT] [., ".", punct of said]

spaCy makes an object for each access to a token and a string for each access to an attribute, and the
matchers read each several times. Here, one array holds all attributes, and each is converted once, when the
turn of its document comes: all tokens of a batch together would keep the garbage collector busy. Children
are made when they are asked for: only few tokens are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import category

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.tokens import Doc

_COLUMNS: list[int | str] = ["IDX", "LENGTH", "TAG", "DEP", "HEAD"]
_UNSIGNED = 1 << 64
# The names of tags and relations, by spaCy's keys as signed numbers: a few dozen in all documents.
_NAMES: dict[int, str] = {}


@dataclass(slots=True, init=False, eq=False, repr=False)
class Token:
    """A token of a parsed text, with the attributes of spaCy's `Token` that the matchers read.

    `doc` holds all tokens of the text, and `idx` is the token's offset in the parsed text, in code points.
    Tokens refer to one another. Clear `doc` when they aren't needed any more, so that their memory is freed
    at once.
    """

    doc: list[Token]
    i: int
    idx: int
    text: str
    lower_: str
    tag_: str
    dep_: str
    head_i: int
    below: Mapping[int, Sequence[int]]
    """The places of the children of each token of the text that has any, in text order."""

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    @property
    def is_punct(self) -> bool:
        """Whether it is nothing but punctuation."""
        return all(category(character)[0] == "P" for character in self.text)

    @property
    def head(self) -> Token:
        """The token's head; a root is its own head."""
        return self.doc[self.head_i]

    @property
    def lefts(self) -> list[Token]:
        """Its children before it, in text order."""
        return [self.doc[i] for i in self.below.get(self.i, ()) if i < self.i]

    @property
    def rights(self) -> list[Token]:
        """Its children after it, in text order."""
        return [self.doc[i] for i in self.below.get(self.i, ()) if i > self.i]

    @property
    def children(self) -> list[Token]:
        """All its children, in text order."""
        return [self.doc[i] for i in self.below.get(self.i, ())]

    @property
    def extent(self) -> tuple[int, int]:
        """The half-open range of tokens from the first to the last of its subtree."""
        places = [self.i]
        for place in places:
            places += self.below.get(place, ())
        return min(places), max(places) + 1

    def is_ancestor(self, other: Token) -> bool:
        """Whether the other token is in its subtree."""
        while other.head_i != other.i:
            other = other.doc[other.head_i]
            if other is self:
                return True
        return False


def columns_of(doc: Doc) -> Any:
    """An array with the attributes of the tokens of a parsed `doc`, a row for each token."""
    # Signed numbers, because a head is given as an offset from its token.
    return doc.to_array(_COLUMNS).view("int64")


def tokens_of(doc: Doc, text: str) -> list[Token]:
    """The tokens of a parsed `doc`, whose text is `text`."""
    return tokens_from(columns_of(doc).T.tolist(), text, doc.vocab.strings)


def tokens_from(columns: Sequence[list[int]], text: str, strings: StringStore) -> list[Token]:
    """The tokens of a parsed text, from the lists of its `columns_of`; `strings` are the model's."""
    tokens = [Token() for _ in columns[0]]
    below: dict[int, list[int]] = defaultdict(list)
    # Attributes are set here, and not by arguments of `Token`: that takes two thirds of the time.
    for i, (token, idx, length, tag, dep, head) in enumerate(zip(tokens, *columns, strict=True)):
        token.doc, token.below = tokens, below
        token.i, token.idx, token.head_i = i, idx, i + head
        token.text = form = text[idx : idx + length]
        token.lower_ = form.lower()
        token.tag_ = _NAMES.get(tag) or _name(strings, tag)
        token.dep_ = _NAMES.get(dep) or _name(strings, dep)
        if head:
            below[i + head].append(i)
    return tokens


def _name(strings: StringStore, key: int) -> str:
    name = _NAMES[key] = strings[key % _UNSIGNED]
    return name
