"""How right and how fast `quotes verify` is, beside its peers, on quotations that were changed by rule.

    python scripts/bench_verify.py ../shared/polnear/train/text
    python scripts/bench_verify.py ../shared/polnear/train/text --errors 20     # and shows some errors
    python scripts/bench_verify.py ../shared/polnear/train/text --contexts 120  # to read and judge
    python scripts/bench_verify.py ../shared/polnear/train/text --copies 16 --quotations 100000   # speed

docs/verify.md tells how the archive is made, and has the figures.
"""

from __future__ import annotations

import random
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from quotes.records import Document, DocumentRecord, Verification
from quotes.verify import Index, Verifier, build
from quotes.verify.parallel import verify_in_processes
from scripts.benching.lookup_peers import ALTERED, COARSE, NOT_FOUND, SAID, coarse_truth, peers
from scripts.benching.misquotations import Archive, make_archive, make_clauses, make_quotations

VERDICTS = ("verbatim", "marks", "cut", "altered", "other_speaker", "not_found")


def main(
    texts: Annotated[Path, typer.Argument(help="A folder of texts: PolNeAR's train part.")],
    sentences: Annotated[int, typer.Option(min=100)] = 5000,
    quotations: Annotated[int, typer.Option(min=100)] = 5000,
    seed: Annotated[int, typer.Option(help="Another seed makes another archive.")] = 1,
    errors: Annotated[int, typer.Option(help="Show so many errors.")] = 0,
    contexts: Annotated[
        int,
        typer.Option(help="Show so many quotations that are said to be out of context, to read and judge."),
    ] = 0,
    copies: Annotated[
        int, typer.Option(help="Measure speed only: on the texts and so many copies with other words.")
    ] = 0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes, with --copies.")] = 1,
) -> None:
    """Print precision and recall of each verdict, what was answered to each edit, and the peers."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sources.idx"
        if copies:
            speed(path, texts, copies, quotations, seed, jobs)
            return
        archive = make_archive(texts, sentences, quotations, seed)
        built = build(path, archive.sources)
        typer.echo(f"{built.sentences:,} sentences, {built.words:,} words")
        if contexts:
            show_contexts(path, archive, contexts, seed)
            return
        found = dict(zip(archive.truth, verify(path, archive.records), strict=True))
    verdicts = {doc_id: one.verdict for doc_id, one in found.items()}
    typer.echo(table({doc_id: right for doc_id, (_, right) in archive.truth.items()}, verdicts, VERDICTS))
    typer.echo(calibration(archive, found))
    typer.echo(by_edit(archive, verdicts))
    show_errors(archive, found, errors)
    right = coarse_truth(archive)
    ours = {doc_id: COARSE.get(verdicts[doc_id], NOT_FOUND) for doc_id in right}
    for name, answers in {"quotes verify": ours, **peers(make_archive(texts, sentences, quotations, seed + 1),
                                                         archive)}.items():  # fmt: skip
        typer.echo(f"\n{name}\n{table(right, answers, (SAID, ALTERED, NOT_FOUND))}")


def speed(path: Path, texts: Path, copies: int, quotations: int, seed: int, jobs: int) -> None:
    """Print how long it takes to index the texts with their copies, and to verify quotations of them."""
    start, processor = time.perf_counter(), time.process_time()
    built = build(path, multiplied(texts, copies, seed))
    typer.echo(
        f"index: {built.words:,} words, {built.sentences:,} sentences, {path.stat().st_size / 1e6:.0f} MB: "
        f"{time.perf_counter() - start:.1f} s, {time.process_time() - processor:.1f} s of processor time, "
        "invention of the copies included"
    )
    index = Index(path)
    step = max(1, built.sentences // 5000)
    told = [" ".join(index.around(at)[0].text.split()) for at in range(1, built.sentences + 1, step)]
    records = make_quotations(told, quotations, seed)
    start, processor = time.perf_counter(), time.process_time()
    with Verifier(index) as verifier:
        checked = verifier.verify(records) if jobs == 1 else verify_in_processes(index, records, jobs)
        done = sum(1 for _ in checked)
    typer.echo(
        f"verify: {done:,} quotations: {time.perf_counter() - start:.1f} s, "
        f"{time.process_time() - processor:.1f} s of processor time, invention included; "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


def multiplied(texts: Path, copies: int, seed: int) -> Iterator[Document]:
    """The texts, and copies of them in which every third word in small letters is another."""
    rng = random.Random(seed)
    articles = [path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt"))]
    words = [word for text in articles for word in re.findall(r"[a-z]+", text)]
    for copy in range(copies):
        for number, text in enumerate(articles):
            if copy:
                text = re.sub(
                    r"\b[a-z]+\b", lambda word: rng.choice(words) if rng.random() < 1 / 3 else word[0], text
                )
            yield Document(doc_id=f"{copy}-{number}", text=text)


def verify(path: Path, records: Sequence[DocumentRecord]) -> list[Verification]:
    """The verification of the one quotation of each record."""
    with Verifier(Index(path)) as verifier:
        return [one.quotations[0].verification for one in verifier.verify(records)]  # type: ignore[misc]


def table(right: Mapping[str, str], found: Mapping[str, str], verdicts: Sequence[str]) -> str:
    """Precision and recall of each verdict, as lines of text."""
    pairs = Counter((right[doc_id], found[doc_id]) for doc_id in right)
    lines = [f"{'verdict':<14} {'precision':>9} {'recall':>7} {'found':>6} {'true':>6}"]
    for verdict in verdicts:
        predicted = sum(count for (_, one), count in pairs.items() if one == verdict)
        true = sum(count for (one, _), count in pairs.items() if one == verdict)
        hits = pairs[verdict, verdict]
        lines.append(
            f"{verdict:<14} {hits / predicted if predicted else 0:>9.3f} {hits / true if true else 0:>7.3f} "
            f"{predicted:>6} {true:>6}"
        )
    return "\n".join(lines)


def calibration(archive: Archive, found: Mapping[str, Verification]) -> str:
    """How sure each verdict is, and how often it is right."""
    lines = [f"{'verdict':<14} {'found':>6} {'sure':>6} {'right':>6}"]
    for verdict in VERDICTS:
        some = [(one, archive.truth[at][1] == verdict) for at, one in found.items() if one.verdict == verdict]
        if some:
            sure = sum(one.probability for one, _ in some) / len(some)
            right = sum(right for _, right in some) / len(some)
            lines.append(f"{verdict:<14} {len(some):>6} {sure:>6.3f} {right:>6.3f}")
    return "\n".join(lines)


def show_contexts(path: Path, archive: Archive, most: int, seed: int) -> None:
    """Print parts of statements that got the verdict `context`: what turns them, part, statement."""
    statements, records = zip(*make_clauses(archive.statements, seed), strict=True)
    shown = [
        (one, record.quotations[0].text, found)
        for one, record, found in zip(statements, records, verify(path, records), strict=True)
        if found.verdict == "context"
    ]
    for one, text, found in random.Random(seed).sample(shown, min(most, len(shown))):
        turning = [change.source for change in found.changes if change.kind == "context"]
        typer.echo(f"\n{turning}\n  {text}\n  {one.text}")


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
            changes = [(change.kind, change.source, change.quoted) for change in one.changes]
            typer.echo(f"\n{edit}: {right}, found {one.verdict}\n  {record.quotations[0].text}")
            typer.echo(f"  {one.text}\n  {changes}")


if __name__ == "__main__":
    typer.run(main)
