"""Constructions beyond a cue and its subject, on parses made by hand and on texts without a parse.

The cases of `tests/cases/` try them on sentences that the model parses.
"""

from __future__ import annotations

import pytest
from attribution.test_rules import parse, text_of, unparsed, words

from quotes.attribution import Scene, attribute
from quotes.attribution.agents import agent
from quotes.attribution.confidence import CERTAIN, UNLIKELY, confidences
from quotes.attribution.cues import cues
from quotes.attribution.owners import owner
from quotes.attribution.relations import Layout
from quotes.attribution.second_chance import LATE
from quotes.attribution.surface import mention
from quotes.text.marks import Segment
from quotes.text.segments import Segments


def scene(written: str) -> Scene:
    """A scene of one window, whose quotations are its quoted tokens."""
    window = parse(written)
    text = text_of(window)
    items = tuple(
        Segment(window.starts[first], window.ends[last - 1], 0, "double")
        for first, last in window.where.values()
    )
    layout = Layout(window, cues(window))
    segments = Segments.of(text, ((0, len(text)),), items)
    return Scene(segments, {0: (layout,)}, dict.fromkeys(window.where, layout))


def agents(written: str) -> list[tuple[str, str | None]]:
    found = scene(written)
    window = found.layouts[0][0].window
    return [
        (text_of(window)[c.cue.start : c.cue.end], words(window, c.mention))
        for c in agent(found, 0, [])
        if c.cue is not None
    ]


DESCRIBED = "It|PRP|nsubjpass|2 was|VBD|auxpass|2 described|VBN|ROOT|2 as|IN|prep|2 *mad|JJ|amod|3"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{DESCRIBED} by|IN|prep|4 the|DT|det|7 mayor|NN|pobj|5 .|.|punct|2", ("described", "the mayor")),
        (
            f"{DESCRIBED} and|CC|cc|4 *rash|JJ|conj|4 by|IN|prep|4 Ada|NNP|compound|9 Quill|NNP|pobj|7",
            ("described", "Ada Quill"),
        ),
        (
            "It|PRP|nsubjpass|2 was|VBD|auxpass|2 dismissed|VBN|ROOT|2 by|IN|agent|2 critics|NNS|pobj|3"
            " as|IN|prep|2 *mad|JJ|amod|5",
            ("dismissed", "critics"),
        ),
    ],
)
def test_the_agent_of_a_passive_said_it(written: str, expected: tuple[str, str]) -> None:
    assert agents(written) == [expected]


@pytest.mark.parametrize(
    "written",
    [
        f"{DESCRIBED} by|IN|prep|4 Friday|NNP|pobj|5 .|.|punct|2",
        f"{DESCRIBED} by|IN|prep|4 phone|NN|pobj|5 .|.|punct|2",
        f"{DESCRIBED} by|IN|prep|2 calling|VBG|pcomp|5 her|PRP|dobj|6 .|.|punct|2",
        f"{DESCRIBED} in|IN|prep|2 a|DT|det|7 letter|NN|pobj|5 by|IN|prep|7 Quill|NNP|pobj|8",
        "Quill|NNP|nsubj|1 saw|VBD|ROOT|1 *gulls|NNS|dobj|1 by|IN|prep|1 the|DT|det|5 mayor|NN|pobj|3",
    ],
)
def test_no_agent(written: str) -> None:
    assert agents(written) == []


VERDICT = "Renn|NNP|poss|2 's|POS|case|0 verdict|NN|ROOT|2"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{VERDICT} :|:|punct|2 *late|JJ|acl|2", "Renn"),
        (f"In|IN|ROOT|0 {VERDICT.replace('|2', '|3').replace('|0', '|1')} ,|,|punct|0 *so|RB|dep|0", "Renn"),
        (f"Quill|NNP|nsubj|1 read|VBD|ROOT|1 {VERDICT.replace('|2', '|4').replace('|0', '|2')} :|:|punct|4"
         " *late|JJ|acl|4", None),
        ("His|PRP$|poss|1 motto|NN|nsubj|2 is|VBZ|ROOT|2 *late|JJ|acomp|2", "His"),
        ("His|PRP$|poss|1 claim|NN|nsubj|2 is|VBZ|ROOT|2 *late|JJ|acomp|2", None),
        ("His|PRP$|poss|1 novel|NN|ROOT|1 :|:|punct|1 *Eels|NNS|acl|1", None),
        ("In|IN|ROOT|0 other|JJ|amod|2 words|NNS|pobj|0 ,|,|punct|0 *late|JJ|acl|0", None),
    ],
)  # fmt: skip
def test_the_owner_of_a_noun_for_words(written: str, expected: str | None) -> None:
    found = scene(written)
    window = found.layouts[0][0].window
    assert [words(window, candidate.mention) for candidate in owner(found, 0, [])] == (
        [expected] if expected else []
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Mayor Ada Quill", ("Ada Quill", "name", "quill")),
        ("the editorial", ("the editorial", "nominal", "editorial")),
        ("a spokesman for the guild", ("a spokesman for the guild", "nominal", "spokesman")),
        ("The Harbour Guild", ("Harbour Guild", "name", "guild")),
        ("she", ("she", "pronoun", "she")),
        ("another", ("another", "nominal", "another")),
        ("the", None),
        ("the man said no", None),
    ],
)
def test_a_mention_off_the_words_alone(words: str, expected: tuple[str, str, str] | None) -> None:
    text = f"“No,” {words}"
    found = mention(text, 6, len(text), 0)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert (text[found.start : found.end], found.form, found.head) == expected


RAINED = "“It rained for nine days and nobody came to shut the gate.”"
TIRED = "“It rained for nine days and nobody came to shut the gate,”"


@pytest.mark.parametrize(
    ("text", "rule", "speaker"),
    [
        (f"{RAINED}\n\nAda Quill, the mayor, said this in a statement.", "source-behind", "Ada Quill"),
        (f"{RAINED}\n\nAda Quill, mayor of Lowmarsh", "source-behind", "Ada Quill"),
        (f"{RAINED}\n\nAda Quill", "source-behind", "Ada Quill"),
        (f"{TIRED}\n\nsaid Ada Quill, the mayor.", "source-behind", "Ada Quill"),
        (f"Ada Quill, mayor of Lowmarsh\n\n{RAINED}\n\nSam Brody, 54, sailor", "source-above", "Ada Quill"),
        (f"{TIRED} the editorial read.", "beside", "the editorial"),
        (f"{TIRED} tweeted another.", "beside", "another"),
        (f"{TIRED} a voice in the film states.", "beside", "a voice in the film"),
        (f"From the report: {RAINED}", "lead-in", "the report"),
        (f"A year of rain - Sam Brody: {RAINED}", "lead-in", "Sam Brody"),
        (f"Ada Quill on the flood: {RAINED}", "lead-in", "Ada Quill"),
        (f"Quill’s final answer came on Friday. {RAINED}", "lead-in", "Quill"),
        (f"Ada Quill said so. It leaks.\n\nThe hall is cold. {RAINED}", "sole-source", "Ada Quill"),
        ("‘It rained’: Ada Quill on the flood\n\nIt was Ada Quill.", "headline", "Ada Quill"),
    ],
)  # fmt: skip
def test_the_words_alone_name_the_speaker(text: str, rule: str, speaker: str) -> None:
    claim = attribute(unparsed(text)).of_segment[0]
    assert claim is not None
    who = claim.candidate.mention
    assert (claim.candidate.rule, text[who.start : who.end]) == (rule, speaker)


@pytest.mark.parametrize(
    "text",
    [
        f"{RAINED}\n\nAda Quill said in a letter that the ferry would sail. Sam Brody said no.",
        f"{RAINED}\n\nPort Ellery, Lowmarsh County",
        f"{TIRED} the editorial, which nobody had read to the end.",
        f"Ada Quill said so.\n\n* * *\n\n{RAINED}",
        f"Ada Quill said so.\n\nThe transcript of it all:\n\n{RAINED}",
        f"Ada Quill said so. Sam Brody said no.\n\nThe hall is cold. {RAINED}",
        f"Ada Quill said so. The hall is cold, and the old {RAINED} is forgotten.",
        "Ada Quill said so. The hall is cold. “It rained.”",
        "‘A flood’: What we know\n\nIt was Ada Quill.",
    ],
)
def test_the_words_alone_name_nobody(text: str) -> None:
    assert attribute(unparsed(text)).of_segment[0] is None


def test_the_paragraphs_of_one_quotation_share_a_second_chance() -> None:
    text = f"From the report: {RAINED[:-1]}\n\n“It rained for another nine days.”"
    claims = attribute(unparsed(text)).of_segment
    assert [claim and claim.candidate.rule for claim in claims] == ["lead-in", "continued"]


def test_a_second_part_goes_on_with_a_late_speaker() -> None:
    claims = attribute(unparsed(f"{TIRED} the editorial read. “We shall see.”"))
    assert claims.quotations == ((0, 1),)
    assert [claim and claim.candidate.rule for claim in claims.of_segment] == ["beside", "continuation"]


def test_unlikely_and_unweighed_claims_have_constant_confidences() -> None:
    late = {matcher.__name__.replace("_", "-") for matcher in LATE}
    assert late <= set(CERTAIN)
    claims = attribute(unparsed(f"{TIRED} the editorial read."))
    assert confidences(claims) == {0: CERTAIN["beside"]}
    assert 0 < UNLIKELY < 0.5
