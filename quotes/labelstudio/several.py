"""Several speakers of one quotation, in Label Studio: an arrow to each mention, and all names in one field.

“…,” Ada Quill and a pilot said.   →   two arrows, "Ada Quill; –"
“…,” the Herald and the Post said. →   two arrows, "The Herald; The Post" (both are of the Quote's kind)
“…,” they said.                    →   one arrow, "Ada Quill; Tobias Renn"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, cast, get_args

from quotes.labelstudio import config
from quotes.labelstudio.regions import Comparison, Region
from quotes.records import Quotation, SpeakerKind

_BETWEEN: Final = "; "
_UNNAMED: Final = "–"
_SPLIT = re.compile(r"\s*;\s*")
_KIND = re.compile(rf"(.*?)\s*\(({'|'.join(get_args(SpeakerKind))})\)")
# One word for several people, which only then has several names.
_FOR_ALL = frozenset(["they", "them", "we", "us", "both"])


class Marked(NamedTuple):
    """One of several speakers, as marked; `kind` is None if it follows from the name and the first's kind."""

    region: Region
    name: str | None
    kind: SpeakerKind | None
    inherits: bool
    """The name is the one that the mention has elsewhere."""


def names_of(quotation: Quotation) -> str | None:
    """What the field for the speaker's name shows; None if there is no name."""
    if quotation.speakers is None:
        return quotation.speaker_name
    shown = []
    for number, one in enumerate(quotation.speakers):
        name = (one.name or _UNNAMED).replace(";", ",")
        odd = number and one.kind != usual_kind(one.name, quotation.speaker_kind)
        shown.append(f"{name} ({one.kind})" if odd else name)
    return _BETWEEN.join(shown)


def usual_kind(name: str | None, first: SpeakerKind) -> SpeakerKind:
    """The kind of a further speaker, if none is written behind the name; `first` is the kind of the first."""
    return "anonymous" if name is None else first if first in ("person", "organization") else "person"


def several(review: Comparison, parts: Sequence[Region], text: str) -> tuple[Marked, ...]:
    """The speakers of a quotation in text order, if a reviewer left or made it one of several; else nothing.

    As many names typed as there are arrows: all arrows count. Otherwise those that were drawn, and if none
    was, the pre-annotated ones, of which one may be left. So one arrow drawn alone replaces those that were
    there.
    """
    typed, is_typed = review.value(config.NAME, parts)
    names = _names(typed)
    here = _in_order(review.now.tied(config.SPEAKER, parts))
    if len(here) == 1 and len(names) > 1 and text[here[0].start : here[0].end].lower() in _FOR_ALL:
        return tuple(Marked(here[0], name, kind, False) for name, kind in names)
    if is_typed and 1 < len(names) == len(here):
        return tuple(Marked(region, *name, False) for region, name in zip(here, names, strict=True))
    before = named_before(review, parts)
    if review.before is None:
        drawn = here if all(part.manual for part in parts) else []
    else:
        old = {region.id for region in review.before.tied(config.SPEAKER, parts)}
        drawn = [region for region in here if region.id not in old]
        # Where two quotations became one, the arrows of the earlier count.
        tied = (review.now.tied(config.SPEAKER, [part]) for part in parts)
        here = drawn or _in_order(next((regions for regions in tied if regions), []))
    if is_typed or len(drawn or before) < 2 or (not drawn and not here):
        return ()
    return tuple(
        before[region.id]._replace(region=region) if region.id in before else Marked(region, None, None, True)
        for region in here
    )


def named_before(review: Comparison, parts: Sequence[Region]) -> dict[str, Marked]:
    """The pre-annotated speakers of the earliest part that had any, by the region's id, in text order.

    Where the prediction isn't known, those of a Quote that nobody drew, if it has a name for each arrow.
    """
    marks = review.before or review.now
    if review.before is None and any(part.manual for part in parts):
        return {}
    for part in parts:
        was, regions = marks.regions.get(part.id), _in_order(marks.tied(config.SPEAKER, [part]))
        if was is None or not regions:
            continue
        names = _names(was.values.get(config.NAME) or was.values.get(config.PERSON))
        if review.before is None and len(names) != len(regions):
            return {}
        first = cast(SpeakerKind, was.values.get(config.SPEAKER_KIND, "unknown"))
        found: dict[str, Marked] = {}
        for region, (name, kind) in zip(regions, names, strict=False):
            of = kind or (usual_kind(name, first) if found else first)
            found[region.id] = Marked(region, name, of, False)
        return found
    return {}


def _names(typed: str | None) -> list[tuple[str | None, SpeakerKind | None]]:
    return [_read(one) for one in _SPLIT.split(typed or "")]


def _in_order(regions: Sequence[Region]) -> list[Region]:
    """The regions in text order, each once."""
    found = {region.id: region for region in regions}
    return sorted(found.values(), key=lambda region: (region.start, region.end))


def _read(name: str) -> tuple[str | None, SpeakerKind | None]:
    """A name, and the kind that is written behind it."""
    found = _KIND.fullmatch(name)
    name, kind = (found[1], cast(SpeakerKind, found[2])) if found else (name, None)
    return (None if name in ("", _UNNAMED) else name), kind
