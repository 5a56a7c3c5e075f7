"""The tokens of a parse, as plain Python values.

Quill said.   →   [Quill, NNP, nsubj of said] [said, VBD, ROOT] [., ".", punct of said]

spaCy makes an object for each access to a token and a string for each access to an attribute, and the
matchers read each several times. Here, one array holds all attributes, and each is converted once, when the
turn of its document comes: all tokens of a batch together would keep the garbage collector busy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.tokens import Doc

_COLUMNS: list[int | str] = ["IDX", "LENGTH", "TAG", "DEP", "HEAD", "IS_PUNCT"]
_UNSIGNED = 1 << 64
# The names of tags and relations, by spaCy's keys as signed numbers: a few dozen in all documents.
_NAMES: dict[int, str] = {}


@dataclass(slots=True, eq=False, repr=False)
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
    is_punct: bool
    lefts: tuple[Token, ...] = ()
    """Its children before it, in text order."""
    rights: tuple[Token, ...] = ()
    """Its children after it, in text order."""

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    @property
    def head(self) -> Token:
        """The token's head; a root is its own head."""
        return self.doc[self.head_i]

    @property
    def children(self) -> tuple[Token, ...]:
        """All its children, in text order."""
        return self.lefts + self.rights

    @property
    def extent(self) -> tuple[int, int]:
        """The half-open range of tokens from the first to the last of its subtree."""
        if not (self.lefts or self.rights):
            return self.i, self.i + 1
        found = [self]
        for token in found:
            found += token.lefts
            found += token.rights
        places = [token.i for token in found]
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
    return tokens_from(columns_of(doc), text, doc.vocab.strings)


def tokens_from(columns: Any, text: str, strings: StringStore) -> list[Token]:
    """The tokens of a parsed text, from its `columns_of`; `strings` are the model's."""
    tokens: list[Token] = []
    for i, (idx, length, tag, dep, head, is_punct) in enumerate(zip(*columns.T.tolist(), strict=True)):
        form = text[idx : idx + length]
        tag_ = _NAMES.get(tag) or _name(strings, tag)
        dep_ = _NAMES.get(dep) or _name(strings, dep)
        tokens.append(Token(tokens, i, idx, form, form.lower(), tag_, dep_, i + head, is_punct != 0))
    for i, token in enumerate(tokens):
        head = token.head_i
        if head > i:
            tokens[head].lefts += (token,)
        elif head < i:
            tokens[head].rights += (token,)
    return tokens


def _name(strings: StringStore, key: int) -> str:
    name = _NAMES[key] = strings[key % _UNSIGNED]
    return name
