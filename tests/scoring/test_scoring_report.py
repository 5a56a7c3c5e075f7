"""The report: what it shows, that it runs nothing of an article's, and how it works in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from quotes.formats.jsonl import records as jsonl
from quotes.records import Document, DocumentRecord, Quotation
from quotes.scoring.compare import compare
from quotes.scoring.findings import Findings, find
from quotes.scoring.gold import read_side
from quotes.scoring.items import judged_of
from quotes.scoring.report import plots
from quotes.scoring.report.page import Card, cards, page
from quotes.scoring.scores import Scores, score
from quotes.scoring.tracking import Entry

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEXT = (
    "“It rained all night,” Ada Quill said. She called the dam a “disgrace” and left.\n\n"
    "“We will rebuild it,” Bo Tarn told the council. “Nobody asked the gulls,” he said.\n"
)
#: What an article, a name or a rule could hold to run something in the page of whoever reads it.
HOSTILE = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    '"><svg onload="window.hit = 1">',
    "</style></title><script>window.hit = 1</script>",
    "{{ 7 * 7 }}{% raw %}",
    "]]><a href='javascript:window.hit=1'>",
    "$\\frac{1}{2}$ & \u202egnorw\x1b[31m \ud800 \x00",
)

Make = Callable[..., Quotation]


def _record(text: str, quotations: list[Quotation], doc_id: str = "dam") -> DocumentRecord:
    sha = Document(doc_id=doc_id, text=text).text_sha256
    unique = [q.model_copy(update={"quote_id": f"{n}"}) for n, q in enumerate(quotations)]
    return DocumentRecord(doc_id=doc_id, text_sha256=sha, text=text, quotations=tuple(unique))


def _scored(predicted: list[DocumentRecord], gold: list[DocumentRecord]) -> Scores:
    sides = [[judged_of(record, "file") for record in side] for side in (predicted, gold)]
    return score(*sides, samples=50)


def _by_hand(quotation: Make, **changed: object) -> Quotation:
    return quotation(TEXT, "“We will rebuild it,”", speaker="Bo Tarn", name="Bo Tarn").model_copy(
        update=changed
    )


@pytest.fixture
def scores(quotation: Make) -> Scores:
    """One of each kind of error, and two documents."""
    rained = quotation(TEXT, "“It rained all night,”", speaker="Ada Quill", name="Ada Quill", cue="said")
    gulls = quotation(TEXT, "“Nobody asked the gulls,”", speaker="he said", name="Bo Tarn")
    disgrace = quotation(TEXT, "“disgrace”", speaker="She", name="Ada Quill", cue="called", kind="mixed")
    gold = [rained, _by_hand(quotation), gulls]
    predicted = [
        rained.model_copy(update={"kind": "mixed", "rule": "clause"}),
        disgrace,
        quotation(TEXT, "“We will rebuild", speaker="the council", name="Ada Quill").model_copy(
            update={"rule": "after-quotation", "confidence": 0.4}
        ),
    ]
    other = _record(TEXT + "More.\n", [rained], "quay")
    return _scored(
        [_record(TEXT, predicted), other.model_copy(update={"quotations": ()})], [_record(TEXT, gold), other]
    )


def html(scores: Scores, **findings: object) -> str:
    return page(Findings(scores=scores, **findings)).decode()  # type: ignore[arg-type]


def test_each_error_has_a_card_with_its_kinds(scores: Scores) -> None:
    found = [(card.doc_id, card.kinds) for card in cards(scores.judgements)]
    assert found == [
        ("dam", ("wrong kind",)),
        ("dam", ("spurious",)),
        ("dam", ("boundary", "wrong mention", "wrong person")),
        ("dam", ("missed",)),
        ("quay", ("missed",)),
    ]


def card(scores: Scores, number: int) -> Card:
    return list(cards(scores.judgements))[number]


def test_prediction_and_correction_are_marked_in_the_paragraph(scores: Scores) -> None:
    shown = card(scores, 2)
    assert "".join(run.text for run in shown.runs) == TEXT.split("\n\n")[1].rstrip("\n")
    marked = {run.text: run.classes for run in shown.runs if run.classes}
    assert marked == {
        "“We will rebuild": "gold predicted",
        " it,”": "gold",
        "Bo Tarn": "gold-speaker",
        "the council": "predicted-speaker",
    }


def test_a_long_paragraph_is_cut_around_the_quotation(quotation: Make) -> None:
    text = f"{'rain ' * 400}“It rained,” Ada Quill said. {'sun ' * 400}\nAnother paragraph."
    rained = quotation(text, "“It rained,”", speaker="Ada Quill")
    [missed] = cards(_scored([_record(text, [])], [_record(text, [rained])]).judgements)
    shown = "".join(run.text for run in missed.runs)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "“It rained,” Ada Quill said." in shown
    assert len(shown) < 1000


def test_without_texts_the_quotations_are_shown_and_it_says_so(quotation: Make) -> None:
    sides = [
        [judged_of(_record(TEXT, found).model_copy(update={"text": None}), "file")]
        for found in ([], [_by_hand(quotation)])
    ]
    found = html(score(*sides))
    assert "“We will rebuild it,”" in found
    assert "The articles weren’t given" in found


def test_nothing_wrong_is_told(quotation: Make) -> None:
    record = _record(TEXT, [_by_hand(quotation)])
    assert "There is none." in html(_scored([record], [record]))


def test_the_page_asks_for_nothing_from_elsewhere(scores: Scores) -> None:
    found = html(scores, comparison=compare(scores, scores))
    assert not re.findall(r"""(?:src|href|action|srcset)\s*=\s*["'](?!#|data:,)[^"']*""", found)
    assert not re.search(r"@import|url\((?!#)", found)
    assert "default-src 'none'" in found
    assert page(Findings(scores)) == page(Findings(scores)), "the same scores must give the same page"


def _hostile(quotation: Make, *evils: str) -> Scores:
    """A document for each of these, which stands in its text, its names, its cue, its rule and its doc_id."""
    predicted, gold = [], []
    for evil in evils:
        text = f"“It rained {evil} all night,” Ada {evil} Quill said {evil} twice.\n"
        quote, who = f"“It rained {evil} all night,”", f"Ada {evil} Quill"
        right = quotation(text, quote, speaker=who, name=who, cue=f"said {evil}")
        wrong = right.model_copy(update={"rule": evil, "speaker_name": f"Bo {evil}", "confidence": 0.5})
        predicted.append(_record(text, [wrong], evil))
        gold.append(_record(text, [right], evil))
    return _scored(predicted, gold)


@pytest.mark.parametrize("evil", HOSTILE)
def test_what_articles_hold_is_escaped(evil: str, quotation: Make) -> None:
    scores = _hostile(quotation, evil)
    found = html(scores, comparison=compare(scores, scores))
    assert found.count("<script>") == 1, "the page's own"
    assert "<svg onload" not in found
    assert "<img" not in found
    assert "<a href='" not in found
    assert ("{{ 7 * 7 }}{% raw %}" in found) == ("{{" in evil)
    for letter in "\u202e\x1b\x00":
        assert letter not in found, "it could turn what is read around"


def test_plots_are_well_formed_and_their_ids_their_own(scores: Scores) -> None:
    drawn = [plots.curve(scores.calibration), plots.reliability(scores.calibration)]
    drawn.append(plots.rules({evil: c for evil in HOSTILE for c in scores.slices["rule"].values()}))
    ids: list[str] = []
    for svg in drawn:
        root = ElementTree.fromstring(svg)
        ids += [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
        assert not any(element.tag.endswith("script") for element in root.iter())
    assert len(ids) == len(set(ids))
    assert "$\\frac{1}{2}$" in drawn[-1]


# In a browser


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a report in a window of some width; whatever it asks for beside itself, or complains of, fails."""
    trouble: list[str] = []
    pages: list[Page] = []

    def opened(content: bytes, width: int = 1100) -> Page:
        path = tmp_path / "report.html"
        path.write_bytes(content)
        one = browser.new_page(viewport={"width": width, "height": 800})
        one.on(
            "request", lambda r: None if r.url.partition("#")[0] == path.as_uri() else trouble.append(r.url)
        )
        one.on("console", lambda message: trouble.append(message.text))
        one.on("pageerror", lambda error: trouble.append(str(error)))
        one.goto(path.as_uri())
        one.wait_for_selector("html[data-ready]", state="attached")
        pages.append(one)
        return one

    yield opened
    for one in pages:
        one.close()
    own = (tmp_path / "report.html").as_uri()
    assert not [line for line in trouble if line.partition("#")[0] not in (own, "data:,")]


def visible(opened: Page) -> list[str]:
    return [one.get_attribute("data-kinds") or "" for one in opened.locator(".error:visible").all()]


def test_errors_are_filtered_by_kind_of_quotation(scores: Scores, open_page: Callable[..., Page]) -> None:
    opened = open_page(html(scores).encode())
    opened.select_option("#quotation", "=mixed")
    assert visible(opened) == ["wrong-kind", "spurious"]
    assert opened.url.endswith("#quotation=mixed")
    opened.locator("h1").click()
    opened.keyboard.press("Escape")
    assert len(visible(opened)) == 5


def test_errors_are_filtered(scores: Scores, open_page: Callable[..., Page]) -> None:
    opened = open_page(html(scores).encode())
    assert len(visible(opened)) == 5
    opened.get_by_label("missed").check()
    assert visible(opened) == ["missed", "missed"]
    assert opened.locator("#count").inner_text() == "2 of 5 shown"
    opened.get_by_label("wrong person").check()
    assert len(visible(opened)) == 3
    opened.get_by_label("Document", exact=True).select_option("quay")
    assert visible(opened) == ["missed"]
    opened.get_by_role("button", name="Show all").click()
    opened.get_by_label("Rule", exact=True).select_option("clause")
    assert visible(opened) == ["wrong-kind"]
    opened.get_by_label("spurious").check()
    assert visible(opened) == []
    assert opened.locator("#none").is_visible()


def test_filters_stay_in_the_address(scores: Scores, open_page: Callable[..., Page]) -> None:
    opened = open_page(html(scores).encode())
    opened.get_by_label("missed").check()
    opened.get_by_label("Document", exact=True).select_option("quay")
    opened.reload()
    opened.wait_for_selector("html[data-ready]", state="attached")
    assert visible(opened) == ["missed"]


def test_it_works_by_keyboard(scores: Scores, open_page: Callable[..., Page]) -> None:
    opened = open_page(html(scores).encode())
    focused = "document.activeElement.dataset.kinds || document.activeElement.value"
    for key, wanted in (("j", "wrong-kind"), ("j", "spurious"), ("k", "wrong-kind"), ("k", "wrong-kind")):
        opened.keyboard.press(key)
        assert opened.evaluate(focused) == wanted
    opened.keyboard.press("f")
    assert opened.evaluate(focused) == "missed"
    opened.keyboard.press("Space")
    assert visible(opened) == ["missed", "missed"]
    opened.keyboard.press("Escape")
    assert len(visible(opened)) == 5
    opened.reload()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"


@pytest.mark.parametrize("width", [320, 390, 1100])
def test_it_fits_the_window(width: int, scores: Scores, open_page: Callable[..., Page]) -> None:
    opened = open_page(html(scores, comparison=compare(scores, scores)).encode(), width)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    small = opened.locator(".chip").first.bounding_box()
    assert small is not None
    assert small["height"] >= (40 if width < 640 else 20), "a finger must hit it"


def test_nothing_hostile_runs(quotation: Make, open_page: Callable[..., Page]) -> None:
    opened = open_page(html(_hostile(quotation, *HOSTILE)).encode())
    assert opened.evaluate("window.hit") is None
    assert opened.locator(".error").count() == len(HOSTILE)
    opened.keyboard.press("j")
    shown = "\n".join(opened.locator(".article").all_inner_texts())
    for evil in HOSTILE:
        # What can be shown of it stands in the page as text.
        assert re.sub("[\x00-\x1f\x7f-\x9f\u202e\ud800].*", "", evil, flags=re.DOTALL).strip() in shown
    for evil in HOSTILE[:-1]:
        opened.get_by_label("Rule", exact=True).select_option(f"={evil}")
        assert visible(opened) == ["wrong-person"]
    assert opened.evaluate("window.hit") is None


def test_without_script_every_error_can_be_read(scores: Scores, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html(scores), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(path.as_uri())
    assert opened.locator(".error").count() == 5
    context.close()


def test_the_history_is_drawn(scores: Scores, open_page: Callable[..., Page]) -> None:
    entries = [
        Entry(
            date=f"2026-01-0{n}T00:00:00Z", commit="abc1234", quotes="0.1.0", model="m", gold="seeds",
            gold_sha256="0", documents=1, quotations=1,
            figures={"attributed.f1": 0.9 + n / 100, "cue.f1": None},
        )
        for n in (1, 2)
    ]  # fmt: skip
    opened = open_page(page(Findings(scores), history=entries))
    assert opened.locator("figure", has_text="History").count() == 1
    assert opened.get_by_role("row", name="2026-01-02").inner_text().split() == [
        "2026-01-02", "abc1234", "–", "92.0", "–", "–", "–", "–", "–",
    ]  # fmt: skip


def test_from_files_to_a_page(tmp_path: Path, quotation: Make) -> None:
    """As the command does it: records without texts, and the article beside them."""
    (tmp_path / "dam.txt").write_text(TEXT, encoding="utf-8")
    for name, found in (("gold", [_by_hand(quotation)]), ("predicted", [])):
        record = _record(TEXT, found).model_copy(update={"text": None})
        (tmp_path / f"{name}.jsonl").write_bytes(jsonl.encode(record))
    findings = find(
        *(
            read_side(tmp_path / name, [str(tmp_path / "dam.txt")])
            for name in ("predicted.jsonl", "gold.jsonl")
        ),
        threshold=0.8,
        samples=0,
    )
    assert "told the council" in page(findings).decode()
