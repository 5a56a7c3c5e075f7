"""Seconds, memory and milliseconds a decision of `quotes review` on an invented archive.

    python scripts/bench_review.py                       # 100,000 quotations, 100 decisions
    python scripts/bench_review.py --quotations 1000

It runs the real command and opens its page in Debian's Chromium. The decisions are real key events: mostly
Enter, the others a candidate, "not a quotation" and "unsure". A decision takes from the key to the next
quotation on the screen: the browser, the network, the server and the journal on the disk are in it.
100 ms is what people take for at once.
"""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any

import typer

from quotes import data
from quotes.formats.output import open_output
from quotes.records import Document, DocumentRecord, Quotation, Span, parts_text, quote_id

_CHROMIUM = Path("/usr/bin/chromium")
_PER_ARTICLE = 8
_KEYS = ("Enter", "Enter", "Enter", "1", "Enter", "x", "Enter", "?")
# In the page: when a key went down, and how long it took until the next quotation was painted.
_CLOCK = """() => {
  window.took = [];
  let pressed = 0;
  addEventListener("keydown", () => { pressed = performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
    window.took.push(performance.now() - pressed);
  }))).observe(document.body, { childList: true });
}"""


def main(
    quotations: Annotated[int, typer.Option("--quotations", min=1)] = 100_000,
    decisions: Annotated[int, typer.Option("--decisions", min=1)] = 100,
) -> None:
    """Measure the page on an archive of so many quotations."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "archive.jsonl")
        with open_output(str(path)) as out:
            for record in _archive(quotations):
                out.write(record)
        print(f"archive               {quotations:,} quotations, {path.stat().st_size / 1e6:,.0f} MB")
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "quotes", "review", path, "--as", "bench", "--no-browser"],
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                url = _address(process)
                print(f"start until it answers {time.perf_counter() - began:,.1f} s")
                took = _decide(url, decisions)
                memory = _peak(process.pid)
            finally:
                process.kill()
        print(f"memory, at most       {memory:,.0f} MB")
        most = statistics.quantiles(took, n=20)[-1]
        print(f"a decision            {statistics.median(took):,.0f} ms (median of {len(took)})")
        print(f"                      95 % take under {most:,.0f} ms, the slowest {max(took):,.0f} ms")


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http\S+", line):
            return found[0]
    raise SystemExit("The page did not open.")


def _decide(url: str, decisions: int) -> list[float]:
    """Press keys on the page, and return the milliseconds of each decision."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page: Any = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        page.evaluate(_CLOCK)
        for number, key in enumerate(islice(cycle(_KEYS), decisions), 1):
            page.keyboard.press(key)
            page.wait_for_function("(number) => window.took.length === number && !busy", arg=number)
        took: list[float] = page.evaluate("() => window.took")
        counter = page.locator(".counter").inner_text()
        browser.close()
    print(f"the page says         {counter}")
    return took


def _peak(pid: int) -> float:
    """The most memory that a process had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def _archive(quotations: int) -> Iterator[DocumentRecord]:
    """Articles of about 3,500 letters, each with some quotations of four invented people."""
    names = ("Ada Quill", "Cy Orr", "Ines Vale", "Tobias Renn")
    words = sorted(data.cues().verbs)  # any words: they should pack no better than those of news
    choose = random.Random(18)
    for number in range(-(-quotations // _PER_ARTICLE)):
        text = f"Report {number}.\n\n"
        spans = []
        for n in range(min(_PER_ARTICLE, quotations - number * _PER_ARTICLE)):
            name = names[(number + n) % len(names)]
            start = len(text)
            said = f"“It rained for {number + n} days,”"
            text += f"{said} {name} said on day {n}. {' '.join(choose.choices(words, k=50))}.\n\n"
            spans.append((start, start + len(said), name))
        sha = Document(doc_id="", text=text).text_sha256
        yield DocumentRecord(
            doc_id=f"report-{number}",
            text_sha256=sha,
            text=text,
            quotations=tuple(
                _quotation(text, sha, start, end, name, ((number * 7 + n * 13) % 100) / 100)
                for n, (start, end, name) in enumerate(spans)
            ),
        )


def _quotation(text: str, sha: str, start: int, end: int, name: str, confidence: float) -> Quotation:
    mention = end + 1
    return Quotation(
        quote_id=quote_id(sha, [(start, end)]),
        kind="direct",
        channel="speech",
        parts=((start, end),),
        text=parts_text(text, [(start, end)]),
        speaker=Span.of(text, mention, mention + len(name)),
        speaker_name=name,
        speaker_kind="person",
        cue=Span.of(text, mention + len(name) + 1, mention + len(name) + 5),
        rule="after-quotation",
        confidence=confidence,
    )


if __name__ == "__main__":
    typer.run(main)
