"""How right and how fast `quotes variants` is, on an invented archive and on pairs judged by hand.

    python scripts/bench_variants.py                        # 100,000 quotations
    python scripts/bench_variants.py --quotations 5000      # a quick look

Precision and recall are of pairs: of two quotations that were put together, how often they are of one
utterance; of two of one utterance, how often they were put together. 100,000 quotations are meant to take
less than two minutes.
"""

from __future__ import annotations

import resource
import time
import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from quotes.variants import Utterance, find_utterances
from quotes.variants.grouping import group
from quotes.variants.words import wording
from scripts.benching.statements import make_archive

_PAIRS = Path(__file__).resolve().parent.parent / "tests" / "variants" / "pairs.toml"


def main(
    quotations: Annotated[int, typer.Option(min=100, help="How many quotations to invent.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Another seed invents another archive.")] = 1,
) -> None:
    """Print precision and recall, seconds and memory."""
    right, found, true = by_hand()
    typer.echo(
        f"by hand: precision {right / found:.3f}, recall {right / true:.3f} ({true} pairs of one utterance)"
    )
    archive = make_archive(quotations, seed)
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    utterances = find_utterances(archive.records)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    typer.echo(
        f"{len(archive.truth):,} quotations, {len(utterances):,} utterances: {seconds:.1f} s, "
        f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.1f} s of processor time, "
        f"{(after.ru_maxrss - before.ru_maxrss) / 1024:.0f} MB beside the records, "
        f"{after.ru_maxrss / 1024:.0f} MB in all"
    )
    precision, recall = scores(utterances, {key: number for key, (number, _) in archive.truth.items()})
    typer.echo(f"invented: precision {precision:.4f}, recall {recall:.4f}")
    for edit, share in by_edit(utterances, archive.truth).items():
        typer.echo(f"  {edit:<9} {share:.3f} found")


def by_hand() -> tuple[int, int, int]:
    """Of the pairs judged by hand: put together and rightly, put together, and of one utterance."""
    right = found = true = 0
    for pair in tomllib.loads(_PAIRS.read_text(encoding="utf-8"))["pair"]:
        said = {wording(pair["one"]), wording(pair["other"])}
        same = len(group(said)) == 1
        right += same and bool(pair["change"])
        found += same
        true += bool(pair["change"])
    return right, found, true


def scores(utterances: Iterable[Utterance], truth: Mapping[tuple[str, str], int]) -> tuple[float, float]:
    """Precision and recall of pairs; `truth` has the number of each quotation's utterance."""
    right = found = 0
    for utterance in utterances:
        members = [truth[place.doc_id, place.quote_id] for place in utterance.places]
        found += _pairs([len(members)])
        right += _pairs(Counter(members).values())
    return right / found, right / _pairs(Counter(truth.values()).values())


def by_edit(
    utterances: Iterable[Utterance], truth: Mapping[tuple[str, str], tuple[int, str]]
) -> dict[str, float]:
    """Of the quotations of each edit that have a fellow, how many were put together with one."""
    with_fellow: Counter[Hashable] = Counter(number for number, _ in truth.values())
    met: set[tuple[str, str]] = set()
    for utterance in utterances:
        keys = [(place.doc_id, place.quote_id) for place in utterance.places]
        numbers = Counter(truth[key][0] for key in keys)
        met.update(key for key in keys if numbers[truth[key][0]] > 1)
    all_, found = Counter[str](), Counter[str]()
    for key, (number, edit) in truth.items():
        if with_fellow[number] > 1:
            all_[edit] += 1
            found[edit] += key in met
    return {edit: found[edit] / count for edit, count in sorted(all_.items())}


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


if __name__ == "__main__":
    typer.run(main)
