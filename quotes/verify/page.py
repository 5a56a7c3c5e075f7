"""Verdicts as one HTML page that loads nothing: quotation and source side by side, and counts.

All text is escaped, and a content security policy forbids scripts, frames, forms and addresses. It needs
jinja2, an extra.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import floor
from pathlib import Path
from typing import Any

from quotes.errors import OutputError, how_to_install, installed
from quotes.formats.html.writing import environment, is_address
from quotes.records import Verdict, encodable
from quotes.verify.counts import WORTH_A_LOOK, Checked, Counts
from quotes.verify.sides import sides

_FOLDER = Path(__file__).parent
#: The most quotations on a page, so that browsers stay fast.
MOST_CARDS = 1000
_MOST_ROWS = 200

#: What each verdict means, for a reader.
MEANINGS: Mapping[Verdict, str] = {
    "verbatim": "the source has these words",
    "marks": "only punctuation, case or spelling differ",
    "cut": "words are left out, or put in brackets",
    "altered": "words are different",
    "context": "what stands beside the words turns them",
    "other_speaker": "somebody else’s words",
    "not_found": "not in these sources, which does not mean that it was not said",
    "too_short": "too few words to tell",
}


def needs_html() -> None:
    """Raise OutputError if jinja2 is missing."""
    if not installed("html"):
        raise OutputError(
            f"A page needs the package jinja2, which is not installed. {how_to_install('html')}"
        )


def page(counts: Counts, title: str = "Quotations and their sources") -> bytes:
    """The page in UTF-8. Raises OutputError if jinja2 is missing."""
    needs_html()
    shown = counts.shown[:MOST_CARDS]
    content = (
        environment(_FOLDER)
        .get_template("page.html.j2")
        .render(
            title=title,
            css=_css(),
            verdicts=[verdict for verdict in WORTH_A_LOOK if counts.verdicts[verdict]],
            counts=counts.verdicts,
            total=counts.verdicts.total(),
            meanings=MEANINGS,
            cards=[_card(one) for one in shown],
            tables={"By speaker": _rows(counts.speakers), "By outlet": _rows(counts.outlets)},
        )
    )
    return encodable(content).encode()


def _css() -> Any:
    from markupsafe import Markup

    return Markup((_FOLDER / "page.css").read_text(encoding="utf-8"))


def _card(one: Checked) -> dict[str, Any]:
    quoted, source = sides(one.quotation.text, one.verification)
    mention = one.quotation.speaker
    return {
        "found": one.verification,
        "speaker": one.quotation.speaker_name or (mention.text if mention else "no speaker"),
        "quoted": quoted,
        "source": source,
        "sure": floor(100 * one.verification.probability),  # never rounded to certainty
        "doc_id": one.doc_id,
        "metadata": one.metadata,
        "url": one.metadata.url if is_address(one.metadata.url) else None,
        "source_url": one.verification.url if is_address(one.verification.url) else None,
    }


def _rows(counted: Mapping[str, Counter[Verdict]]) -> list[tuple[str, Counter[Verdict]]]:
    """The names with most verdicts, the most first."""
    return sorted(counted.items(), key=lambda item: (-item[1].total(), item[0]))[:_MOST_ROWS]
