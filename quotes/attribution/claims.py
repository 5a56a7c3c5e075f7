"""Stage 3's result: who said each segment, and which segments are parts of one quotation.

“A,” Quill said. “B.”            one quotation of two parts
Quill called it “a” and “b”      two quotations
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quotes import data
from quotes.attribution.scene import Claim, Decided, Scene, Scored
from quotes.parsing.mentions import Mention
from quotes.text.marks import Range
from quotes.text.segments import Segments, sentence_before
from quotes.text.sentences import ABBREVIATION_AWARE_END


@dataclass(frozen=True, slots=True)
class Claims:
    """The decided segments of one document."""

    segments: Segments
    of_segment: tuple[Claim | None, ...]
    """For each segment who said it; None where nobody is likely to have."""
    weighed: tuple[Scored, ...]
    """For each segment its candidates, if they were kept; else nothing."""
    quotations: tuple[tuple[int, ...], ...]
    """The segments of each quotation, the quotations in the order of their first parts."""
    subjects: tuple[Mention, ...]
    """The sources of cues, with a quotation or without: who speaks there is likely to speak again."""
    topics: tuple[Range, ...] = ()
    """The last words of the subjects of main clauses, in text order."""

    @classmethod
    def of(cls, scene: Scene, decided: Decided, weighed: Sequence[Scored]) -> Claims:
        """The claims, with the parts of one quotation found."""
        groups = _quotations(scene.segments, decided)
        subjects, topics = tuple(scene.subjects()), tuple(sorted(scene.topics()))
        return cls(scene.segments, tuple(decided), tuple(weighed), groups, subjects, topics)

    def first(self, quotation: Sequence[int]) -> Claim | None:
        """The claim for a quotation's first part, which gives rule, mention, cue and confidence."""
        return self.of_segment[quotation[0]]


def _quotations(segments: Segments, decided: Decided) -> tuple[tuple[int, ...], ...]:
    groups: list[list[int]] = []
    open_group: list[int] | None = None
    for i, claim in enumerate(decided):
        if open_group is not None and claim is not None and _joins(segments, decided, open_group, i):
            open_group.append(i)
            continue
        groups.append([i])
        # A title within the attribution doesn't end the quotation around it.
        if claim is not None:
            open_group = groups[-1]
    return tuple(map(tuple, groups))


def _joins(segments: Segments, decided: Decided, group: list[int], segment: int) -> bool:
    """Whether a segment continues the quotation of this group."""
    last = group[-1]
    one, other = decided[last], decided[segment]
    if one is None or other is None:
        return False
    if segments[segment].continues:
        return segment == last + 1
    anchor = decided[group[0]]
    cue = anchor.candidate.cue if anchor else None
    if segments[last].paragraph != segments[segment].paragraph or cue is None or len(group) > 1:
        return False
    if not segments[last].end <= cue.start < segments[segment].start:
        return False
    between = segments.between(last, segment)
    if len(ABBREVIATION_AWARE_END.findall(between + "“")) > 1:
        return False
    if other.candidate.cue is not None and other.candidate.cue.start == cue.start:
        return not _opens_anew(between) and not _names_a_thing(between)
    same = (
        other.candidate.inherited_from == last or other.candidate.mention.start == one.candidate.mention.start
    )
    return same and _resumes(segments, segment)


def _opens_anew(between: str) -> bool:
    """“…,” Quill replied with a tweet of her own: “…”: a colon announces another quotation."""
    return between.rstrip().endswith(":")


def _names_a_thing(between: str) -> bool:
    """“…,” Quill said on CNN’s “The Hour”: words that introduce a name, not more of what was said."""
    word = between.rsplit(maxsplit=1)[-1].lower() if between.strip() else ""
    return word in data.marks().before_names or word.endswith(("’s", "'s", "s’", "s'"))


def _resumes(segments: Segments, segment: int) -> bool:
    """Whether a segment is a sentence of its own, and so continues what was said before."""
    return not re.search(r"\w", sentence_before(segments.before(segment)))
