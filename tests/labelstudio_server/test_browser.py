"""What a reviewer does in a real browser, and what is pulled."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from indirect_by_hand import ALL, CLOSE, DOCUMENT, INNER, LEAKS, OPEN, RECORD, RENN, said
from playwright.sync_api import Locator, Page, expect, sync_playwright

from quotes.labelstudio.address import read_login
from quotes.labelstudio.client import Connection
from quotes.labelstudio.exports import read_export
from quotes.labelstudio.projects import find_or_create_project
from quotes.labelstudio.pull import pull
from quotes.labelstudio.push import push
from quotes.labelstudio.reviews import review
from quotes.labelstudio.tasks import to_task
from quotes.records import Document, DocumentRecord, Quotation, quote_id

from review_room import ROOT, Pairs, Reviewer, Serving, missing  # isort: skip

# One worker for all tests of the server, so that a run has one server.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("labelstudio")]

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SHOTS = Path(os.environ.get("QUOTES_TEST_ARTEFACTS", ROOT / "test-artefacts")) / "label-studio"

SEALS = (
    "Seals 🦭🏝️ come back\n\n"
    "“It rained all night,” Mayor Ada Quill said. “The seals love it.”\n\n"
    "Ingram Pellow, who counts them, said: “We had ninety.” The sign reads “Keep Off” in red.\n\n"
    "👩‍👩‍👧‍👦 A family from Orlness laughed. “They barked at us,” the mother said.\n"
)

RAIN, LOVE, NINETY = "“It rained all night,”", "“The seals love it.”", "“We had ninety.”"
SIGN, BARKED = "“Keep Off”", "“They barked at us,”"

# Where words stand on the page: centre of the first and the last line that they take, at their outer edges.
EDGES = """words => {
  const text = document.querySelector('.lsf-richtext__container');
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    const boxes = range.getClientRects(), first = boxes[0], last = boxes[boxes.length - 1];
    return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
  }
  return null;
}"""


@pytest.fixture(scope="session")
def page(serving: Serving) -> Iterator[Page]:
    """A browser that has logged in, and that asked nobody but the server."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("Chromium is not installed. On Debian, run: apt-get install chromium fonts-noto-color-emoji")
    login = read_login(serving.data_dir)
    assert login is not None
    strangers: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.on("request", lambda request: strangers.append(request.url))
        page.goto(f"{login.url}/user/login/")
        page.fill("input[name=email]", login.email)
        page.fill("input[name=password]", login.password.get_secret_value())
        page.click("button[type=submit]")
        expect(page).not_to_have_url(f"{login.url}/user/login/")
        yield page
        browser.close()
    assert [url for url in strangers if not url.startswith((login.url, "data:", "blob:"))] == []


class Desk:
    """A task on the screen."""

    def __init__(self, page: Page, reviewer: Reviewer) -> None:
        self.page = page
        self.reviewer = reviewer

    def open(self, number: int = 0) -> None:
        task = self.reviewer.tasks[number].id
        url = self.reviewer.connection.url
        self.page.goto(f"{url}projects/{self.reviewer.project.id}/data?task={task}")
        expect(self.button("Submit")).to_be_visible(timeout=60_000)
        expect(self.page.locator(".htx-highlight").first).to_be_visible(timeout=60_000)

    def shoot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def edges(self, words: str) -> tuple[float, float, float, float]:
        edges = self.page.evaluate(EDGES, words)
        assert edges is not None, f"{words!r} is not on the page"
        return tuple(edges)

    def click(self, words: str) -> None:
        left, top, right, _ = self.edges(words)
        self.page.mouse.click((left + right) / 2, top)

    def select(self, words: str) -> None:
        """Click a region, and wait until its details are shown. A click on an unfinished editor is lost."""
        for _ in range(10):
            self.click(words)
            with contextlib.suppress(AssertionError):
                expect(self.details).to_contain_text(words, timeout=6_000)
                return
        expect(self.details).to_contain_text(words)

    def drag(self, words: str) -> None:
        left, top, right, bottom = self.edges(words)
        self.page.mouse.move(left + 0.5, top)
        self.page.mouse.down()
        self.page.mouse.move(right - 0.5, bottom, steps=8)
        self.page.mouse.up()

    def drag_end(self, words: str) -> None:
        """Drag the end of the selected region to the end of these words."""
        box = self.page.locator(".htx-highlight area").last.bounding_box()
        assert box is not None
        _, _, right, bottom = self.edges(words)
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(right, bottom, steps=8)
        self.page.mouse.up()

    @property
    def details(self) -> Locator:
        return self.page.locator(
            ".lsf-region-meta, .lsf-detailed-region, .lsf-sidepanels__wrapper_align_right"
        ).first

    def button(self, words: str) -> Locator:
        return self.page.locator("button", has_text=words)

    def submit(self) -> None:
        self.page.keyboard.press("Control+Enter")
        expect(self.button("Update")).to_be_visible(timeout=30_000)

    def home(self, folder: Path) -> DocumentRecord:
        """Pull, and give the one document's record."""
        path = pull(self.reviewer.connection, self.reviewer.project, folder / "exports")
        reviews = review(read_export(path))
        assert reviews.report.problems == []
        [record] = reviews.gold
        return record


@pytest.fixture
def desk(page: Page, reviewer: Reviewer) -> Desk:
    return Desk(page, reviewer)


def send(connection: Connection, title: str, document: Document, record: DocumentRecord) -> None:
    push(
        connection,
        find_or_create_project(connection, title),
        [to_task(document, record, model_version="quotes-1")],
    )


def marked(record: DocumentRecord) -> dict[str, Quotation]:
    return {quotation.text: quotation for quotation in record.quotations}


def span(words: str) -> dict[str, object]:
    start = SEALS.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def bare(quotation: Quotation) -> dict[str, object]:
    return quotation.model_dump(exclude={"rule", "confidence", "name_confidence"})


@pytest.fixture
def seals(extracted: Callable[..., Pairs]) -> tuple[Document, DocumentRecord]:
    """What the extractor finds, made worse: a wrong speaker, one quotation too many, one missing."""
    [(document, record)] = extracted([Document(doc_id="seals", text=SEALS)])
    found = marked(record)
    assert set(found) == {f"{RAIN} {LOVE}", NINETY, SIGN, BARKED}
    mayor = found[f"{RAIN} {LOVE}"]
    rain, love = (
        mayor.model_copy(
            update={"parts": (part,), "text": words, "quote_id": quote_id(record.text_sha256, (part,))}
        )
        for part, words in zip(mayor.parts, (RAIN, LOVE), strict=True)
    )
    pellow = {"speaker": found[NINETY].speaker, "speaker_name": "Ingram Pellow", "speaker_kind": "person"}
    worse = (
        rain,
        love.model_copy(update={**pellow, "cue": None}),
        found[NINETY],
        found[SIGN].model_copy(update={"kind": "mixed", **pellow}),
    )
    return document, record.model_copy(update={"quotations": worse})


def test_three_corrections_are_pulled_and_nothing_else_changes(
    seals: tuple[Document, DocumentRecord], connection: Connection, desk: Desk, tmp_path: Path
) -> None:
    document, record = seals
    send(connection, desk.reviewer.title, document, record)
    desk.open()
    before = marked(record)
    for words in ("It rained", "The seals", "We had ninety", "Keep Off", "Ingram Pellow"):
        expect(desk.page.locator(".htx-highlight", has_text=words)).to_have_count(1)
    desk.shoot("1-opened")

    # The wrong speaker: the right mention, one relation.
    desk.select(LOVE)
    desk.page.keyboard.press("Alt+r")
    desk.click("Ada Quill")
    desk.page.keyboard.press("Escape")
    desk.shoot("2-speaker-changed")

    # The one too many.
    desk.select("Keep Off")
    desk.page.keyboard.press("Backspace")
    expect(desk.page.locator(".htx-highlight", has_text="Keep Off")).to_have_count(0)
    desk.shoot("3-deleted")

    # The missing one, behind emoji of one and of seven code points.
    desk.page.keyboard.press("1")
    desk.drag(BARKED)
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("2")
    desk.drag("the mother")
    desk.page.keyboard.press("Escape")
    desk.select(BARKED)
    desk.page.keyboard.press("Alt+r")
    desk.click("the mother")
    desk.shoot("4-added")
    desk.submit()
    desk.shoot("5-submitted")

    after = marked(desk.home(tmp_path))
    assert set(after) == {RAIN, LOVE, NINETY, BARKED}
    assert all(bare(after[words]) == bare(before[words]) for words in (RAIN, NINETY))
    corrected = {"speaker": span("Ada Quill"), "speaker_name": "Ada Quill", "speaker_kind": "person"}
    meant = {**bare(before[LOVE]), **corrected}
    del meant["speaker_role"]  # another speaker's
    assert bare(after[LOVE]) == meant
    added = after[BARKED]
    assert added.parts == ((SEALS.index(BARKED), SEALS.index(BARKED) + len(BARKED)),)
    assert added.speaker is not None
    assert added.speaker.model_dump() == span("the mother")
    assert added.cue is None


def test_one_key_accepts(seeds: Pairs, connection: Connection, desk: Desk, tmp_path: Path) -> None:
    document, record = next(pair for pair in seeds if pair[0].doc_id.endswith("salt-trial"))
    send(connection, desk.reviewer.title, document, record)
    desk.open()
    for quotation in record.quotations:
        first_words = document.text[slice(*quotation.parts[0])].splitlines()[0]
        expect(desk.page.locator(".htx-highlight", has_text=first_words[:20]).first).to_be_visible()
    desk.select("keep the pen moving")
    desk.shoot("0-as-opened")
    desk.submit()
    home = desk.home(tmp_path)
    assert [bare(one) for one in home.quotations] == [
        bare(one) for one in sorted(record.quotations, key=lambda one: one.parts)
    ]


def test_the_label_stream_shows_what_was_pushed_last(
    seals: tuple[Document, DocumentRecord], connection: Connection, desk: Desk
) -> None:
    document, record = seals
    project = find_or_create_project(connection, desk.reviewer.title)
    less = record.model_copy(update={"quotations": record.quotations[:1]})
    push(connection, project, [to_task(document, record, model_version="quotes-1")])
    push(connection, project, [to_task(document, less, model_version="quotes-2")])
    desk.page.goto(f"{connection.url}projects/{project.id}/data?labeling=1")
    expect(desk.page.locator(".htx-highlight", has_text="It rained")).to_be_visible(timeout=60_000)
    expect(desk.page.locator(".htx-highlight", has_text="Keep Off")).to_have_count(0)
    desk.shoot("6-label-stream")


def test_indirect_speech_is_corrected(connection: Connection, desk: Desk, tmp_path: Path) -> None:
    """One Indirect gets another end, one is added, one deleted; a Reported is relabelled; the rest stays."""
    send(connection, desk.reviewer.title, DOCUMENT, RECORD)
    desk.open()
    expect(desk.page.locator(".relations-overlay g").first).to_be_attached()  # the arrows are drawn last
    desk.select("“mad”")  # a Quote in a Reported in an Indirect
    desk.shoot("7-indirect")

    desk.page.keyboard.press("Escape")
    desk.select("would stay open")
    desk.drag_end("would stay")
    desk.page.keyboard.press("Escape")

    desk.page.keyboard.press("6")
    desk.drag("the pier")
    desk.page.keyboard.press("Escape")
    desk.select("the pier")
    desk.page.keyboard.press("x")  # a belief
    desk.page.keyboard.press("n")  # negated
    desk.page.keyboard.press("Alt+r")
    desk.click("Tobias Renn")
    desk.page.keyboard.press("Escape")
    desk.shoot("8-indirect-added")

    desk.select("the dam is")  # the Reported of a Quote, which becomes an Indirect of it
    desk.page.keyboard.press("6")
    desk.page.keyboard.press("Escape")

    desk.select("whether it leaks")
    desk.page.keyboard.press("Backspace")
    expect(desk.page.locator(".htx-highlight", has_text="whether it leaks")).to_have_count(0)
    desk.submit()
    desk.shoot("9-indirect-submitted")

    added = said("the pier", speaker="Tobias Renn", attribution_type="belief", negated=True, **RENN)
    shorter = said("The harbour", "would stay", speaker="Tobias Renn", cue="told", channel="writing", **RENN)
    meant = [CLOSE, added, shorter, *(one for one in ALL if one not in (CLOSE, OPEN, LEAKS))]
    assert [bare(one) for one in desk.home(tmp_path).quotations] == [bare(one) for one in meant]
    [annotation] = desk.reviewer.raw(desk.reviewer.tasks[0].id)["annotations"]
    labels = {
        item["id"]: item["value"]["labels"]
        for item in annotation["result"]
        if item.get("from_name") == "role"
    }
    assert labels[f"r-{INNER.quote_id}-1"] == ["Indirect"]


def arrows_are_seen(page: Page) -> bool:
    return bool(
        page.locator(".relations-overlay").first.evaluate("layer => getComputedStyle(layer).opacity") == "1"
    )


def test_what_is_seen_when_submitted_is_stored(
    seals: tuple[Document, DocumentRecord], connection: Connection, desk: Desk, tmp_path: Path
) -> None:
    """A kind that stays ticked, a name of the article's people, a typed name, and the grey label."""
    document, record = seals
    send(connection, desk.reviewer.title, document, record)
    desk.open()
    who = desk.page.locator(".quotes-who")
    expect(who).to_contain_text("Ingram Pellow")
    expect(who).to_contain_text(NINETY)
    assert not arrows_are_seen(desk.page)

    # A mention that nothing else is said of, and another name: the kind stays ticked.
    desk.page.keyboard.press("2")
    desk.drag("the mother")
    desk.page.keyboard.press("Escape")
    desk.select(NINETY)
    assert arrows_are_seen(desk.page)
    desk.page.keyboard.press("Alt+r")
    desk.click("the mother")
    desk.page.keyboard.press("Escape")
    desk.select(NINETY)
    name = desk.page.locator("[placeholder^='Another name']")
    name.fill("Ida Fenwick")
    name.press("Enter")
    desk.page.keyboard.press("Escape")
    desk.shoot("10-another-speaker")

    # Another of the article's people: a click on the quotation, and one on the name.
    desk.select(LOVE)
    desk.page.locator("label", has_text="Ada Quill").first.click()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")

    desk.select("Keep Off")
    desk.page.keyboard.press("7")
    desk.page.keyboard.press("Escape")
    desk.shoot("11-not-a-quotation")
    desk.submit()

    after = marked(desk.home(tmp_path))
    ninety, love, sign = after[NINETY], after[LOVE], after[SIGN]
    assert (ninety.speaker_name, ninety.speaker_kind) == ("Ida Fenwick", "person")
    assert ninety.speaker is not None
    assert ninety.speaker.model_dump() == span("the mother")
    assert (love.speaker_name, love.speaker_kind) == ("Ada Quill", "person")
    assert (sign.kind, sign.speaker) == ("unattributed", None)


def test_a_split_keeps_speaker_and_kind(
    seals: tuple[Document, DocumentRecord], connection: Connection, desk: Desk, tmp_path: Path
) -> None:
    document, record = seals
    send(connection, desk.reviewer.title, document, record)
    desk.open()
    before = marked(record)
    desk.select("It rained")
    desk.drag_end("It rained")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("1")
    desk.drag("all night,”")
    desk.page.keyboard.press("Escape")
    desk.shoot("12-split")
    desk.submit()
    after = marked(desk.home(tmp_path))
    assert {"“It rained", "all night,”"} < after.keys()
    same = {"parts", "text", "quote_id"}
    for words in ("“It rained", "all night,”"):
        piece, whole = bare(after[words]), bare(before[RAIN])
        assert {k: v for k, v in piece.items() if k not in same} == {
            k: v for k, v in whole.items() if k not in same
        }
