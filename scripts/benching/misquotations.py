"""An archive of statements, and quotations of them that are changed as newspapers and forgers change them.

The statements are sentences of PolNeAR's train part, without their quotation marks, put into the mouths of
invented people as the turns of transcripts. Nothing of it is written to the disk.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from quotes.records import Document, DocumentRecord, Quotation, quote_id
from quotes.text.sentences import sentences
from quotes.variants.words import NEGATIONS, is_content, is_fact, wording

#: The changes, with the verdict that is right for each, and how often each is made.
EDITS: Final[dict[str, tuple[str, int]]] = {
    "untouched": ("verbatim", 22),
    "fragment": ("verbatim", 12),
    "punctuation": ("marks", 5),
    "short forms": ("marks", 4),
    "ellipsis": ("cut", 5),
    "left out": ("cut", 4),
    "bracket": ("cut", 3),
    "joined": ("cut", 4),
    "content word": ("altered", 9),
    "number": ("altered", 5),
    "negation": ("altered", 5),
    "another's": ("other_speaker", 8),
    "paraphrase": ("not_found", 6),
    "never said": ("not_found", 8),
}
_FIRST = (
    "Ada Bram Cora Dov Edda Finn Greta Hal Ines Joss Kira Lorn Mina Nils Orla Pell Rhea Sten Tove".split()
)
_LAST = (
    "Quill Renn Vale Brody Cruz Tolland Tranter Hale Sark Fenwick Pellow Strand Ostler Maddern Kestle Wray "
    "Harrow Lorne Birk Tamsin"
).split()
_TURN = 5  # sentences
_SHORTEST, _LONGEST = 8, 45  # words
_TURNING = frozenset("not never if unless whether that say says said think believe nobody without".split())
_SHORTEST_CLAUSE = 5  # words
# Where a quotation may begin and end so that a listed word, or none, stands beside it.
_OPENS = re.compile(
    r"(?:(?<=[,;—–-] )|\b(?:that|if|not|never|whether|unless|because|and|but|which|who|said|say|says|believe|"
    r"think|claim|claimed|claims|lie|false|nonsense|myth|without|nobody)\s+)(?=\w)"
)
_CLOSES = re.compile(
    r"[,;.—–]|\s(?=(?:if|unless|but|and|because|according|is|was|not|or|only|they|some|people|my)\b)"
)
_SHORT = {
    "do not": "don’t", "does not": "doesn’t", "did not": "didn’t", "is not": "isn’t", "are not": "aren’t",
    "will not": "won’t", "can not": "can’t", "cannot": "can’t", "have not": "haven’t", "it is": "it’s",
    "we are": "we’re", "they are": "they’re", "we have": "we’ve", "we will": "we’ll", "would not": "wouldn’t",
}  # fmt: skip
_MARKS = re.compile("[“”„\"«»‘`]|(?<!\\w)['’]|['’](?!\\w)")
_NUMBER = re.compile(r"\b\d{1,3}\b")


class Statement(NamedTuple):
    """A sentence, who said it, and the number of its turn."""

    text: str
    speaker: str
    turn: int


@dataclass
class Archive:
    """Sources, quotations of them, and of each quotation, by its document's id, edit and right verdict."""

    sources: list[Document] = field(default_factory=list)
    records: list[DocumentRecord] = field(default_factory=list)
    truth: dict[str, tuple[str, str]] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)


def make_archive(folder: Path, size: int, quotations: int, seed: int) -> Archive:
    """`size` sentences of a folder of texts as sources, and so many quotations of them."""
    rng = random.Random(seed)
    files = sorted(folder.glob("*.txt"))
    rng.shuffle(files)
    told = [_statements(path.read_text(encoding="utf-8")) for path in files]
    archive = Archive()
    used = 0
    for number, lines in enumerate(told):
        if len(archive.statements) >= size:
            break
        used = number + 1
        _add_source(archive, number, lines, rng)
    known = {run for one in archive.statements for run in _runs(one.text)}
    others = [line for lines in told[used:] for line in lines if known.isdisjoint(_runs(line))]
    maker = _Maker(archive.statements, others, rng)
    edits = [edit for edit, (_, weight) in EDITS.items() for _ in range(weight)]
    while len(archive.records) < quotations:
        edit = rng.choice(edits)
        if (made := maker.make(edit)) is not None:
            doc_id = f"article-{len(archive.records)}"
            archive.records.append(_record(doc_id, *made))
            archive.truth[doc_id] = edit, EDITS[edit][0]
    return archive


def make_quotations(told: Sequence[str], quotations: int, seed: int) -> Iterator[DocumentRecord]:
    """Quotations of sentences whose speakers nobody knows, edited in the same shares; one at a time."""
    rng = random.Random(seed)
    fit = [
        Statement(text, "Ada Quill", at)
        for at, text in enumerate(told)
        if _SHORTEST <= len(text.split()) <= _LONGEST
    ]
    shuffled = [" ".join(rng.sample(words, len(words))) for words in (one.text.split() for one in fit)]
    maker = _Maker(fit, shuffled, rng)
    edits = [edit for edit, (_, weight) in EDITS.items() for _ in range(weight) if edit != "another's"]
    made = 0
    while made < quotations:
        if (one := maker.make(rng.choice(edits))) is not None:
            yield _record(f"article-{made}", *one)
            made += 1


def make_clauses(statements: Sequence[Statement], seed: int) -> Iterator[tuple[Statement, DocumentRecord]]:
    """Parts of statements, from one clause's edge to another's: what is left out may turn them."""
    rng = random.Random(seed)
    for number, one in enumerate(statements):
        start = rng.choice([0, *(edge.end() for edge in _OPENS.finditer(one.text))])
        ends = [*(edge.start() for edge in _CLOSES.finditer(one.text)), len(one.text)]
        fit = [end for end in ends if len(one.text[start:end].split()) >= _SHORTEST_CLAUSE]
        end = rng.choice(fit) if fit else start
        if end > start and (start, end) != (0, len(one.text)):
            yield one, _record(f"clause-{number}", one.text[start:end].strip(), one.speaker)


def _statements(text: str) -> list[str]:
    found = []
    for start, end in sentences(text, 0, len(text), longest=1000):
        for line in text[start:end].split("\n"):
            plain = " ".join(_MARKS.sub("", line).replace(":", ",").split())
            if _SHORTEST <= len(plain.split()) <= _LONGEST:
                found.append(plain)
    return list(dict.fromkeys(found))


def _add_source(archive: Archive, number: int, lines: Sequence[str], rng: random.Random) -> None:
    people = rng.sample([f"{first} {last}" for first in _FIRST for last in _LAST], 2)
    if people[0].split()[1] == people[1].split()[1]:
        people[1] = "Wilm Aske"
    turns = [lines[at : at + _TURN] for at in range(0, len(lines), _TURN)]
    if len(turns) < 2:
        return
    text = []
    for at, turn in enumerate(turns):
        speaker = people[at % 2]
        text.append(f"{speaker.upper()}: {' '.join(turn)}")
        archive.statements += [Statement(line, speaker, number * 1000 + at) for line in turn]
    archive.sources.append(Document(doc_id=f"transcript-{number}", text="\n\n".join(text)))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = wording(text).words
    return (words[at : at + 5] for at in range(len(words) - 4))


def _record(doc_id: str, said: str, speaker: str) -> DocumentRecord:
    text = f"“{said}” {speaker} said."
    document = Document(doc_id=doc_id, text=text)
    parts = ((0, len(said) + 2),)
    quotation = Quotation(
        quote_id=quote_id(document.text_sha256, parts),
        kind="direct",
        channel="speech",
        parts=parts,
        text=text[: parts[0][1]],
        speaker=None,
        speaker_name=speaker,
        speaker_kind="person",
        cue=None,
        rule="invented",
        confidence=1.0,
    )
    return DocumentRecord(doc_id=doc_id, text_sha256=document.text_sha256, quotations=(quotation,))


class _Maker:
    def __init__(self, statements: Sequence[Statement], others: Sequence[str], rng: random.Random) -> None:
        self._statements = statements
        self._others = others
        self._rng = rng
        self._people = sorted({one.speaker for one in statements})
        words = [word.strip(".,;!?") for one in statements for word in one.text.split()]
        self._content = [word for word in words if word.isalpha() and word.islower() and is_content(word)]
        self._edits: dict[str, Callable[[Statement], str | None]] = {
            "untouched": lambda one: one.text,
            "fragment": self._fragment,
            "punctuation": self._punctuation,
            "short forms": self._short_forms,
            "ellipsis": lambda one: self._shorter(one, " … "),
            "left out": lambda one: self._shorter(one, " "),
            "bracket": self._bracket,
            "joined": self._joined,
            "content word": self._content_word,
            "number": self._number,
            "negation": self._negation,
            "another's": lambda one: one.text,
            "paraphrase": self._paraphrase,
            "never said": lambda _: rng.choice(others),
        }

    def make(self, edit: str) -> tuple[str, str] | None:
        """A quotation and its speaker; None if the edit doesn't fit the statement that was drawn."""
        one = self._rng.choice(self._statements)
        said = self._edits[edit](one)
        if said is None:
            return None
        speaker = one.speaker
        if edit == "another's":
            speaker = self._rng.choice(
                [name for name in self._people if name.split()[1] != one.speaker.split()[1]]
            )
        return said, speaker

    def _fragment(self, one: Statement) -> str | None:
        words = one.text.split()
        size = self._rng.randrange(6, len(words))
        start = self._rng.randrange(len(words) - size + 1)
        beside = words[max(0, start - 3) : start] + words[start + size : start + size + 3]
        if _TURNING.intersection(word.strip(".,;").lower() for word in beside):
            return None
        return " ".join(words[start : start + size])

    def _punctuation(self, one: Statement) -> str | None:
        changed = (
            one.text.replace(", ", " ", 1) if ", " in one.text else one.text.replace(" and ", ", and ", 1)
        )
        return changed if changed != one.text else None

    def _short_forms(self, one: Statement) -> str | None:
        for long, short in _SHORT.items():
            if f" {long} " in one.text:
                return one.text.replace(f" {long} ", f" {short} ", 1)
            if f" {short} " in one.text:
                return one.text.replace(f" {short} ", f" {long} ", 1)
        return None

    def _shorter(self, one: Statement, by: str) -> str | None:
        words = one.text.split()
        if len(words) < 14:
            return None
        size = self._rng.randrange(2, 7)
        start = self._rng.randrange(4, len(words) - size - 3)
        gone = wording(" ".join(words[start : start + size])).words
        if NEGATIONS.intersection(gone) or tuple(words[start + size : start + 2 * size]) == tuple(gone):
            return None
        return " ".join(words[:start]) + by + " ".join(words[start + size :])

    def _bracket(self, one: Statement) -> str | None:
        words = one.text.split()
        at = self._rng.randrange(2, len(words) - 2)
        if not words[at].isalpha() or words[at].lower() in NEGATIONS:
            return None
        return " ".join([*words[:at], "[the council]", *words[at + 1 :]])

    def _joined(self, one: Statement) -> str | None:
        turn = [other for other in self._statements if other.turn == one.turn]
        at = turn.index(one)
        if at + 2 >= len(turn):
            return None
        other = turn[self._rng.randrange(at + 2, len(turn))]
        return f"{one.text}{self._rng.choice([' ', ' … '])}{other.text}"

    def _content_word(self, one: Statement) -> str | None:
        words = one.text.split()
        fit = [
            at for at, word in enumerate(words) if word.isalpha() and word.islower() and is_content(word)
            and not is_fact(word)
        ]  # fmt: skip
        if not fit:
            return None
        at = self._rng.choice(fit)
        new = self._rng.choice(self._content)
        if is_fact(new) or new == words[at]:
            return None
        return " ".join([*words[:at], new, *words[at + 1 :]])

    def _number(self, one: Statement) -> str | None:
        found = _NUMBER.search(one.text)
        if not found:
            return None
        new = str(int(found[0]) + self._rng.choice([1, 2, 5, 10, 40]))
        return one.text[: found.start()] + new + one.text[found.end() :]

    def _negation(self, one: Statement) -> str | None:
        for word in (" not ", " never ", " no "):
            if word in one.text:
                return one.text.replace(word, " ", 1)
        for word in (" is ", " are ", " was ", " will ", " would "):
            if word in one.text:
                return one.text.replace(word, f"{word}not ", 1)
        return None

    def _paraphrase(self, one: Statement) -> str:
        """The same topic in other words: half of the content words exchanged, the halves turned round."""
        words = [
            self._rng.choice(self._content) if is_content(word.lower()) and self._rng.random() < 0.5 else word
            for word in one.text.rstrip(".").split()
        ]
        half = len(words) // 2
        return " ".join([*words[half:], "and", *words[:half]])
