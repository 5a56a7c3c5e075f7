"""A quotation's words for comparison: without case and punctuation, short forms expanded, gaps kept.

“We don’t … know [the mayor],” she said   →   we do not | … | know | […]
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

#: Omitted words, and words that the writer added.
GAP: Final = "…"
FILL: Final = "[…]"

_ELLIPSIS = r"(?:…|\.(?:[ \u00a0]?\.){2,})"
#: What stands for omitted words.
LEFT_OUT = re.compile(rf"[\[(]\s*{_ELLIPSIS}\s*[\])]|{_ELLIPSIS}|\u2026")
_STAGE = re.compile(
    r"[\[(](?:sic|laughs?|laughter|laughing|applause|cheers|cheering|boos|booing|pause|cross-?talk|inaudible|"
    r"unintelligible|ph|emphasis added)\.?[\])]",
    re.IGNORECASE,
)
# “[W]e” and “walk[ed]”: a letter or an ending changed within a word.
_MENDED = re.compile(r"(?<=\w)\[(\w{1,4})\]|\[(\w{1,4})\](?=\w)")
_BRACKETS = re.compile(r"\[[^\[\]]{1,120}\]")
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*[^\W_]*|[^\W\d_]+(?:'[^\W\d_]+)*|{GAP}|\ue000")
# The same words in a text as it is written; the letters of NFD have their accents behind them.
_LETTER, _ANY = r"(?:[^\W\d_]|[\u0300-\u036f])", r"(?:[^\W_]|[\u0300-\u036f])"
_WRITTEN = re.compile(
    rf"\[{_ANY}{{1,4}}\]{_LETTER}+|\d+(?:[.,]\d+)*{_ANY}*"
    rf"|{_LETTER}+(?:['’‘]{_LETTER}+)*(?:\[{_ANY}{{1,4}}\])?"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")

_SHORT = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "let's": "let us",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "ain't": "is not", "cause": "because",
    "ok": "okay", "til": "until", "till": "until",
}  # fmt: skip
_ENDINGS = (
    ("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'m", " am"), ("'d", " would"),
)  # fmt: skip
# After other words, 's is often a possessive.
_IS = re.compile(r"(he|she|it|that|there|here|what|who|where|how|this)'s")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero - two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
    if word != "-"  # "one" is a pronoun more often than a number
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}

#: Closed-class words that may change without changing the statement. Words that reverse a statement
#: (against, without, before, after, more, less, up, down) are not among them.
FUNCTION_WORDS: Final = frozenset(
    "a an the this that these those some any such and or but so as if because then than when while where "
    "who whom whose which what how there here of to in on at by for from with about into onto upon over "
    "through between among around within along toward towards is are was were be been being am do does "
    "did done doing have has had having will would shall should can could may might must just also too "
    "very really quite rather even still yet already now again only well okay oh uh um like yes please "
    "maybe perhaps actually basically certainly simply own same it its itself let i me my mine myself we "
    "us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself "
    "they them their theirs themselves one ones got get going go".split()
)

#: Whom a statement is about: exchanging one for another changes it.
PRONOUNS: Final = frozenset(
    "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she "
    "her hers herself they them their theirs themselves".split()
)

#: Words that reverse a statement.
NEGATIONS: Final = frozenset(
    "not no never none nobody nothing nowhere neither nor without against hardly".split()
)
_AMOUNTS = frozenset(
    "hundred hundreds thousand thousands million millions billion billions trillion trillions dozen dozens "
    "half twice double triple".split()
)


class Located(NamedTuple):
    """A word as it is compared, and the range of the text, half-open in code points, that it stands for."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Wording:
    """The parts of a quotation that are compared.

    `tokens` are its words in lower case as written; `segments` are the same with short forms expanded, split
    at gaps. `joints` has one entry between any two segments: GAP, FILL, or "" between two parts of a
    quotation. Gaps at either end are dropped, because any quotation may be cut there.
    """

    tokens: tuple[str, ...]
    segments: tuple[tuple[str, ...], ...]
    joints: tuple[str, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words, without gaps."""
        return tuple(word for segment in self.segments for word in segment)

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """All words, with GAP and FILL at their places."""
        found: list[str] = [*self.segments[0]] if self.segments else []
        for joint, segment in zip(self.joints, self.segments[1:], strict=True):
            found += [joint, *segment] if joint else segment
        return tuple(found)

    @cached_property
    def runs(self) -> tuple[tuple[str, ...], ...]:
        """Words in sequence: the segments, joined where nothing is omitted."""
        runs: list[tuple[str, ...]] = [*self.segments[:1]]
        for joint, segment in zip(self.joints, self.segments[1:], strict=True):
            if joint:
                runs.append(segment)
            else:
                runs[-1] += segment
        return tuple(runs)

    @cached_property
    def spaced(self) -> str:
        """The sequence as a string for searching, each word between two spaces."""
        return f" {' '.join(self.sequence)} "


def wording(text: str, lengths: tuple[int, ...] = ()) -> Wording:
    """Split a quotation's text into words; `lengths` are the lengths of its parts in code points."""
    tokens: list[str] = []
    for number, part in enumerate(_parts(text, lengths)):
        found = _tokens(part)
        if number and found:
            tokens.append("")
        tokens += found
    while tokens and tokens[0] in (GAP, ""):
        del tokens[0]
    while tokens and tokens[-1] in (GAP, ""):
        del tokens[-1]
    segments: list[tuple[str, ...]] = [()]
    joints: list[str] = []
    for token in tokens:
        if token in (GAP, FILL, ""):
            if segments[-1]:
                segments.append(())
                joints.append(token)
            elif joints:
                joints[-1] = joints[-1] or token
        else:
            segments[-1] += _expanded(token)
    if not segments[-1]:
        segments.pop()
        joints = joints[: max(0, len(segments) - 1)]
    return Wording(tuple(token for token in tokens if token), _counted(segments), tuple(joints))


def located(text: str) -> list[Located]:
    """The words of a text as `wording` compares them, each with its place; stage directions are left out."""
    stage = [match.span() for match in _STAGE.finditer(text)] if "[" in text or "(" in text else []
    found: list[Located] = []
    for match in _WRITTEN.finditer(text):
        start, end = match.span()
        if any(first <= start and end <= last for first, last in stage):
            continue
        for word in _words_of(match[0]):
            if found and _is_unit(word) and _is_tens(found[-1].word):
                tens = found.pop()
                found.append(Located(str(int(tens.word) + int(word)), tens.start, end))
            else:
                found.append(Located(word, start, end))
    return found


@lru_cache(maxsize=1 << 16)
def _words_of(written: str) -> tuple[str, ...]:
    tokens = _tokens(written.replace("[", "").replace("]", ""))
    return tuple(word for token in tokens for word in _expanded(token))


def is_content(word: str) -> bool:
    """Whether a word has a meaning of its own."""
    return word not in FUNCTION_WORDS


def is_fact(word: str) -> bool:
    """Whether a word is a number, an amount or a negation: changing it changes the facts."""
    return word in NEGATIONS or word in _AMOUNTS or word[0].isdigit()


def _parts(text: str, lengths: tuple[int, ...]) -> list[str]:
    if len(lengths) < 2 or sum(lengths) + len(lengths) - 1 != len(text):
        return [text]
    parts, at = [], 0
    for length in lengths:
        parts.append(text[at : at + length])
        at += length + 1
    return parts


def _tokens(text: str) -> list[str]:
    text = text.casefold()
    if not text.isascii():
        # Before NFKD, which would turn an ellipsis into three dots, too.
        text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'").replace(GAP, "..."))
        text = "".join(character for character in text if not unicodedata.combining(character))
    if "[" in text or "(" in text or ".." in text or ". ." in text:
        text = LEFT_OUT.sub(f" {GAP} ", text.replace("\ue000", " "))
        text = _STAGE.sub(" ", text)
        text = _MENDED.sub(lambda match: match[1] or match[2], text)
        text = _BRACKETS.sub(" \ue000 ", text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    return [FILL if token == "\ue000" else token for token in _TOKEN.findall(text)]


@lru_cache(maxsize=1 << 15)
def _expanded(token: str) -> tuple[str, ...]:
    if token in _SHORT:
        return tuple(_SHORT[token].split())
    if token in _NUMBERS:
        return (str(_NUMBERS[token]),)
    if token in _TENS:
        return (str(_TENS[token]),)
    if "'" in token:
        if found := _IS.fullmatch(token):
            return (found[1], "is")
        for ending, long in _ENDINGS:
            if token.endswith(ending) and len(token) > len(ending):
                return (token.removesuffix(ending), *long.split())
    return (token,)


def _counted(segments: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Join tens and units: "twenty-five" is 25."""
    counted = []
    for segment in segments:
        words: list[str] = []
        for word in segment:
            if words and _is_unit(word) and _is_tens(words[-1]):
                words[-1] = str(int(words[-1]) + int(word))
            else:
                words.append(word)
        counted.append(tuple(words))
    return tuple(counted)


def _is_unit(word: str) -> bool:
    return len(word) == 1 and word.isdecimal() and word != "0"


def _is_tens(word: str) -> bool:
    return len(word) == 2 and word.isdecimal() and word[1] == "0" and word[0] not in "01"
