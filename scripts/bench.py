"""How fast is it? Words a second beside spaCy's full pipeline and textacy, memory, growth; `make bench`.

    python scripts/bench.py                                 # the train part of PolNeAR, if it is there
    python scripts/bench.py articles/ --limit 100 --runs 7
    python scripts/bench.py seeds/ --skip-textacy --stream 0
    python scripts/bench.py --out docs/performance.md       # also as Markdown, dated

Everything that is compared runs in turn in the same minutes, and each figure is the median of its runs. The
articles are the .txt files of a folder, repeated where there are fewer than --limit. It prints a table and
judges nothing.
"""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from quotes.extractor import Extractor
from quotes.formats.jsonl import records as jsonl
from quotes.records import Document
from scripts.accuracy import SHARED, score
from scripts.benching import processes, speed
from scripts.benching.figures import Row, Timed, exponent, growth, machine, markdown, plain, quarters
from scripts.benching.textacy_side import TextacyError, default_environment, running

_FOLDER = processes.ROOT.parent / "shared" / "polnear" / "train" / "text"
_JOBS = (200, 1000)  # articles of the runs whose difference says what --jobs gains
_OURS, _FULL, _INDIRECT, _TEXTACY = "quotes", "spaCy", "indirect", "textacy"
_BEGIN, _END = "<!-- bench.py begins -->", "<!-- bench.py ends -->"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is measured, over what, and how often."""

    folder: Path
    articles: tuple[Document, ...]
    runs: int
    textacy: Path | None
    """Its environment, or None to leave it out."""
    stream: int
    base: int
    """The articles of the smallest size when growth is measured."""


def read(folder: Path, limit: int) -> tuple[Document, ...]:
    """The first `limit` articles of a folder, over again where it has fewer. Raises BadParameter for none."""
    found = tuple(islice(speed.articles(folder), limit))
    if not found:
        raise typer.BadParameter(f"{folder} holds no .txt file.")
    return found


def speeds(settings: Settings) -> Iterator[Row]:
    """Words a second, side by side."""
    articles, extractor, nlp = settings.articles, Extractor(), speed.full_pipeline()
    reporter = Extractor(indirect=True)
    texts = [article.text for article in articles]
    ways: dict[str, Callable[[], float]] = {
        _OURS: lambda: speed.extraction(extractor, articles),
        _FULL: lambda: speed.reading(nlp, texts),
        _INDIRECT: lambda: speed.extraction(reporter, articles),
    }
    size = speed.words(articles)
    found = None
    if settings.textacy is None:
        timed = speed.side_by_side(ways, size, settings.runs)
    else:
        with running(settings.textacy, texts) as textacy:
            timed = speed.side_by_side({**ways, _TEXTACY: textacy.seconds}, size, settings.runs)
            found = textacy.found
    ours, full = timed[_OURS], timed[_FULL]
    yield Row("`Extractor.pipe`, one process", ours.show(), "", f"{len(articles)} articles, {size:,} words")
    yield Row("`nlp.pipe` of the full pipeline", full.show(), "", "en_core_web_sm, every component")
    yield Row("the first against the second", _times(full, ours), "10 ×, aim 12 ×", "medians, runs in turn")
    indirect = timed[_INDIRECT]
    yield Row("`Extractor(indirect=True).pipe`", indirect.show(), "", "the same articles")
    yield Row("the same against the full pipeline", _times(full, indirect), "1.7 ×")
    if _TEXTACY in timed:
        note = f"the same pipeline and its finder of direct quotations, which gives {found:,}"
        yield Row("textacy 0.13", timed[_TEXTACY].show(), "", note)
        yield Row("`Extractor.pipe` against textacy", _times(timed[_TEXTACY], ours))


def own_share(settings: Settings) -> Iterator[Row]:
    """Our own code's share of the time."""
    shares = speed.own_shares(settings.articles, settings.runs)
    note = "what isn't spent inside spaCy (tokenizer, tagger, parser), by the clock"
    yield Row("our own code's share", f"{statistics.median(shares):.0%}", "≤ 30 %", note)


def command(settings: Settings) -> Iterator[Row]:
    """Whole processes."""
    took = processes.extract_seeds(settings.runs)
    spread = f"{statistics.median(took):.1f} s ({min(took):.1f} to {max(took):.1f})"
    yield Row("`quotes extract seeds/`, whole process", spread, "≤ 3 s")
    rounds = processes.jobs(settings.folder, *_JOBS, settings.runs)
    one, two = (statistics.median(each) for each in zip(*(each.rest for each in rounds), strict=True))
    whole = statistics.median(each.one_all / each.two_all for each in rounds)
    note = (
        f"articles {_JOBS[0] + 1:,} to {_JOBS[1]:,} of a run; the whole run, start-up included: {whole:.2f} ×"
    )
    yield Row("`--jobs 2` against `--jobs 1`", f"{one / two:.2f} ×", "1.7 ×, aim 1.9 ×", note)


def memory(settings: Settings) -> Iterator[Row]:
    """Peak memory of a long stream, and whether it grows."""
    if not Path("/proc/self/status").exists():
        yield Row("peak memory", "not measured", "", "it is read from /proc, which isn't here")
        return
    for more in ((), ("--indirect",)):
        samples = processes.memory(settings.folder, settings.stream, *more)
        _, second, _, last = quarters(samples)
        command = " ".join(("quotes extract --jobs 1", *more))
        note = f"`{command}`, {settings.stream:,} articles through a pipe"
        yield Row("peak memory", f"{max(samples):,.0f} MB", "≤ 300 MB", note)
        flat = f"{last:,.0f} MB against {second:,.0f} MB"
        yield Row("its last quarter against the second", flat, "no higher", "the greatest sample of each")


def costs(settings: Settings) -> Iterator[Row]:
    """How the cost grows with more articles, and with a longer one."""
    extractor, base = Extractor(), settings.articles[: settings.base]
    for what, grow in (("articles", speed.more_articles), ("one article's length", speed.longer_article)):
        sizes = grow(extractor, base, settings.runs)
        words, seconds = [timed.words for timed in sizes], [timed.median for timed in sizes]
        each = ", ".join(f"{factor:.2f}" for factor in growth(words, seconds))
        note = f"from {words[0]:,} words; the cost grows with the power {exponent(words, seconds):.2f}"
        yield Row(f"cost a word at 1 ×, 4 ×, 16 × {what}", each, "within 10 %", note)


def exhaustively(_: Settings) -> Iterator[Row]:
    """Accuracy on PolNeAR's dev part, and with every paragraph parsed."""
    corpus, bench = SHARED / "polnear" / "dev", SHARED / "bench"
    if not corpus.is_dir() or not bench.is_dir():
        return
    paths = sorted((corpus / "text").glob("*.txt"))
    articles = [Document(doc_id=path.stem, text=path.read_text(encoding="utf-8")) for path in paths]
    f1, took = [], []
    for extractor in (Extractor(), Extractor(exhaustive=True)):
        with tempfile.TemporaryDirectory() as folder:
            predictions = Path(folder) / "predictions.jsonl"
            took.append(speed.seconds(partial(_write, extractor, articles, predictions)))
            f1.append(score(corpus, predictions, bench)["attributed.f1"] or 0.0)
    note = f"{f1[1]:.1f} with every paragraph parsed, which took {took[1] / took[0]:.1f} times as long"
    yield Row("attributed F1 on dev", f"{f1[0]:.1f}", "≥ exhaustive − 0.5", note)


def _write(extractor: Extractor, articles: Sequence[Document], out: Path) -> None:
    out.write_bytes(b"".join(jsonl.encode(record) for record in extractor.pipe(articles)))


def savings(settings: Settings) -> Iterator[Row]:
    """What each thing that the extractor leaves out saves of spaCy's time."""
    timed = speed.steps(speed.full_pipeline(), settings.articles, settings.runs)
    everything = next(iter(timed.values()))
    for name, step in timed.items():
        yield Row(f"spaCy: {name}", step.show(), "", f"{_times(everything, step)} the first")


def _times(slow: Timed, fast: Timed) -> str:
    return f"{slow.median / fast.median:.1f} ×"


def main(
    folder: Annotated[Path | None, typer.Argument(help="A folder of .txt articles.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each figure; the median counts.")] = 5,
    limit: Annotated[int, typer.Option(min=4, help="Articles, over again where there are fewer.")] = 200,
    base: Annotated[int, typer.Option(min=1, help="Articles of the smallest size for growth.")] = 20,
    stream: Annotated[int, typer.Option(min=0, help="Articles streamed for memory; 0: none.")] = 20_000,
    skip_textacy: Annotated[bool, typer.Option("--skip-textacy", help="Don't install or run it.")] = False,
    textacy_env: Annotated[Path | None, typer.Option(help="Where its environment is kept.")] = None,
    out: Annotated[Path | None, typer.Option(help="Put the table into this Markdown file.")] = None,
) -> None:
    """Print the table; messages go to standard error."""
    if folder is None and not _FOLDER.is_dir():
        print(f"Skipped: {_FOLDER} isn't there. Name a folder of .txt articles to measure.", file=sys.stderr)
        return
    if runs < 5:
        print(f"{runs} runs are few: the medians of at least 5 are meant to be quoted.", file=sys.stderr)
    where = folder or _FOLDER
    textacy = None if skip_textacy else textacy_env or default_environment()
    settings = Settings(where, read(where, limit), runs, textacy, stream, base)
    told = f"{datetime.date.today():%d %B %Y}, {machine()}; {runs} runs."
    try:
        table = [row for part in _parts(settings) for row in _measured(part, settings)]
        steps = list(_measured(savings, settings))
    except TextacyError as problem:
        print(f"{problem}\nSay --skip-textacy to measure without it.", file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"{told}\n\n{plain(table)}\n\n{plain(steps)}")
    if out is not None:
        _publish(out, f"{told}\n\n{markdown(table)}\n\nWhat each step saves:\n\n{markdown(steps)}")


def _parts(settings: Settings) -> list[Callable[[Settings], Iterator[Row]]]:
    return [speeds, own_share, command, *([memory] if settings.stream else []), costs, exhaustively]


def _measured(part: Callable[[Settings], Iterator[Row]], settings: Settings) -> Iterator[Row]:
    busy = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    summary = (part.__doc__ or part.__name__).rstrip(".")
    print(f"{summary}{busy} …", file=sys.stderr)
    for row in part(settings):
        print(f"    {row.figure}: {row.value}", file=sys.stderr)
        yield row


def _publish(out: Path, table: str) -> None:
    """Put the table between its marks in a page, or make a page of it; the rest of the page stays."""
    block = f"{_BEGIN}\n{table}\n{_END}"
    old = out.read_text(encoding="utf-8") if out.exists() else ""
    before, begin, rest = old.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    page = f"{before}{block}{after}" if begin and end else f"{old}\n{block}\n".lstrip()
    out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
