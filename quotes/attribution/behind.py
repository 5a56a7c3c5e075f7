"""The paragraph below a quotation names its source, or the line above each of several.

“…” ¶ Vale, the head of research, said this in a statement.    source-behind
“…,” ¶ said Ada Quill.   “…” ¶ That is what Renn told us.      source-behind
“…” ¶ Tobias Renn, owner of the Ellery Line                    source-behind
Tobias Renn, owner of a boat ¶ “…” ¶ Ada Quill, baker ¶ “…”    source-above

With a dash before the name it is a credit line. "Quill said the ferry would sail" has words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from quotes import data
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.surface import APPOSITION, NAME, SOURCE, mention
from quotes.attribution.titles import title_case
from quotes.text.marks import MARKS

SOURCE_BEHIND, SOURCE_ABOVE = "source-behind", "source-above"

# In code points: of a longer paragraph only the beginning is read, and it is no line with a name.
_LONGEST = 300
# A bullet, a dash or a full stop beside a quotation that is a paragraph.
_EDGE = 3
# The longest list that is gone through to its top, in quotations.
_LIST = 50
_SAID_THIS = (
    rf"(?P<source>{SOURCE}){APPOSITION}(?: has| had| later| also| once)? (?P<cue>\w+)"
    r"(?: (?:this|so|these words|those words|as much)\b"
    r"| (?:in|during|at) (?:an?|the|his|her|their) (?:[\w-]+ ){0,3}"
    r"(?:statement|interview|letter|speech|message|email|e-mail|post|release|call|hearing)\b)"
    r"(?!.* that )[^“”\":]*$"
)
_SPEAKING = (
    rf"(?P<source>{SOURCE}){APPOSITION} (?:is|was) (?P<cue>talking|speaking|referring|recalling|describing)\b"
)
_THESE_WORDS = (
    r"(?:These|Those|This|That|Such|So) (?:was|were|is|are|went|goes|ran|runs) (?:(?:the|an?) )?(?:\w+ )?"
    rf"(?P<cue>\w+) of (?P<source>{SOURCE})"
)
_WHAT = rf"(?:That|This) (?:is|was) (?:what|how) (?P<source>{SOURCE}){APPOSITION} (?P<cue>\w+)\b"
_ROLE_LINE = re.compile(rf"(?P<source>{NAME})(?:, (?P<role>[^.!?:;“”\"\n]{{2,80}}))?$")


def source_behind(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """“…” ¶ Vale said this in a statement: who said the quotation that is the paragraph above."""
    number = scene.segments[segment].paragraph
    if not _alone(scene, segment):
        return
    below = _named_below(scene, segment, number + 1)
    if below is not None and not (below.re is _ROLE_LINE and _is_headed(scene, segment)):
        yield from _candidate(scene, segment, SOURCE_BEHIND, below, number + 1)


def source_above(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Ada Quill, baker ¶ “…”: a list of people, and what each of them says."""
    number = scene.segments[segment].paragraph
    if _alone(scene, segment) and _is_headed(scene, segment) and (line := _role_line(scene, number - 1)):
        yield from _candidate(scene, segment, SOURCE_ABOVE, line, number - 1)


def _candidate(
    scene: Scene, segment: int, rule: str, found: re.Match[str], number: int
) -> Iterator[Candidate]:
    shift = scene.segments.paragraphs[number][0]
    who = mention(scene.text, shift + found.start("source"), shift + found.end("source"), number)
    if who is not None:
        yield Candidate(segment, rule, who)


def _named_below(scene: Scene, segment: int, number: int) -> re.Match[str] | None:
    """What names the source in the paragraph with this number."""
    if number >= len(scene.segments.paragraphs):
        return None
    start, end = scene.segments.paragraphs[number]
    line = scene.text[start : min(end, start + _LONGEST)]
    sentence = re.split(r"(?<=\w\w[.!?])\s", line, maxsplit=1)[0].rstrip(".")
    this = scene.segments[segment]
    if scene.text[this.start : this.end].rstrip(MARKS + " ").endswith(","):
        return next((found for test in _broken() if (found := test.match(line))), None)
    for test in _sentences():
        found = test.match(sentence)
        if found is not None and (_says(found["cue"]) or test.pattern == _SPEAKING):
            return found
    return _role_line(scene, number)


@cache
def _sentences() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, (_SAID_THIS, _SPEAKING, _THESE_WORDS, _WHAT)))


@cache
def _broken() -> tuple[re.Pattern[str], ...]:
    """“…,” ¶ said Ada Quill: the page has torn a sentence apart."""
    verbs = data.cues().verbs
    strong = "|".join(
        word for word, verb in verbs.items() if verb.strength == "strong" and verb.form != "gerund"
    )
    return (
        re.compile(rf"(?P<cue>{strong}) (?P<source>{SOURCE})(?=[\s,.;:]|\Z)"),
        re.compile(rf"(?P<source>{SOURCE}){APPOSITION} (?P<cue>{strong})\b"),
    )


def _alone(scene: Scene, segment: int) -> bool:
    """Whether the paragraph is the quotation, and that is more than a title."""
    this = scene.segments[segment]
    start, end = scene.segments.paragraphs[this.paragraph]
    if max(this.start - start, end - this.end) > _EDGE:
        return False
    beside = scene.text[start : this.start] + scene.text[this.end : end]
    return not re.search(r"\w", beside) and title_case(scene.segments, segment) is None


def _is_headed(scene: Scene, segment: int) -> bool:
    """Whether names stand above the quotations: the lines alternate, and the first of them is a name."""
    number = scene.segments[segment].paragraph
    if _role_line(scene, number - 1) is None:
        return False
    for one in range(segment, max(0, segment - _LIST), -1):
        above = scene.segments[one - 1].paragraph == scene.segments[one].paragraph - 2
        if not above or not _alone(scene, one - 1):
            return True
        if _role_line(scene, scene.segments[one - 1].paragraph - 1) is None:
            return False
    return True


def _says(word: str) -> bool:
    """A verb of saying, or a noun for what is said: the words, the answer."""
    verb = data.cues().verbs.get(word.lower())
    says = verb is not None and verb.strength == "strong" and verb.form != "base"
    return says or word.lower() in data.marks().owned


def _role_line(scene: Scene, number: int) -> re.Match[str] | None:
    """A line of nothing but a person's name and role; without a known first name it may be a place."""
    if not 0 <= number < len(scene.segments.paragraphs):
        return None
    start, end = scene.segments.paragraphs[number]
    found = _ROLE_LINE.match(scene.text[start:end]) if end - start < _LONGEST // 2 else None
    if found is None or " " not in found["source"] or len(found["source"].split()) > 4:
        return None
    words = (found["role"] or "").split()
    first = found["source"].split()[0] in data.first_names()
    tie = next((i for i, word in enumerate(words) if word in ("of", "at", "for", "in", "from")), len(words))
    role = data.titles().ends_in_role([data.fold(word.strip(",")) for word in words[:tie]], person=True)
    aged = bool(words) and words[0].rstrip(",").isdigit()
    return found if role or (first and (not words or aged or words[0][0].isupper())) else None
