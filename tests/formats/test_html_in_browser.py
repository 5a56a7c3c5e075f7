"""The page that one can mail, in a real browser: nothing runs, nothing is asked for, links lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import quotation, record
from documents_by_hand import FLOOD_RECORD, PLAN_RECORD, RECORDS

from quotes.formats.output import open_output
from quotes.records import DocumentRecord

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page of some records; whatever it asks for, complains of or opens a dialog for, fails."""
    path = tmp_path / "page.html"
    trouble: list[str] = []
    pages: list[Page] = []

    def opened(*records: DocumentRecord, width: int = 1200, scheme: str = "light") -> Page:
        with open_output(str(path)) as sink:
            for one in records:
                sink.write(one)
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        pages.append(page)
        page.on("request", lambda r: trouble.append(r.url) if r.url != path.as_uri() else None)
        page.on("console", lambda line: trouble.append(line.text))
        page.on("dialog", lambda dialog: trouble.append(dialog.message))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield opened
    for page in pages:
        page.close()
    assert trouble == []


def test_nothing_of_a_hostile_article_runs(open_page: Open) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)><style>*{display:none}</style>"
    text = f"“{evil}” {evil} said.\n\n{evil}"
    one = record(
        f"{evil}",
        text,
        quotation(
            text, f"“{evil}”", speaker=evil, cue="said", speaker_name=f"'\"><svg onload=alert(3)>{evil}"
        ),
        title=f"</title>{evil}",
        author=f"'\" onmouseover=alert(4) x='{evil}",
        url="javascript:alert(5)",
    )
    page = open_page(one, FLOOD_RECORD)
    page.locator("mark.quotation").first.hover()
    assert page.locator("script, img, svg, article style").count() == 0
    assert evil in page.locator("h1").first.inner_text()
    assert page.locator("main").is_visible()


def test_a_speaker_and_what_they_said_lead_to_each_other(open_page: Open) -> None:
    page = open_page(FLOOD_RECORD)
    page.get_by_role("link", name="Mayor Ada Quill").click()
    assert page.url.endswith("#d1-s1")
    item = page.locator("li:target")
    assert "2 ×" in item.inner_text()
    item.get_by_role("link").last.click()
    assert page.locator("mark:target").inner_text() == "“Nobody was hurt."


def test_what_is_reported_is_underlined_and_leads_to_its_speaker(open_page: Open) -> None:
    page = open_page(PLAN_RECORD)
    said, around, *_ = page.locator("article u.reported").all()
    for underlined in (said, around):
        assert style(underlined, "textDecorationLine") == "underline"
        assert style(underlined, "backgroundColor") == "rgba(0, 0, 0, 0)"
    assert around.inner_text() == "the plan is"  # within what Ada Quill told, and lower
    assert style(around, "textUnderlineOffset") != style(said, "textUnderlineOffset")
    mad = said.locator("mark.quotation").first
    assert (mad.inner_text(), style(mad, "backgroundColor") != "rgba(0, 0, 0, 0)") == ("“mad”", True)
    page.locator("u#d1-q3").hover()
    assert said.get_attribute("title") == "Ada Quill · indirect speech · assertion · 90% sure"
    page.locator("aside").get_by_role("link", name="The *pier* would close").click()
    assert page.url.endswith("#d1-q3")
    assert page.locator("u:target").inner_text() == "The *pier*"
    page.get_by_role("link", name="who said it").nth(2).click()
    assert "Noor Adeyemi" in page.locator("li:target").inner_text()


def style(of: Locator, name: str) -> str:
    value: str = of.evaluate(f"element => getComputedStyle(element).{name}")
    return value


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_it_fits_and_can_be_read(scheme: str, width: int, open_page: Open) -> None:
    page = open_page(*RECORDS, width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for where in (
        "mark.c1",
        "mark.c2",
        "mark.c3",
        "mark.nobody",
        "u.reported",
        "aside li",
        ".soft",
        ".whose",
        ".count",
    ):
        assert contrast(page, where) >= 4.5, where


def contrast(page: Page, where: str) -> float:
    """The contrast of an element's words with what is behind them, as WCAG 2 counts it."""
    ratio: float = page.locator(where).first.evaluate(
        """element => {
            const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
            let behind = element, colour;
            do { colour = numbers(getComputedStyle(behind).backgroundColor); behind = behind.parentElement; }
            while (colour[3] === 0 && behind);
            const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
                .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
            const words = light(numbers(getComputedStyle(element).color)), page = light(colour);
            return (Math.max(words, page) + .05) / (Math.min(words, page) + .05);
        }"""
    )
    return ratio
