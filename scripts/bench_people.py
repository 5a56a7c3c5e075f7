"""How fast `quotes people` is, and how much memory it takes, on invented archives of three sizes.

    python scripts/bench_people.py                                       # 10,000 to 1,000,000 quotations
    python scripts/bench_people.py --quotations 1000 --quotations 5000   # a quick look

Each archive is a file of records that is read as a stream, in a process of its own. A million quotations are
meant to take a few minutes, and memory is meant to grow with the people.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from quotes.formats.jsonl.records import encode
from quotes.formats.record_files import read_any_records
from quotes.people import find_people
from quotes.records import DocumentRecord, Metadata, Quotation, Span, quote_id
from scripts.benching.statements import Speaker, invented_speakers

_IN_A_DOCUMENT = 8
_HEADS = ("mayor", "bishop", "goalkeeper", "surgeon", "harbour master", "head coach")
_PLACES = ("Port Ellery", "Bexley", "Merrow", "Quillhaven", "Salt Row", "Fenwick")


def main(
    quotations: Annotated[list[int], typer.Option(min=100, help="How many quotations to invent.")] = [  # noqa: B006
        10_000,
        100_000,
        1_000_000,
    ],
    measure: Annotated[Path | None, typer.Option(hidden=True, help="Measure this file.")] = None,
) -> None:
    """Print seconds of processor time and memory for each size."""
    if measure is not None:
        _measure(measure)
        return
    with TemporaryDirectory() as folder:
        for number in quotations:
            path = Path(folder) / f"{number}.jsonl"
            with path.open("wb") as file:
                for record in invented(number):
                    file.write(encode(record))
            done = subprocess.run(
                [sys.executable, __file__, "--measure", str(path)], check=True, capture_output=True, text=True
            )
            typer.echo(f"{number:,} quotations: {_told(json.loads(done.stdout))}")


def _told(figures: dict[str, float]) -> str:
    return (
        f"{figures['people']:,} people, {figures['seconds']:.1f} s of processor time, of which "
        f"{figures['reading']:.1f} s to read; {figures['memory']:.0f} MB, of which {figures['kept']:.0f} MB "
        "for reading"
    )


def _measure(path: Path) -> None:
    """Read a file twice: for nothing, and to find its people."""
    start = time.process_time()
    for _ in read_any_records(path):
        pass
    reading, kept = time.process_time() - start, _peak()
    start = time.process_time()
    found = find_people(read_any_records(path))
    seconds = time.process_time() - start
    figures = {
        "people": len(found.people),
        "seconds": seconds,
        "reading": reading,
        "memory": _peak(),
        "kept": kept,
    }
    typer.echo(json.dumps(figures))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def invented(quotations: int, seed: int = 1) -> Iterator[DocumentRecord]:
    """The records of an archive; a few people are quoted very often, most hardly ever."""
    chance = random.Random(seed)
    people = [(one, _role(chance)) for one in invented_speakers(max(20, quotations // 25), chance)]
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(people))))
    for number in range(quotations // _IN_A_DOCUMENT):
        doc_id = f"{number:07}"
        heard = chance.choices(people, cum_weights=weights, k=3)
        names = [_written(one, chance) for one, _ in heard]
        said = tuple(
            _quotation(doc_id, at, names[at % 3], heard[at % 3][1] if at < 3 else None)
            for at in range(_IN_A_DOCUMENT)
        )
        day = f"20{number % 20:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        metadata = Metadata(date=day, outlet=f"The {_PLACES[number % 6]} Echo")
        yield DocumentRecord(doc_id=doc_id, text_sha256="0" * 64, quotations=said, metadata=metadata)


def _role(chance: random.Random) -> str:
    return f"{chance.choice(_HEADS)} of {chance.choice(_PLACES)}"


def _written(speaker: Speaker, chance: random.Random) -> str:
    first, last = speaker
    return chance.choices((f"{first} {last}", f"{first[0]}. {last}", last), (8, 1, 1))[0]


def _quotation(doc_id: str, at: int, name: str, role: str | None) -> Quotation:
    words, start = "“We will rebuild the old pier by spring,”", at * 100
    end = start + len(words)
    mention = name if at < 3 else name.split()[-1]
    return Quotation(
        quote_id=quote_id(doc_id, [(start, end)]),
        kind="direct",
        channel="speech",
        parts=((start, end),),
        text=words,
        speaker=Span(start=end + 1, end=end + 1 + len(mention), text=mention),
        speaker_name=name,
        speaker_kind="person",
        speaker_role=role,
        name_confidence=0.9,
        cue=Span(start=end + 50, end=end + 54, text="said"),
        rule="after-quotation",
        confidence=0.9,
    )


if __name__ == "__main__":
    typer.run(main)
