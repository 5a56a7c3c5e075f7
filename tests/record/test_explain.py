"""Why a quotation has its speaker: `Extractor.explain`, and `quotes show --explain`."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import quotes.extractor
from quotes import Extractor, Quotation, Span
from quotes.cli.app import app
from quotes.display.explanation import explanations
from quotes.display.tables import console
from quotes.records import Explanation, Weighed

TEXT = "“It rained all night,” Ada Quill said. Bo Tarn left. “No one asked us,” she told us. The “dam” held."

Run = Callable[..., subprocess.CompletedProcess[str]]

# With the real extractor

STORY = (
    "“It rained all night,” Mayor Ada Quill said. Ms. Quill then left the council.\n\n"
    "“No one asked us,” she told reporters.\n\n"
    "Her last novel, “The Book of Eels,” won a prize.\n\n"
    "“We saw nothing,” a harbor official said."
)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor(include_unattributed=True)


@pytest.fixture(scope="module")
def explained(extractor: Extractor) -> dict[str, Explanation]:
    return {one.quotation.text: one for one in extractor.explain(STORY)}


@pytest.mark.model
def test_it_explains_what_extract_finds(extractor: Extractor) -> None:
    for text in (STORY, "", "It rained.", "“", "“It rained.”"):
        assert tuple(one.quotation for one in extractor.explain(text)) == extractor.extract(text)


@pytest.mark.model
def test_candidates_come_with_their_scores_the_best_first(explained: dict[str, Explanation]) -> None:
    one = explained["“No one asked us,”"]
    scores = [candidate.probability for candidate in one.candidates]
    assert scores == sorted(scores, reverse=True)
    [chosen] = [candidate for candidate in one.candidates if candidate.chosen]
    assert (chosen.mention, chosen.cue) == (one.quotation.speaker, one.quotation.cue)
    assert (chosen.rule, chosen.mention.text) == (one.quotation.rule, "she")
    assert scores[0] >= 0.4 <= one.quotation.confidence <= 1
    assert "Ada Quill" in {candidate.mention.text for candidate in one.candidates}


@pytest.mark.model
def test_each_quotation_is_told_how_it_was_resolved(explained: dict[str, Explanation]) -> None:
    assert explained["“No one asked us,”"].chain == ("she", "Ms. Quill", "Ada Quill")
    assert explained["“It rained all night,”"].chain == ("Ada Quill",)
    assert explained["“We saw nothing,”"].chain == ("a harbor official",)


@pytest.mark.model
def test_a_known_person_ends_the_chain_as_known(tmp_path: Path) -> None:
    people = tmp_path / "people.toml"
    people.write_text('[[speaker]]\nname = "Ada Quill"\nkind = "person"\naliases = ["Ms. Quill", "Quill"]\n')
    [one] = Extractor(speakers=people).explain("Ms. Quill rose. “It rained all night,” she said.")
    assert one.chain == ("she", "Ms. Quill", "Ada Quill (registry)")


@pytest.mark.model
def test_what_nobody_says_shows_whom_it_was_not_given_to(explained: dict[str, Explanation]) -> None:
    one = explained["“The Book of Eels,”"]
    assert one.quotation.speaker is None
    assert one.chain == ()
    assert one.candidates
    assert not any(candidate.chosen for candidate in one.candidates)
    assert all(0 <= candidate.probability < 0.5 for candidate in one.candidates)


@pytest.mark.model
def test_what_nobody_says_is_left_out_unless_asked_for() -> None:
    assert all(one.quotation.speaker for one in Extractor().explain(STORY))


@pytest.mark.model
def test_a_quotation_over_paragraphs_and_one_of_two_parts(extractor: Extractor) -> None:
    text = "Ada Quill told the council: “We waited for the boat.\n\n“Then,” she said, “the rain came.”"
    for one in extractor.explain(text):
        assert sum(candidate.chosen for candidate in one.candidates) == (one.quotation.speaker is not None)


# How it looks


def span(words: str) -> Span:
    return Span.of(TEXT, TEXT.index(words), TEXT.index(words) + len(words))


def weighed(words: str, rule: str, probability: float, *, chosen: bool = False) -> Weighed:
    return Weighed(mention=span(words), cue=span("said"), rule=rule, probability=probability, chosen=chosen)


@pytest.fixture
def two(quotation: Callable[..., Quotation]) -> tuple[Explanation, ...]:
    """One quotation of a pronoun, and one of nobody."""
    said = quotation(TEXT, "“No one asked us,”", speaker="she", name="Ada Quill", cue="told")
    nobody = quotation(TEXT, "“dam”", kind="unattributed", confidence=0.0)
    return (
        Explanation(
            quotation=said,
            candidates=(
                weighed("she", "after-quotation", 0.9, chosen=True),
                weighed("Bo Tarn", "near-sentence", 0.25),
            ),
            chain=("she", "Ms. Quill", "Ada Quill (registry)"),
        ),
        Explanation(quotation=nobody, candidates=(weighed("Bo Tarn", "object", 0.25),), chain=()),
    )


def printed(found: Sequence[Explanation]) -> str:
    file = io.StringIO()
    console(file).print(explanations(found))
    return file.getvalue()


def test_a_block_for_each_quotation(two: tuple[Explanation, ...]) -> None:
    lines = [re.sub(r" {2,}", "  ", line.strip()) for line in printed(two).splitlines()]
    assert lines == [
        "1. “No one asked us,”",
        "“she” → “Ms. Quill” → Ada Quill (registry)",
        "by-hand, confidence 0.90",
        "Score  Mention  Cue  Rule",
        "→  0.90  she  said  after-quotation",
        "0.25  Bo Tarn  said  near-sentence",
        "",
        "2. “dam”",
        "no speaker: no candidate is likely enough",
        "Score  Mention  Cue  Rule",
        "0.25  Bo Tarn  said  object",
    ]


def test_no_quotations() -> None:
    assert printed(()) == "no quotations\n"


def test_nobody_was_weighed(quotation: Callable[..., Quotation]) -> None:
    nobody = quotation(TEXT, "“dam”", kind="unattributed", confidence=0.0)
    out = printed([Explanation(quotation=nobody, candidates=(), chain=())])
    assert out.splitlines() == ["1. “dam”", "   no speaker: no candidates"]


def test_whom_the_text_does_not_name(quotation: Callable[..., Quotation]) -> None:
    said = quotation(TEXT, "“dam”", speaker="Bo Tarn", cue="left", speaker_kind="anonymous")
    one = Explanation(quotation=said, candidates=(), chain=("he", "a harbor official"))
    assert "“he” → “a harbor official” → no name (anonymous)\n" in printed([one])


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            {"name": "Bo Tarn", "attribution_type": "belief", "negated": True},
            ["   Bo Tarn", "   by-hand, confidence 0.90, belief, negated"],
        ),
        ({"speaker_kind": "anonymous"}, ["   no name (anonymous)", "   by-hand, confidence 0.90"]),
        ({"speaker": None}, ["   no speaker: no candidates"]),
    ],
)
def test_what_is_reported_needs_no_candidates(
    fields: dict[str, object], lines: list[str], quotation: Callable[..., Quotation]
) -> None:
    found = quotation(TEXT, "held", kind="indirect", **{"speaker": "Bo Tarn"} | fields)
    one = Explanation(quotation=found, candidates=(), chain=())
    assert printed([one]).splitlines() == ["1. held", *lines]
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor").print(explanations([one]))
    assert "32mheld" not in file.getvalue()


@pytest.mark.parametrize("place", [0, 5, 8])
def test_of_many_candidates_six_show_and_the_chosen_one_among_them(
    place: int, two: tuple[Explanation, ...]
) -> None:
    many = tuple(weighed("Bo Tarn", f"rule-{i}", 0.9 - i / 10, chosen=i == place) for i in range(9))
    out = printed([two[0].model_copy(update={"candidates": many})])
    shown = re.findall(r"rule-\d", out)
    assert len(shown) == 6
    assert shown == sorted(shown)
    assert re.search(rf"→ .*rule-{place}", out)
    assert "and 3 less likely" in out


def test_text_from_an_article_is_no_markup_and_obeys_nothing(two: tuple[Explanation, ...]) -> None:
    evil = "[red]\x1b[31mQuill\u202e"
    mention = Span(start=0, end=len(evil), text=evil)
    candidate = two[0].candidates[0].model_copy(update={"mention": mention})
    one = two[0].model_copy(update={"candidates": (candidate,), "chain": (evil, evil)})
    out = printed([one])
    assert out.count("[red]Quill") == 3
    assert "\x1b" not in out
    assert "\u202e" not in out


# On the command line


class Explaining:
    """An extractor that needs no model, and finds what it is made with."""

    found: tuple[Explanation, ...] = ()

    def __init__(self, *args: object, **options: object) -> None:
        pass

    def explain(self, text: str) -> tuple[Explanation, ...]:
        return self.found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, two: tuple[Explanation, ...]) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(quotes.extractor, "Extractor", Explaining)
    monkeypatch.setattr(Explaining, "found", two)
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "rain.txt").write_text(TEXT)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_show_explains() -> None:
    result = CliRunner().invoke(app, ["show", "rain.txt", "--explain", "--include-unattributed"])
    assert (result.exit_code, result.stderr) == (0, "")
    article, _, below = result.stdout.partition("\n\n1. ")
    assert article.startswith("[[quotation]]   <cue>")
    unmarked = re.sub(r"\[\[|]]|\[\?|\?]|[<>{}]", "", article)
    assert unmarked.endswith(TEXT)
    assert "“she” → “Ms. Quill” → Ada Quill (registry)" in below
    assert "2. “dam”" in below
    assert "\x1b" not in result.stdout


@pytest.mark.usefixtures("here")
def test_show_explains_in_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = CliRunner().invoke(app, ["show", "rain.txt", "--explain", "--include-unattributed"]).stdout
    for coloured in ("32m“No one asked us,”", "1;36mAda Quill (registry)", "1mby-hand", "2;32m“dam”"):
        assert f"\x1b[{coloured}\x1b[0m" in out


@pytest.mark.model
def test_from_article_to_explanation(run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text(STORY)
    done = run_quotes("show", "rain.txt", "--explain")
    assert (done.returncode, done.stderr) == (0, "")
    assert "“she” → “Ms. Quill” → Ada Quill" in done.stdout
    assert "Eels" not in done.stdout.partition("1. ")[2]
