"""Memory and work grow with a paragraph's length, not with its length times its quotations."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from typing import Any

import builders
import paths
import pytest

from quotes import Document, Extractor
from quotes.attribution import attribute, inherited
from quotes.attribution.claims import Claims
from quotes.attribution.scene import Candidate, Claim, Scene
from quotes.data import registry
from quotes.extractor import mark
from quotes.formats.jsonl.records import encode
from quotes.parsing import Masked, Parse
from quotes.parsing.mentions import Mention
from quotes.parsing.windows import _batches
from quotes.records import DocumentRecord, Quotation
from quotes.speakers import names
from quotes.speakers.bearers import Draft, _nearness
from quotes.speakers.people import Gathering
from quotes.text.flags import flag
from quotes.text.marks import Segment
from quotes.text.segments import Segments

ROOT = paths.ROOT


def quotation(start: int, end: int, text: str) -> Quotation:
    fields = {"quote_id": str(start), "kind": "unattributed", "rule": "none", "confidence": 0}
    return builders.words_of("", None, text[start:end], start, **fields | {"speaker": None, "cue": None})


def test_flagging_keeps_no_copy_of_a_paragraph_for_each_quotation() -> None:
    text = "“It rained” over Port Ellery. " * 2000 + "\nQuill left."
    end = text.index("\n")
    found = [quotation(start, start + 11, text) for start in range(0, end, 30)]
    tracemalloc.start()
    try:
        flagged = flag(text, [(0, end), (end + 1, len(text))], found)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert flagged == found
    assert peak < 20_000_000  # a copy for each takes 240 MB


def test_a_batch_of_long_stretches_holds_fewer() -> None:
    import spacy

    stretches = [(Masked("So , " * size, (), 0), size) for size in [10] * 300 + [1500] * 20 + [30_000, 10]]
    batches = list(_batches(spacy.blank("en"), stretches, 256))
    assert [owner for batch in batches for _, (_, owner) in batch] == [owner for _, owner in stretches]
    assert [len(batch) for batch in batches[:4]] == [125, 125, 50, 1]
    for batch in batches:
        assert len(batch) == 1 or sum(len(doc) for doc, _ in batch) <= 2_500


class Counted(list[Any]):
    """A list that counts how often something is put into a place of it."""

    puts = 0

    def __setitem__(self, place: Any, item: Any) -> None:
        self.puts += 1
        super().__setitem__(place, item)


def claim(segment: int, probability: float) -> Claim:
    mention = Mention(0, 5, "name", "quill", False, -1, 0)
    return Claim(Candidate(segment, "floating", mention), probability)


@pytest.mark.parametrize("known", [(0,), (3,), (0, 3), (), (199,)])
def test_a_quotation_over_many_paragraphs_is_not_gone_through_for_each(known: Sequence[int]) -> None:
    count = 200
    marked = [Segment(2 * i, 2 * i + 1, i, "double", False, continues=i > 0) for i in range(count)]
    paragraphs = tuple((2 * i, 2 * i + 1) for i in range(count))
    scene = Scene.of(Parse(Segments.of("“x" * count, paragraphs, tuple(marked)), {}))
    claims = Counted()
    for i in range(count):
        claims.append(claim(i, 0.5 + i / 1000) if i in known else None)
        if i:
            for part, same in list(inherited.continued(scene, i, claims)):
                claims[part] = same
    assert claims.puts <= 4 * count
    assert {one.probability for one in claims if one} == ({0.5 + max(known) / 1000} if known else set())
    assert all(claims) == bool(known)


def test_the_nearest_bearer_is_found_without_a_look_at_every_occurrence() -> None:
    text = (
        "Bill Clinton met Hillary Clinton. "
        + "Clinton left. " * 50
        + "Hillary Clinton stayed. Clinton spoke."
    )
    for person in Gathering(text, names.find(text, [(0, len(text))], []), registry()).drafts:
        assert len(person.places) == 1
        assert person.places[0] == [name.start for name in person.occurrences if not name.headline]
    person = Draft(("ada", "quill"), "Ada Quill", "person")
    for start in (300, 900, 10, 20, 400, 5, 500):  # full names first, then shorter ones
        person.add(names.Name(start, start + 5, ("quill",), "", False, False, text, 0, start))
    assert person.places == [[300, 900], [10, 20, 400], [5, 500]]
    for at in range(0, 1000, 7):
        before = [name.start for name in person.occurrences if name.start < at]
        nearness = _nearness(person, at)
        if before:  # the one that was taken in last is the last before
            import math

            assert nearness == math.log(1 + len(before)) - (at - before[-1]) / 1500
        else:
            assert nearness == -100 - 300 / 1e6


def test_a_surname_of_very_many_keeps_few_of_them() -> None:
    text = " ".join(f"Ada{letter}{other} Quill left." for letter in "bcdfghjklm" for other in "bcdfghjklm")
    people = Gathering(text, names.find(text, [(0, len(text))], []), registry()).people()
    assert len(people.all) == 100
    assert people.named("Quill") in people.all[:50]
    assert people.named("Adamm Quill") is people.all[99]


@pytest.mark.model
def test_tokens_and_losers_are_let_go() -> None:
    extractor = Extractor()
    text = "Quill told Renn to leave, and Renn said “a farce” when Vark asked.\n\n“No.” “Never.”"
    [parse] = extractor._parse([mark(text)])
    claims = attribute(parse)
    assert any(claims.of_segment)
    assert not any(claims.weighed)
    parse.release()
    assert not any(window.tokens for windows in parse.windows.values() for window in windows)
    first, *_ = extractor.explain(text)
    assert len(first.candidates) > 1


@pytest.mark.parametrize("doc_id", ["x", "\ud800"])
def test_a_long_line_is_written_without_copies_as_text(doc_id: str) -> None:
    text = "“It rained” over Port Ellery. " * 10_000
    found = tuple(quotation(start, start + 11, text) for start in range(0, len(text), 30))
    record = DocumentRecord(doc_id=doc_id, text_sha256="", quotations=found)
    tracemalloc.start()
    try:
        line = encode(record)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert DocumentRecord.model_validate_json(line).quotations == record.quotations
    assert peak < 2.5 * len(line)  # a line as text takes twice its bytes, and was there twice


@pytest.mark.model
def test_what_led_to_a_record_is_let_go_before_it_is_written() -> None:
    text = "“It rained,” Ada Quill said, and nobody else was there to see it."
    records = Extractor().pipe([Document(doc_id="", text=text)])
    assert len(next(records).quotations) == 1
    kept = [one for one in gc.get_objects() if isinstance(one, Claims) and one.segments.text == text]
    records.close()  # type: ignore[attr-defined]
    assert not kept


# Each took minutes, or gigabytes, when the work was the square of the length.
HARD = """
import itertools, string
from quotes.attribution import Scene, labels, ranker
from quotes.parsing import Parse
from quotes.extractor import mark
from quotes.data import first_names, registry
from quotes.record.explanation import _called_before
from quotes.text.marks import paragraphs
from quotes.tweets.posts import others
from quotes.speakers import names
from quotes.speakers.evidence import weighed
from quotes.speakers.people import Gathering
def people_of(text):
    return Gathering(text, weighed(text, names.find(text, paragraphs(text), [])), registry()).people()
letters = itertools.product(string.ascii_lowercase, repeat=4)
four = ["".join(word) for word in itertools.islice(letters, 30_000)]
"""
CASES = {
    "a long word before a mark": "assert ranker._lead('x' * 1_000_000 + '*') == 'word'",
    "white space behind a credit": (
        "scene = Scene.of(Parse(mark('“It rained” — Ada' + ' ' * 1_000_000 + 'x'), {}))\n"
        "assert not list(labels.credit_line(scene, 0, []))"
    ),
    "many tweets": "mark('They have sold it! — Tobias Renn (@tubs_renn) June 5, 2017 “x”\\n' * 20_000)",
    "many bearers of a name": "people_of('Bill Vark met Ada Vark. ' + 'Vark left. ' * 60_000)",
    "many people of one surname": "people_of(' '.join(f'{word.title()} Quill left.' for word in four))",
    "many surnames, each once": (
        "people = people_of(' '.join(f'Then Quill{word} left.' for word in four))\n"
        "assert sum(people.misspelt(f'quill{word}') is not None for word in four) == len(four)"
    ),
    "many words that open a sentence": (
        "words = [word for word in four if word not in first_names()]\n"  # "Abby Katharine" is a name
        "text = ' '.join(f'{word.title()} Katharine left. They {word}.' for word in words)\n"
        "assert people_of(text).named('Katharine').name == 'Katharine'"
    ),
    "many first names, each cut from a company's": (
        "people_of(' '.join(f'{word.title()} Energy left. {word.title()} came.' for word in four))"
    ),
    "what somebody was last called": (
        "text = 'Mayor Ada Quill left. ' * 50_000; ada = people_of(text).all[0]\n"
        "names = tuple(ada.occurrences)\n"
        "for place in range(0, len(text), 200): _called_before(text, names, ada.name, place)"
    ),
    "many quotations in a post": (
        "text = '@tubs_renn ' * 30_000 + '“The ferry is sold.” @adaquill ' * 15_000\nothers(text, mark(text))"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hard_texts_end(name: str) -> None:
    """With a limit on processor time far above what is needed, and far below what the square would take."""
    done = subprocess.run(
        [sys.executable, "-c", HARD + CASES[name]],
        capture_output=True, text=True, check=False, cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (45, 45)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr or "it took more than 45 seconds"


# `getrusage` would count the memory of the tests' own process, too, of which this one is a fork.
MEASURED = """
import re, sys
from pathlib import Path
from quotes import extract
found = extract(sys.argv[1] * (100_000 // len(sys.argv[1])))
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.model
@pytest.mark.parametrize("piece", ["“a” ", "Quill said “a” and Renn said “b” ", '"\'tis "x“ ‘ "', "(“,” "])
def test_a_paragraph_of_quotations_takes_little_memory(piece: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, piece],
        capture_output=True, text=True, check=True, cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)),
    )  # fmt: skip
    assert int(done.stdout) < 400  # megabytes; some 250 of them whatever the text is
