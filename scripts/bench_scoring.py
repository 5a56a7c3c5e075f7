"""How long scoring takes, and how much memory: 100,000 made-up quotations in 10,000 documents.

    python scripts/bench_scoring.py                      # without the bootstrap
    python scripts/bench_scoring.py --samples 1000

The aim is less than 30 seconds and 2 GB without the bootstrap, reading the two files included.
"""

from __future__ import annotations

import hashlib
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from quotes.formats.jsonl import records as jsonl
from quotes.records import DocumentRecord, Quotation, Span, parts_text, quote_id
from quotes.scoring.findings import find
from quotes.scoring.gold import read_side

_WORDS = "word and so on " * 200
_EACH = 10


def document(number: int, chance: random.Random) -> DocumentRecord:
    """A document of ten quotations; by chance one is missing, has moved edges or another speaker."""
    sha = hashlib.sha256(str(number).encode()).hexdigest()
    quotations = []
    for place in range(_EACH):
        if chance.random() < 0.03:
            continue
        start = 280 * place
        parts = ((start, start + 150 + chance.choice((0, 0, 0, 0, 3, -5, 20))),)
        at = start + 200 + chance.choice((0, 0, 0, 20))
        quotations.append(
            Quotation(
                quote_id=quote_id(sha, parts),
                kind=chance.choice(("direct", "direct", "mixed")),
                channel="speech",
                parts=parts,
                text=parts_text(_WORDS, parts),
                speaker=Span.of(_WORDS, at, at + 9),
                speaker_name=f"Ada Quill {place}",
                speaker_kind="person",
                cue=Span.of(_WORDS, at + 10, at + 14),
                rule=f"rule-{chance.randrange(12)}",
                confidence=chance.random(),
            )
        )
    return DocumentRecord(doc_id=f"d{number}", text_sha256=sha, quotations=tuple(quotations))


def main(
    quotations: Annotated[int, typer.Option(min=_EACH, help="About so many.")] = 100_000,
    samples: Annotated[int, typer.Option(min=0, help="Bootstrap draws.")] = 0,
) -> None:
    """Write two files, score them, and print seconds and megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "predictions.jsonl", Path(folder) / "gold.jsonl"
        for seed, path in enumerate(paths):
            chance = random.Random(seed)
            with path.open("wb") as file:
                file.writelines(jsonl.encode(document(n, chance)) for n in range(quotations // _EACH))
        started = time.perf_counter()
        scores = find(*map(read_side, paths), threshold=0.8, samples=samples).scores
        seconds = time.perf_counter() - started
    span = scores.measures["span"].counts
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{span.gold:,.0f} quotations, span F1 {span.f1:.3f}: {seconds:.1f} s, {memory:,.0f} MB at most")


if __name__ == "__main__":
    typer.run(main)
