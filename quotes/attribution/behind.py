"""The paragraph below a quotation names its source.

“…” ¶ Vale, the head of research, said this in a statement.    source-behind
“…” ¶ That is what Renn told the council.                      source-behind
“…” ¶ Tobias Renn, owner of the Ellery Line                    source-behind

With a dash before the name it is a credit line. "Quill said the ferry would sail" has words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import data
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.attribution.surface import NAME, SOURCE, mention
from quotes.attribution.titles import title_case

SOURCE_BEHIND = "source-behind"

# In code points: a paragraph of which no more than its first sentence is read.
_LONGEST = 300
_APPOSITION = r"(?:, [^,.!?“”\"\n]{2,80},| \([^()\n]{1,40}\))?"
_SAID_THIS = re.compile(
    rf"(?P<source>{SOURCE}){_APPOSITION}(?: has| had| later| also| once)? (?P<cue>\w+)"
    r"(?: (?:this|so|these words|those words|as much)\b| (?:in|during|at) (?:an?|the|his|her|their) (?:[\w-]+ ){0,3}"
    r"(?:statement|interview|letter|speech|message|email|e-mail|post|release|call|hearing)\b)[^“”\":]*$"
)
_THESE_WORDS = re.compile(
    rf"(?:These|Those|This|That|Such|So) (?:was|were|is|are|went|goes|ran|runs) (?:(?:the|an?) )?(?:\w+ )?(?P<cue>\w+) of (?P<source>{SOURCE})"
)
_WHAT = re.compile(
    rf"(?:That|This) (?:is|was) (?:what|how) (?P<source>{SOURCE}){_APPOSITION} (?P<cue>\w+)\b"
)
_ROLE_LINE = re.compile(rf"(?P<source>{NAME}), (?P<role>[^.!?:;“”\"\n]{{3,80}})$")


def source_behind(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """“…” ¶ Vale said this in a statement: who said the quotation that is the paragraph above."""
    number = scene.segments[segment].paragraph + 1
    paragraphs = scene.segments.paragraphs
    if number >= len(paragraphs) or not _alone(scene, segment):
        return
    start, end = paragraphs[number]
    line = scene.text[start : min(end, start + _LONGEST)]
    sentence = re.split(r"(?<=\w\w[.!?])\s", line, maxsplit=1)[0].rstrip(".")
    found = next((match for test in (_SAID_THIS, _THESE_WORDS, _WHAT) if (match := test.match(sentence))), None)
    if found is not None and not _says(found["cue"]):
        return
    if found is None and end - start < _LONGEST and (match := _ROLE_LINE.match(line)) and _is_role(match):
        found = match
    if found is None:
        return
    who = mention(scene.text, start + found.start("source"), start + found.end("source"), number)
    if who is not None:
        yield Candidate(segment, SOURCE_BEHIND, who)


def _alone(scene: Scene, segment: int) -> bool:
    """Whether the paragraph is the quotation, and that is more than a title."""
    beside = scene.segments.before(segment) + scene.segments.after(segment)
    return not re.search(r"\w", beside) and title_case(scene.segments, segment) is None


def _says(word: str) -> bool:
    """A verb of saying, or a noun for what is said: the words, the answer."""
    verb = data.cues().verbs.get(word.lower())
    return (verb is not None and verb.strength == "strong" and verb.form != "base") or word.lower() in data.marks().owned


def _is_role(match: re.Match[str]) -> bool:
    """A person's name, then a role or a body; without a known first name it may be a place and its county."""
    if " " not in match["source"]:
        return False
    words = match["role"].split()
    if match["source"].split()[0] in data.first_names() and match["role"][0].isupper():
        return True
    tie = next((i for i, word in enumerate(words) if word in ("of", "at", "for", "in", "from")), len(words))
    return data.titles().ends_in_role([data.fold(word) for word in words[:tie]], person=True)
