"""How right and how fast `quotes verify` is, beside its peers, on quotations that were changed by rule.

    python scripts/bench_verify.py ../shared/polnear/train/text
    python scripts/bench_verify.py ../shared/polnear/train/text --errors 20     # and shows some errors

docs/verify.md tells how the archive is made, and has the figures.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from quotes.records import DocumentRecord, Verification
from quotes.verify import Verifier
from quotes.verify.index import Index, build
from scripts.benching.misquotations import Archive, make_archive

VERDICTS = ("verbatim", "marks", "cut", "altered", "context", "other_speaker", "not_found")


def main(
    texts: Annotated[Path, typer.Argument(help="A folder of texts: PolNeAR's train part.")],
    sentences: Annotated[int, typer.Option(min=100)] = 5000,
    quotations: Annotated[int, typer.Option(min=100)] = 5000,
    seed: Annotated[int, typer.Option(help="Another seed makes another archive.")] = 1,
    errors: Annotated[int, typer.Option(help="Show so many errors.")] = 0,
) -> None:
    """Print precision and recall of each verdict, by edit, and seconds."""
    archive = make_archive(texts, sentences, quotations, seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sources.idx"
        start = time.perf_counter()
        built = build(path, archive.sources)
        typer.echo(f"{built.sentences:,} sentences, {built.words:,} words: {time.perf_counter() - start:.1f} s, "
                   f"{path.stat().st_size / 1e6:.1f} MB")  # fmt: skip
        start = time.perf_counter()
        found = dict(zip(archive.truth, verify(path, archive.records), strict=True))
        typer.echo(f"{len(found):,} quotations: {time.perf_counter() - start:.1f} s, "
                   f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # fmt: skip
    verdicts = {doc_id: one.verdict for doc_id, one in found.items()}
    right = {doc_id: verdict for doc_id, (_, verdict) in archive.truth.items()}
    typer.echo(table(right, verdicts))
    typer.echo(by_edit(archive, verdicts))
    show_errors(archive, found, errors)


def verify(path: Path, records: Sequence[DocumentRecord]) -> list[Verification]:
    """The verification of the one quotation of each record."""
    with Verifier(Index(path)) as verifier:
        return [one.quotations[0].verification for one in verifier.verify(records)]  # type: ignore[misc]


def table(right: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Precision and recall of each verdict, as lines of text."""
    pairs = Counter((right[doc_id], found[doc_id]) for doc_id in right)
    lines = [f"{'verdict':<14} {'precision':>9} {'recall':>7} {'found':>6} {'true':>6}"]
    for verdict in VERDICTS:
        predicted = sum(count for (_, one), count in pairs.items() if one == verdict)
        true = sum(count for (one, _), count in pairs.items() if one == verdict)
        hits = pairs[verdict, verdict]
        lines.append(
            f"{verdict:<14} {hits / predicted if predicted else 0:>9.3f} {hits / true if true else 0:>7.3f} "
            f"{predicted:>6} {true:>6}"
        )
    return "\n".join(lines)


def by_edit(archive: Archive, found: Mapping[str, str]) -> str:
    """What was answered to the quotations of each edit."""
    answers: dict[str, Counter[str]] = {}
    for doc_id, (edit, _) in archive.truth.items():
        answers.setdefault(edit, Counter())[found[doc_id]] += 1
    return "\n".join(
        f"{edit:<13} {', '.join(f'{verdict} {count}' for verdict, count in counts.most_common())}"
        for edit, counts in sorted(answers.items())
    )


def show_errors(archive: Archive, found: Mapping[str, Verification], most: int) -> None:
    """Print some quotations with a wrong verdict."""
    for record in archive.records:
        edit, right = archive.truth[record.doc_id]
        one = found[record.doc_id]
        if one.verdict != right and most > 0:
            most -= 1
            typer.echo(f"\n{edit}: {right}, found {one.verdict}\n  {record.quotations[0].text}\n  {one.text}\n  "
                       f"{[(change.kind, change.source, change.quoted) for change in one.changes]}")  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
