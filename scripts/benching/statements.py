"""An archive of invented articles in which it is known which quotations are of one utterance.

Each utterance is quoted once or several times, each time perhaps edited as newspapers do: other marks, cut,
with an ellipsis or brackets, a small word changed, one word or number wrong. Among them stands what looks
alike and isn't: the same speaker's similar statements, and stock phrases that everybody says.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from quotes import data
from quotes.records import DocumentRecord, Metadata, Quotation, Span, quote_id

_NOUNS = (
    "pier harbour school bridge tunnel dam council ferry market library station hospital budget levy treaty "
    "inquiry report audit contract permit fence reservoir orchard quarry mill foundry depot archive museum "
    "theatre lighthouse sluice canal railway airport prison shelter kitchen nursery clinic fleet union "
    "strike ballot charter licence pension subsidy tariff ruling appeal verdict warrant subpoena "
    "settlement merger flood storm drought landslide outage blackout leak fire collapse shortage surplus "
    "deficit"
).split()
_ADJECTIVES = (
    "old new northern southern public private costly empty broken secret local foreign modern rotten sound "
    "narrow generous reckless careful unfair legal urgent quiet proud early late disputed promised"
).split()
_VERBS = (
    "rebuild close open sell buy inspect defend abandon finance delay cancel approve reject sign publish "
    "repair flood drain search guard clean paint move lease insure measure photograph examine question praise"
).split()
_PLACES = (
    "Port Ellery,Bexley,Tarn Cross,Merrow,Quillhaven,the north shore,the old town,Salt Row,Fenwick,"
    "the upper valley,Harrow Point,the docks,Stone Ferry,Lower Pell"
).split(",")
_TIMES = (
    "next week,by spring,before the election,this winter,after the hearing,tomorrow morning,in the autumn,"
    "since March,within a month,on the first of May,before the frost,year after year"
).split(",")
_FRAMES = (
    "we will {v} the {a} {n} in {p} {t}",
    "I never told anyone that the {n} was {a} and I would not say so {t}",
    "the {n} is {a}, the {n2} is {a2} and nobody in {p} wants to {v} either of them",
    "they asked us to {v} {d} {n}s and a {n2}, and we did not {v2} a single one",
    "if you {v} the {n} {t} you will have to {v2} the {n2} as well",
    "there were {d} people at the {n} when the {n2} came",
    "I have not had a {a} {n} with the people of {p} about that",
    "nobody can {v} a {n} without the {n2}, and the {n2} is in {p}",
    "my family has lived beside the {n} for {d} years",
    "what happened in {p} was no {n}, it was a {a} {n2}",
    "I was not there when they came to {v} the {n}",
    "this {n} has cost every family in {p} about {d} crowns",
    "you cannot {v} your way out of a {a} {n}",
    "we trusted the {n}, and the {n} was {a}",
)
_JOINTS = (", and ", ". ", ", but ", "; ", ", because ")
_STOCK = (
    "we do not comment on matters that are before the court",
    "our thoughts are with the families of the victims tonight",
    "I have nothing to add to what was said this morning",
    "we are looking into it and will have more to say later",
    "I am proud of everyone who worked so hard on this",
    "the safety of our passengers is our first concern",
    "I want to thank everybody who came out here today",
    "no comment", "yes", "of course not", "it is what it is", "we will see what happens",
)  # fmt: skip
_SYLLABLES = (
    "Bar Cor Dun El Far Gal Har Ing Jar Kel Lor Mar Nor Os Pel Quar Ros Sal Tarn Ul Ven Wes Yar Zel".split(),
    ["", *"ber cas den fen gar hol lan ming ner pen ring son ter".split()],
    "ley wick ton ham ford by stead more dale worth mond shaw low croft gate".split(),
)
_OUTLETS = tuple(f"The {town} {paper}" for town in ("Ellery", "Bexley", "Merrow", "Fenwick")
                 for paper in ("Echo", "Post", "Ledger", "Courier", "Observer"))  # fmt: skip
_SMALL = {"the": "that", "a": "the", "will": "would", "was": "is", "is": "was", "has": "had", "that": "which"}


class Speaker(NamedTuple):
    """Somebody invented."""

    first: str
    last: str


class Said(NamedTuple):
    """One quotation: of which utterance it is, and how this document writes it."""

    utterance: int
    speaker: Speaker
    text: str
    edit: str


class Archive(NamedTuple):
    """Records, and for each `doc_id` and `quote_id` the utterance's number and the edit."""

    records: list[DocumentRecord]
    truth: dict[tuple[str, str], tuple[int, str]]


def make_archive(quotations: int, seed: int = 1) -> Archive:
    """Invent an archive of about so many quotations; the same seed gives the same archive."""
    chance = random.Random(seed)
    documents: list[list[Said]] = [[] for _ in range(max(2, quotations // 8))]
    for said in _statements(quotations, chance):
        documents[chance.randrange(len(documents))].append(said)
    records, truth = [], {}
    for number, document in enumerate(documents):
        record = _record(number, document, chance)
        records.append(record)
        for quotation, said in zip(record.quotations, document, strict=True):
            truth[record.doc_id, quotation.quote_id] = said.utterance, said.edit
    return Archive(records, truth)


def _statements(quotations: int, chance: random.Random) -> Iterator[Said]:
    """Statements with their variants: a few people are quoted very often, most hardly ever."""
    speakers = invented_speakers(max(20, quotations // 25), chance)
    weights = [1 / (rank + 10) for rank in range(len(speakers))]
    numbers: dict[tuple[Speaker, str], int] = {}
    made = 0
    while made < quotations:
        [speaker] = chance.choices(speakers, weights)
        statement = _statement(chance) if chance.random() > 0.06 else chance.choice(_STOCK)
        several = [statement]
        if chance.random() < 0.15 and statement not in _STOCK:
            several.append(_sibling(statement, chance))
        for words in several:
            number = numbers.setdefault((speaker, words), len(numbers))
            for _ in range(min(25, 1 + int(chance.expovariate(1 / 1.4)))):
                edit, text = _edited(words, chance)
                yield Said(number, speaker, text, edit)
                made += 1


def invented_speakers(number: int, chance: random.Random) -> list[Speaker]:
    """So many people; some share a surname, few the whole name."""
    firsts = sorted(name.title() for name in data.first_names().genders)
    lasts = ["".join(syllables) for syllables in product(*_SYLLABLES)]
    return [Speaker(chance.choice(firsts), chance.choice(lasts)) for _ in range(number)]


def _clause(chance: random.Random) -> str:
    nouns, adjectives, verbs = (
        chance.sample(_NOUNS, 2),
        chance.sample(_ADJECTIVES, 2),
        chance.sample(_VERBS, 2),
    )
    return chance.choice(_FRAMES).format(
        n=nouns[0], n2=nouns[1], a=adjectives[0], a2=adjectives[1], v=verbs[0], v2=verbs[1],
        p=chance.choice(_PLACES), t=chance.choice(_TIMES), d=chance.randint(2, 900),
    )  # fmt: skip


def _statement(chance: random.Random) -> str:
    statement = _clause(chance)
    while chance.random() < 0.45:
        statement += chance.choice(_JOINTS) + _clause(chance)
    return statement


def _sibling(statement: str, chance: random.Random) -> str:
    """Another statement that looks alike: other things in a short one, another clause in a long one."""
    words = statement.split()
    spots = [
        at for at, word in enumerate(words) if re.sub(r"\W", "", word) in {*_NOUNS, *_VERBS, *_ADJECTIVES}
    ]
    for at in chance.sample(spots, min(len(spots), 1 + len(words) // 12)):
        bare = re.sub(r"\W", "", words[at])
        kind = next(words for words in (_NOUNS, _VERBS, _ADJECTIVES) if bare in words)
        words[at] = words[at].replace(bare, chance.choice([other for other in kind if other != bare]))
    return " ".join(words)


def _edited(statement: str, chance: random.Random) -> tuple[str, str]:
    """The statement as an article has it, and what was done to it."""
    words = statement.split()
    edit = chance.choices(
        ("none", "marks", "cut", "ellipsis", "brackets", "small", "word", "fact"), (34, 22, 15, 7, 6, 9, 4, 3)
    )[0]
    length = len(words)
    if edit == "cut" and length > 4:
        start = chance.choice([0, 0, chance.randrange(length // 2)])
        words = words[start : chance.randint(max(start + 3, length // 2), length)]
    elif edit == "ellipsis" and length > 9:
        at = chance.randrange(3, length - 5)
        words[at : at + chance.randint(1, 3)] = ["…"]
    elif edit == "brackets" and length > 6:
        at = chance.randrange(length)
        words[at : at + chance.randint(1, 2)] = [f"[{chance.choice(_PLACES)}]"]
    elif edit == "small" and (spots := [at for at, word in enumerate(words) if word in _SMALL]):
        for at in chance.sample(spots, min(len(spots), 1 + length // 14)):
            words[at] = _SMALL[words[at]]
    elif edit == "word" and length >= 16:
        words[chance.randrange(length)] = chance.choice(_NOUNS)
    elif (
        edit == "fact"
        and length >= 16
        and (digits := [at for at, word in enumerate(words) if word.isdigit()])
    ):
        words[chance.choice(digits)] = str(chance.randint(2, 900))
    else:
        edit = "marks" if edit != "none" else edit
    return edit, _marked(" ".join(words), edit, chance)


def _marked(text: str, edit: str, chance: random.Random) -> str:
    if edit != "none":
        text = chance.choice(
            [text, text.replace(", ", " — "), text.replace(",", ""), text.replace("not", "not,")]
        )
    left, right = chance.choice([("“", "”"), ('"', '"'), ("‘", "’")]) if edit != "none" else ("“", "”")
    return (
        f"{left}{text[0].upper() if chance.random() < 0.6 else text[0]}{text[1:]}{chance.choice(',.')}{right}"
    )


def _record(number: int, document: list[Said], chance: random.Random) -> DocumentRecord:
    sha = f"{number:064x}"
    lasts = [said.speaker.last for said in {one.speaker: one for one in document}.values()]
    quotations, at = [], 0
    for said in document:
        # One article in eight never tells the first name.
        alone = lasts.count(said.speaker.last) == 1 and number % 8 == 0
        name = said.speaker.last if alone else f"{said.speaker.first} {said.speaker.last}"
        quotations.append(_quotation(sha, said.text, name, at))
        at += len(said.text) + 60
    day = f"2017-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return DocumentRecord(
        doc_id=f"doc-{number}",
        text_sha256=sha,
        quotations=tuple(quotations),
        metadata=Metadata(outlet=chance.choice(_OUTLETS), date=day),
    )


def _quotation(sha: str, text: str, name: str, at: int) -> Quotation:
    parts, end = ((at, at + len(text)),), at + len(text)
    return Quotation(
        quote_id=quote_id(sha, parts),
        kind="direct",
        channel="speech",
        parts=parts,
        text=text,
        speaker=Span(start=end + 1, end=end + 1 + len(name), text=name),
        speaker_name=name,
        speaker_kind="person",
        cue=Span(start=end + 40, end=end + 44, text="said"),
        rule="after-quotation",
        confidence=0.9,
    )
