"""Headlines that name their source in front of a colon.

Quill: Pier to Close in March   →   source "Quill", content "Pier to Close in March", no cue

On PolNeAR's train compartment, 57 of 62 such headlines are attributions; so often is one right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes.attribution.labels import named
from quotes.indirect.reports import Report
from quotes.text.segments import Segments

_CONFIDENCE = 0.92
# A series or a section, "The Latest: …", says nothing.
_HEADLINE = re.compile(
    r"(?!The )(?P<name>[^\W\d_a-z][\w.’'-]*(?:[ \u00a0][^\W\d_a-z][\w.’'-]*){0,3}):[ \u00a0](?P<content>\S.*)"
)
# The longest headline in code points; a longer first paragraph is something else.
_LONGEST = 200


def headline(segments: Segments) -> Iterator[Report]:
    """The report that the first line of a document makes, if its source is named again further on."""
    if not segments.paragraphs:
        return
    start, end = segments.paragraphs[0]
    found = _HEADLINE.fullmatch(segments.text, start, end) if end - start <= _LONGEST else None
    if found is None:
        return
    words = found["name"].split()
    if re.search(rf"\b{re.escape(words[-1])}\b", segments.text[end:]) is None:
        return
    mention = named(segments.text, *found.span("name"), 0)
    source = found.span("name")
    speaker = (mention.start, mention.end)
    yield Report(
        (found.span("content"),), None, source, speaker, mention, "assertion", False, _CONFIDENCE, True
    )
