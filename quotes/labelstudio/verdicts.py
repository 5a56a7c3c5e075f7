"""What `quotes verify` found, for a person to confirm: both wordings in a table, and the verdict as a choice.

altered (0.97)     |  “We will rebuild **five** piers”   →   submitted as it is: altered, at this place
number: 4 → five   |  we will rebuild **4** piers        →   another one chosen: cut, at this place
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

from pydantic import ValidationError

from quotes.records import Change, Quotation, Verdict, Verification
from quotes.verify.counts import WORTH_A_LOOK
from quotes.verify.sides import Run, sides

#: The verdicts that no place of a source goes with.
_PLACELESS: Final = ("not_found", "too_short")


def verified(quotations: Iterable[Quotation]) -> list[tuple[Quotation, Verification]]:
    """The quotations whose verdicts reviewers see; words that nobody is quoted with aren't among them."""
    return [
        (one, one.verification)
        for one in quotations
        if one.verification is not None and one.kind not in ("unattributed", "indirect")
    ]


def rows(quotations: Iterable[Quotation]) -> list[dict[str, str]]:
    """The rows of the table, what needs a look first; what differs is between asterisks."""
    found = [pair for pair in verified(quotations) if pair[1].verdict != "too_short"]
    found.sort(key=lambda pair: WORTH_A_LOOK.index(pair[1].verdict))
    return [
        {"Verdict": _verdict(one), "Quotation and source": _wordings(quotation, one)}
        for quotation, one in found
    ]


def to_meta(found: Verification) -> dict[str, Any]:
    """What a region keeps of it, besides the verdict, until the review comes back."""
    return found.model_dump(mode="json", exclude_none=True)


def from_meta(value: Any) -> Verification | None:
    """What a region kept; None if it is nothing of ours."""
    try:
        return None if value is None else Verification.model_validate(value)
    except ValidationError:
        return None


def judged(verdict: str | None, found: Verification | None) -> Verification | None:
    """A reviewer's verdict, with the place that the program found; None if the reviewer gave none."""
    if verdict is None:
        return None
    answer = {"verdict": cast(Verdict, verdict), "probability": 1.0}
    if found is None or verdict in _PLACELESS:
        return Verification.model_validate(answer)
    changes = () if verdict == "verbatim" else found.changes
    return found.model_copy(update={**answer, "changes": changes})


def strings(found: Verification) -> Iterator[str]:
    """All its texts."""
    yield from filter(None, (found.source, found.text, found.date, found.url, found.speaker))
    for change in found.changes:
        yield from (change.source, change.quoted)


def _verdict(found: Verification) -> str:
    return "\n".join([f"{found.verdict} ({found.probability:.2f})", *map(_change, found.changes)])


def _change(change: Change) -> str:
    return f"{change.kind}: {change.source or '–'} → {change.quoted or '–'}"


def _wordings(quotation: Quotation, found: Verification) -> str:
    quoted, source = sides(quotation.text, found)
    if found.source is None:
        return _marked(quoted)
    where = " · ".join(filter(None, (found.source, found.speaker, (found.date or "")[:10], found.url)))
    return f"{_marked(quoted)}\n\n{_marked(source)}\n{where}"


def _marked(runs: Sequence[Run]) -> str:
    return " ".join(f"**{words}**" if differs else words for words, differs in runs)
