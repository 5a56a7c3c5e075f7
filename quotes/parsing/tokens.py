"""The tokens of a parse, as plain Python values.

Quill said.   →   [Quill, NNP, nsubj of said] [said, VBD, ROOT] [., ".", punct of said]

spaCy makes an object for each access to a token and a string for each access to an attribute, and the
matchers read each several times. Here, one array holds all attributes, and each is converted once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_COLUMNS: list[int | str] = ["IDX", "LENGTH", "TAG", "DEP", "HEAD", "IS_PUNCT"]
_UNSIGNED = 1 << 64
# The names of tags and relations, by spaCy's keys as signed numbers: a few dozen in all documents.
_NAMES: dict[int, str] = {}


class Token:
    """A token of a parsed text, with the attributes of spaCy's `Token` that the matchers read.

    `doc` holds all tokens of the text, and `idx` is the token's offset in the parsed text, in code points.
    Tokens refer to one another. Clear `doc` when they aren't needed any more, so that their memory is freed
    at once.
    """

    __slots__ = (
        "_head",
        "_lefts",
        "_rights",
        "dep_",
        "doc",
        "i",
        "idx",
        "is_punct",
        "lower_",
        "tag_",
        "text",
    )

    def __init__(
        self, doc: list[Token], i: int, idx: int, text: str, tag: str, dep: str, head: int, is_punct: bool
    ) -> None:
        self.doc = doc
        self.i = i
        self.idx = idx
        self.text = text
        self.lower_ = text.lower()
        self.tag_ = tag
        self.dep_ = dep
        self.is_punct = is_punct
        self._head = head
        self._lefts: tuple[Token, ...] = ()
        self._rights: tuple[Token, ...] = ()

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return len(self.text)

    @property
    def head(self) -> Token:
        """The token's head; a root is its own head."""
        return self.doc[self._head]

    @property
    def lefts(self) -> tuple[Token, ...]:
        """Its children before it, in text order."""
        return self._lefts

    @property
    def rights(self) -> tuple[Token, ...]:
        """Its children after it, in text order."""
        return self._rights

    @property
    def children(self) -> tuple[Token, ...]:
        """All its children, in text order."""
        return self._lefts + self._rights

    @property
    def extent(self) -> tuple[int, int]:
        """The half-open range of tokens from the first to the last of its subtree."""
        if not (self._lefts or self._rights):
            return self.i, self.i + 1
        found = [self]
        for token in found:
            found += token._lefts
            found += token._rights
        places = [token.i for token in found]
        return min(places), max(places) + 1

    def is_ancestor(self, other: Token) -> bool:
        """Whether the other token is in its subtree."""
        while other._head != other.i:
            other = other.doc[other._head]
            if other is self:
                return True
        return False


def tokens_of(doc: Doc, text: str) -> list[Token]:
    """The tokens of a parsed `doc`, whose text is `text`."""
    # Signed numbers, because a head is given as an offset from its token.
    columns = doc.to_array(_COLUMNS).astype("int64").T.tolist()
    tokens: list[Token] = []
    for i, (idx, length, tag, dep, head, is_punct) in enumerate(zip(*columns, strict=True)):
        form = text[idx : idx + length]
        tag_ = _NAMES.get(tag) or _name(doc, tag)
        dep_ = _NAMES.get(dep) or _name(doc, dep)
        tokens.append(Token(tokens, i, idx, form, tag_, dep_, i + head, is_punct != 0))
    for i, token in enumerate(tokens):
        head = token._head
        if head > i:
            tokens[head]._lefts += (token,)
        elif head < i:
            tokens[head]._rights += (token,)
    return tokens


def _name(doc: Doc, key: int) -> str:
    name = _NAMES[key] = doc.vocab.strings[key % _UNSIGNED]
    return name
