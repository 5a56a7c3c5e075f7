"""Who speaks in a document, and which quotations are whose: for pages that list their speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from quotes.records import Quotation


@dataclass(slots=True)
class Speaker:
    """Somebody who is quoted; the one who is quoted first has the number 1."""

    number: int
    name: str
    kind: str
    named: bool
    """Whether `name` is a name; if not, it is the words by which the text mentions them."""
    quotations: list[int] = field(default_factory=list)
    """The indices of their quotations in the record."""


def speakers_of(quotations: Sequence[Quotation]) -> list[Speaker]:
    """The speakers of one document, in the order in which they are first quoted.

    One name is one speaker. Who has none is told apart by their mention, in whatever case it is written: two
    officials of one mention can't be told apart here. Of whom nothing is known ("she"), each is another.
    Quotations without name and mention belong to nobody.
    """
    found: dict[tuple[str, bool, int | None], Speaker] = {}
    for index, quotation in enumerate(quotations):
        if quotation.speaker_name is not None:
            name, named = quotation.speaker_name, True
        elif quotation.speaker is not None:
            name, named = " ".join(quotation.speaker.text.split()), False
        else:
            continue
        alone = not named and quotation.speaker_kind == "unknown"
        key = (name if named else name.casefold(), named, index if alone else None)
        if key not in found:
            found[key] = Speaker(len(found) + 1, name, quotation.speaker_kind, named)
        found[key].quotations.append(index)
    return list(found.values())
