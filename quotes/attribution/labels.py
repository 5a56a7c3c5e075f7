"""Speakers named by the layout, not by a clause: speaker labels and credit lines.

VALE: “…”            Ada Quill (I-Port Ellery): “…”         speaker-label
Council leader Sam Brody: “…”                               speaker-label
@adaquill: “…”       tubs_renn said: [new line] “…”         speaker-label
They have sold it! — Tobias Renn (@tubs_renn) June 5, 2017  tweet-footer
“…” — Ada Quill      “…” [new line] - Ada Quill, 54, baker   credit-line
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import data
from quotes.attribution.cues import Cue
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.parsing.mentions import Mention, title_length
from quotes.text.marks import TWEET
from quotes.text.transcripts import Turn
from quotes.tweets.embedded import footers

#: The rule of tweets that are embedded in an article.
TWEET_FOOTER = "tweet-footer"
SPEAKER_LABEL = "speaker-label"
CREDIT_LINE = "credit-line"

_NAME = r"@?(?:[^\W\d_a-z][\w.’'-]*|of|de|von|van|der|del|bin|al|la|the|and|&)"
_HANDLE = r"@\w{2,}"
# What may follow the name: a party in brackets, an age, a role.
_TAIL = r"(?:\s?\([^()\n]{1,60}\)|,(?P<role>[^:.!?\n]{1,60}))?\s?:\s*$"
_LABEL = re.compile(
    rf"(?:^|\n)[\s\-–—•*]*(?P<name>{_HANDLE}|[^\W\d_a-z][\w.’'-]*(?:[ \u00a0]{_NAME}){{0,6}}){_TAIL}"
)
# A sentence's first words in front of the name: a role, or the clause that ends in it.
_WITH_ROLE = re.compile(
    rf"(?:^|\n|[.!?]\s)[\s\-–—•*]*(?P<lead>[^\W\d_a-z][\w’'&-]*(?:[ \u00a0][\w’'&-]+){{0,5}}?)"
    r"(?<! of)(?<! for)(?<! at)(?<! in)(?<! and)(?P<comma>,?)[ \u00a0]"
    rf"(?P<name>[^\W\d_a-z][\w.’'-]*(?:[ \u00a0]{_NAME}){{0,4}}){_TAIL}"
)
# After one of these, the role and its name belong to another noun: "a letter to council leader Sam Brody:".
_NO_ROLE = frozenset(
    ["to", "by", "from", "with", "about", "on", "as", "or", "than", "after", "before", "against", "over",
     "under", "behind", "like", "is", "was", "are", "were"]
)  # fmt: skip
_TIES = frozenset(["of", "for", "at", "in", "and"])
# The line above a quotation from another member in a forum.
_FORUM = re.compile(r"(?P<name>@?\w[\w.-]*) (?P<cue>said|wrote):\s*↑?$")
_MEMBER = re.compile(r"[\d_@]|^[a-z]")
# "THE COURT", "SECOND REPORTER"
_BEFORE_ROLES = frozenset(["the", "first", "second", "male", "female"])
_CREDIT = re.compile(
    rf"^[\s.]*[-–—―]+\s*(?P<name>{_HANDLE}|[^\W\d_a-z][\w.’'-]*(?:[ \u00a0]{_NAME}){{0,5}})"
    r"\s*(?:[,(].{0,120})?[.]?\s*$"
)
# In code points. The limit avoids quadratic time where much white space follows.
_LONGEST_CREDIT = 200


def tweet_footer(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """They have sold our ferry! — Tobias Renn (@tubs_renn) June 5, 2017: the name in the footer."""
    if scene.segments.items[segment].family != TWEET:
        return
    footer = next(footers(scene.text, scene.segments[segment].end), None)
    if footer is not None:
        mention = named(scene.text, *footer.name, scene.segments[segment].paragraph)
        yield Candidate(segment, TWEET_FOOTER, mention)


def speaker_label(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """VALE: “…”: a name and a colon, and nothing else, before the quotation."""
    this = scene.segments.items[segment]
    turn = scene.segments.transcript.begins(this.start)
    if turn is not None and turn.label is not None:
        yield Candidate(segment, SPEAKER_LABEL, turn_mention(scene.text, turn))
        return
    before = scene.segments.befores[segment].rstrip()
    if before.endswith(":"):
        line = scene.segments.befores[segment][-200:]
        shift = this.start - len(line)
        found = _LABEL.search(line) or _role_label(line)
        if found and not _says(found["role"] or "") and found["name"].lower() not in data.marks().page_labels:
            yield Candidate(segment, SPEAKER_LABEL, _mention(scene, segment, found, shift))
    paragraph = this.paragraph
    if not before and paragraph:
        shift, end = scene.segments.paragraphs[paragraph - 1]
        if end - shift < 60 and (found := _FORUM.match(scene.text[shift:end])):
            who = _mention(scene, segment, found, shift)
            yield Candidate(segment, SPEAKER_LABEL, who, _forum_cue(found, shift, who))


def _forum_cue(found: re.Match[str], shift: int, who: Mention) -> Cue | None:
    """Of "tubs_renn said:", the verb. A forum's members write; "Quill said:" may be a reporter's line."""
    if not _MEMBER.search(found["name"]):
        return None
    start, end = shift + found.start("cue"), shift + found.end("cue")
    return Cue(start, end, -1, -1, found["cue"], "strong", "writing", who, "subject", -1, -1)


def _role_label(line: str) -> re.Match[str] | None:
    """Council leader Sam Brody: “…”: a person's role in lower case, then a name, and no verb."""
    found, is_role = _WITH_ROLE.search(line), data.titles().ends_in_role
    words = [data.fold(word) for word in found["lead"].split()] if found else []
    if not found or _NO_ROLE.intersection(words) or any(_is_verb(word) for word in words):
        return None
    tie = next((i for i, word in enumerate(words) if word in _TIES), len(words))
    rest = words[tie + 1 :]
    # "Head of sales Ada Quill"; but in "daughter of councillor Ada Quill", it is the daughter who speaks.
    another = bool(rest) and words[tie] != "and" and is_role(rest, person=True) and not found["comma"]
    return found if is_role(words[:tie], person=True) and not another else None


def _is_verb(word: str) -> bool:
    """Whether a word is a verb of saying: "asked", "says"; "state" and "report" are nouns here."""
    verb = data.cues().verbs.get(word)
    return verb is not None and verb.form != "base"


def _says(role: str) -> bool:
    """Whether what should be a role is a clause: "Instead, he wrote on the wall:"."""
    return any(word in data.cues().verbs for word in role.lower().split())


def credit_line(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """“…” — Ada Quill: a dash and a name after the quotation, or in the line below."""
    end = scene.segments.items[segment].end
    after = scene.segments.afters[segment]
    if after.strip(" \u00a0.\n"):
        found, shift = _CREDIT.match(after) if len(after) < _LONGEST_CREDIT else None, end
    else:
        below = scene.segments[segment].paragraph + 1
        if below >= len(scene.segments.paragraphs) or sum(scene.segments.paragraphs[below]) == 0:
            return
        shift, stop = scene.segments.paragraphs[below]
        found = _CREDIT.match(scene.text[shift:stop]) if stop - shift < _LONGEST_CREDIT else None
    if found:
        yield Candidate(segment, CREDIT_LINE, _mention(scene, segment, found, shift))


def _mention(scene: Scene, segment: int, found: re.Match[str], shift: int) -> Mention:
    """The mention of a matched name, without its titles; `shift` is where the matched text starts."""
    words = found["name"].split()
    start = found.start("name")
    for word in words[: min(title_length(words), len(words) - 1)]:
        start = found.string.index(word, start) + len(word)
    name = found.string[start : found.end("name")]
    start += shift + len(name) - len(name.lstrip())
    return named(scene.text, start, start + len(name.strip()), scene.segments[segment].paragraph)


def named(text: str, start: int, end: int, paragraph: int) -> Mention:
    """The mention of a name that the layout gives, without a parse."""
    return Mention(start, end, "name", text[start:end].split()[-1].lower(), False, -1, paragraph)


def turn_mention(text: str, turn: Turn) -> Mention:
    """The mention of a transcript's label: a name, or a role ("THE COURT", "REPORTER")."""
    assert turn.label is not None
    start, end = turn.label
    words = [data.fold(word) for word in text[start:end].split()]
    role = words[0] == "unidentified" or (
        words[-1] in data.titles().nouns and (len(words) == 1 or words[0] in _BEFORE_ROLES)
    )
    return Mention(start, end, "nominal" if role else "name", words[-1], False, -1, turn.paragraph)
