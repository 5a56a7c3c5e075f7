"""A cue verb and its subject right beside the marks, by their words alone: where the parse is wrong.

“We sail at noon,” the editorial read.           beside: the tagger took "read" for a noun
“We sail at noon,” added Renn, who owns a boat.  beside
Small, who came late, said that “we sail …”      beside: the tagger took "Small" for an adjective

Only for quotations that nothing else attributes, and with strong cue verbs only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.surface import APPOSITION, NAME, SOURCE, mention
from quotes.attribution.titles import is_titled, title_case
from quotes.text.marks import MARKS
from quotes.text.segments import NEARBY, sentence_before

BESIDE = "beside"

_ADVERBS = r"(?: (?:also|then|later|once|recently|has|had|\w+ly))?"
# Another word follows, or the sentence ends: not "said of".
_ENDS = r"(?=[\s,.;:]|\Z)(?! of\b)"
_NOT_NAMES = frozenset(
    "a an another both he her his it its one she some that the their these they this we".split()
)
_PLURAL = re.compile(r"(?i)(?:the (?:two|three|four)|both|they|we|i|(?:the )?\w+s)\Z")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """“…,” X said; “…,” said X; X said: “…”. Compiled when first used."""
    verbs = data.cues().verbs
    strong = "|".join(
        word for word, verb in verbs.items() if verb.strength == "strong" and verb.form != "gerund"
    )
    # A weak verb counts behind the comma that ends a quotation.
    weak = "|".join(
        word for word, verb in verbs.items() if verb.form in ("past", "third") and not verb.describes
    )
    return (
        re.compile(rf"(?P<source>{SOURCE}){APPOSITION}{_ADVERBS} (?P<cue>{strong}|{weak}|read){_ENDS}"),
        re.compile(rf"(?P<cue>{strong}) (?P<source>{SOURCE})(?=[\s,.;:]|\Z)"),
        re.compile(
            rf"(?:(?:And|But|So|Then|Still|Yet),? )?(?P<source>{NAME}){APPOSITION}{_ADVERBS} (?:\w+ by )?"
            rf"(?P<cue>{strong}|saying)(?: [^,.:;!?“”\"]{{1,40}})?(?:,|:| that)?\s*$"
        ),
    )


def beside(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """“…,” the editorial read: who stands beside a cue verb that touches the quotation."""
    this = scene.segments[segment]
    if title_case(scene.segments, segment) is not None or is_titled(scene.segments, segment):
        return
    subject, inverted, leading = _patterns()
    inner = scene.text[this.start : this.end].rstrip(MARKS + " ")
    after = scene.segments.after(segment)[:NEARBY]
    if (inner[-1:] in ",?!…—-" or after[:1] == ",") and not _begins_anew(inner, after):
        gap = re.match(r"[\s,—–-]*", after)
        for pattern in (subject, inverted):
            found = pattern.match(after, gap.end() if gap else 0)
            if found is not None and (candidate := _candidate(scene, segment, found, this.end)) is not None:
                yield candidate
                return
    lead = sentence_before(scene.segments.before(segment))
    found = leading.match(lead)
    if (
        found is not None
        and (candidate := _candidate(scene, segment, found, this.start - len(lead))) is not None
    ):
        yield candidate


def _begins_anew(inner: str, after: str) -> bool:
    """“What is it?” They said …; “Yes!” Quill said: “…”: another sentence, and another quotation."""
    words = after.split()
    another = bool(words) and words[0].lower() in _NOT_NAMES and words[0][0].isupper()
    return after.rstrip().endswith(":") or (inner[-1:] != "," and another)


def _candidate(scene: Scene, segment: int, found: re.Match[str], shift: int) -> Candidate | None:
    verb = data.cues().verbs[found["cue"]]
    if verb.form == "base" and found["cue"] != "read" and not _PLURAL.match(found["source"]):
        return None
    paragraph = scene.segments[segment].paragraph
    who = mention(scene.text, shift + found.start("source"), shift + found.end("source"), paragraph)
    if who is None:
        return None
    start, end = shift + found.start("cue"), shift + found.end("cue")
    cue = Cue(start, end, -1, -1, verb.lemma, verb.strength, verb.channel, who, "subject", -1, -1)
    return Candidate(segment, BESIDE, who, cue)
