"""Quotation marks → segments. In the tables ⟦ and ⟧ show where a segment is expected to begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.text import marks
from quotes.text.marks import Segment

NBSP = "\u00a0"


def read(marked: str) -> tuple[str, list[str]]:
    """A table's row → the text, and the segments that it marks."""
    text, expected, start = "", [], None
    for part in marked.replace("⟦", "\0⟦").replace("⟧", "\0⟧").split("\0"):
        if part.startswith("⟦"):
            start = len(text)
        elif part.startswith("⟧"):
            expected.append((start, len(text)))
        text += part.lstrip("⟦⟧")
    return text, [text[a:b] for a, b in expected]


def found(text: str) -> list[str]:
    return [text[segment.start : segment.end] for segment in marks.segments(text)]


def check(marked: str) -> None:
    text, expected = read(marked)
    assert found(text) == expected
    ranges = [(segment.start, segment.end) for segment in marks.segments(text)]
    assert all(one[1] <= other[0] for one, other in pairwise(ranges))


def miss(marked: str, reason: str) -> Any:
    return pytest.param(marked, marks=pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError))


@pytest.mark.parametrize(
    "marked",
    [
        "⟦“It rained,”⟧ she said.",
        '⟦"It rained,"⟧ she said.',
        "⟦‘It rained,’⟧ she said.",
        "⟦'It rained,'⟧ she said.",
        "⟦«It rained,»⟧ she said.",
        "⟦« It rained »⟧, she said.",
        f"⟦«{NBSP}It rained{NBSP}»⟧, she said.",
        "⟦»It rained,«⟧ she said.",
        "⟦‹It rained,›⟧ she said.",
        "⟦›It rained,‹⟧ she said.",
        "⟦„It rained,“⟧ she said.",
        "⟦„It rained,”⟧ she said.",
        "⟦‚It rained,‘⟧ she said.",
        "⟦‚It rained,’⟧ she said.",
        "⟦``It rained,''⟧ she said.",
        "⟦`It rained,'⟧ she said.",
        "⟦''It rained,''⟧ she said.",
        "⟦‘‘It rained,’’⟧ she said.",
        "⟦＂It rained,＂⟧ she said.",
    ],
)
def test_every_pair_of_marks(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "⟦”It rained,”⟧ she said.",
        "⟦“It rained,“⟧ she said.",
        "⟦”It rained,“⟧ she said.",
        '⟦"It rained,”⟧ she said.',
        '⟦“It rained,"⟧ she said.',
        "⟦“One.”⟧ ⟦”Two.”⟧",
        "He called it ⟦”odd“⟧ and left.",
    ],
)
def test_marks_turned_the_wrong_way_or_mixed(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "⟦‘He said “wait” to me,’⟧ she said.",
        "⟦“He said ‘wait’ to me,”⟧ she said.",
        "⟦'He said \"wait\" to me,'⟧ she said.",
        "⟦\"He said 'wait' to me,\"⟧ she said.",
        "⟦‘“Wait,” he said,’⟧ she said.",
        "⟦“‘Wait,’ he said,”⟧ she said.",
        "⟦\"'Wait,' he said,\"⟧ she said.",
        "⟦'\"Wait,\" he said,'⟧ she said.",
        "⟦“Did he say ‘wait?’”⟧ she asked.",
        "⟦‘Did he say “wait”?’⟧ she asked.",
        "⟦“He said ‘wait’”⟧, she said.",
        "⟦\"He said 'wait'\"⟧, she said.",
        "⟦``He said `wait' to me,''⟧ she said.",
        "⟦„Er sagte ‚nein‘,“⟧ she said.",
        "⟦«He said ‹wait› to me,»⟧ she said.",
        "⟦“He said “wait” to me,”⟧ she said.",
        '⟦"He said "wait" to me,"⟧ she said.',
        "⟦“He said ‘it’s “odd”’ to me,”⟧ she said.",
        'She said ⟦"‘odd’"⟧ twice.',
        miss(
            '⟦"He said "wait" and "go" to me,"⟧ she said.', "of nested straight marks only one pair is seen"
        ),
    ],
)
def test_nested_marks_belong_to_the_outer_segment(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Don’t go; it's Renn’s, and they’ll know.",
        "They’ll ⟦‘go’⟧ if you don’t.",
        "⟦‘I don’t know, and I won’t ask,’⟧ he said.",
        "⟦'I don't know, and I won't ask,'⟧ he said.",
        "O’Dell said ⟦‘yes’⟧ and O'Dell said ⟦'no'⟧.",
        "⟦'Quill's'⟧ boat and ⟦‘Renn’s’⟧ boat.",
        "O`Dell said ⟦'no'⟧.",
    ],
)
def test_apostrophes_close_nothing(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "rock ’n’ roll, and ’tis so, and get ’em, and the ’90s",
        "rock 'n' roll, and 'tis so, and get 'em, and the '90s",
        "rock'n'roll",
        "the class of '98, and the fishers' boats",
        "The ’90s were ⟦‘odd’⟧, and the '90s were ⟦'odd'⟧.",
        "⟦‘’Tis late,’⟧ he said.",
        "⟦'It rained in '98,'⟧ he said.",
        "⟦‘It rained in ’98,’⟧ he said.",
        "⟦'I like rock 'n' roll,'⟧ he said.",
        "rock 'n' roll. ⟦'It's fine,'⟧ he said.",
        "⟦'Get 'em out,'⟧ he said. ⟦'Now.'⟧",
        "⟦“Get ’em out,”⟧ he said.",
        "⟦‘I told ’em,’⟧ he said.",
        # A mark before such a word opens a quotation all the same when one behind a stop closes it.
        "⟦'Til death,'⟧ she said.",
        "⟦‘Round the harbour we go,’⟧ she said.",
        "He chose ⟦'42'⟧ again.",
    ],
)
def test_elisions_open_nothing(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "the fishers’ boats",
        "the fishers' boats and the bakers' ovens",
        "the fishers’ boats were ⟦‘rotten’⟧.",
        "the boys' ⟦'odd'⟧ plan",
        "Hawkins’ ⟦‘plan’⟧ failed.",
        "⟦‘Hawkins’ decision was wrong,’⟧ he said.",
        "⟦'Hawkins' decision was wrong,'⟧ he said.",
        "⟦‘The bakers’ ovens and the fishers’ boats are gone,’⟧ he said.",
        "⟦'The bakers' ovens are gone,'⟧ he said. ⟦'All of them.'⟧",
        "⟦‘It was the bakers’,’⟧ he said.",
        "⟦'It was the bakers'.'⟧ He left.",
        "⟦'the boys'⟧, he said.",
        "⟦‘He hates dogs’⟧ she said. ⟦‘They bark.’⟧",
        miss("⟦‘It was the bakers’’⟧, he said.", "’’ is taken for one double mark"),
        miss("⟦‘He hates dogs’⟧ she said of the boys’ dog.", "the later possessive is taken for the end"),
    ],
)
def test_plural_possessives_close_nothing(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "He is 6'2\" tall.",
        'He stands 6\' 2" tall, ⟦"a giant,"⟧ she said.',
        "He is 6’2” and ⟦“proud,”⟧ she said.",
        "⟦“He is 6’2”, and proud of it,”⟧ she said.",
        'a 12" record and a 7" one',
        'The 12" record was ⟦"fine,"⟧ she said.',
        '⟦"A 12" record,"⟧ she said.',
        '5" x 7" prints and ⟦"odd"⟧ ones',
        "5'10 tall, ⟦'a giant,'⟧ she said.",
        'a 15-inch (15") screen',
        # Digits within marks are no measure.
        'a ⟦"9"⟧ and a ⟦"10."⟧',
        'He got ⟦"a 10"⟧ from her, ⟦"a 9"⟧ from him.',
        'He scored 9 ⟦"or 10,"⟧ she said.',
    ],
)
def test_primes(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        '⟦"It rained⟧',
        "He said ⟦“it rained and left⟧\n\nShe said ⟦“no”⟧ and stayed.",
        "⟦“It rained. He left.⟧\n⟦“It snowed,”⟧ she said.",
        'He said ⟦"it rained and left⟧\n\nShe said ⟦"no"⟧ and stayed.',
        # Of two opening marks and one closing mark, the first never closed.
        "He said “one, and ⟦“two,”⟧ and left.",
        'He said "one, and ⟦"two,"⟧ and left.',
        "It rained,” she said. ⟦“It snowed,”⟧ she added.",
        "It was ‘odd, she said. It was ⟦‘fine’⟧.",
        "the ‘odd thing",
        '"',
        "a\n“\nb",
        "“",
        'Fox"s lawyer said ⟦"no"⟧ today.',
    ],
)
def test_a_mark_that_never_closes_costs_at_most_its_paragraph(marked: str) -> None:
    check(marked)


def states(text: str) -> list[tuple[str, bool, bool]]:
    return [(text[s.start : s.end], s.closed, s.continues) for s in marks.segments(text)]


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "‘’", "''", "«»", ("``", "''")])
def test_a_quotation_over_three_paragraphs(opening: str, closing: str) -> None:
    text = f"{opening}One rains.\n\n{opening}Two rain.\n\n{opening}Three rain,{closing} she said."
    assert states(text) == [
        (f"{opening}One rains.", False, False),
        (f"{opening}Two rain.", False, True),
        (f"{opening}Three rain,{closing}", True, True),
    ]


@pytest.mark.parametrize("lead", ["She said: ", "“No,” she said. ", "‘No,’ she said. "])
@pytest.mark.parametrize(("opening", "closing"), ["“”", "‘’"])
def test_a_later_quotation_of_the_paragraph_may_run_on(lead: str, opening: str, closing: str) -> None:
    text = f"{lead}{opening}The fishers’ boats are gone.\n\n{opening}Then the gate broke.{closing}"
    assert states(text)[-2:] == [
        (f"{opening}The fishers’ boats are gone.", False, False),
        (f"{opening}Then the gate broke.{closing}", True, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“One,” she said.\n\n“Two,” she said.",
        "“One.\n\nShe said “two” and left.",
        "“One.\n\nNo marks here.\n\n“Three,” she said.",
        "“One.\n\n«Two,» she said.",
        "He hates ‘dogs’ and cats.\n\n‘It rained,’ she said.",
    ],
)
def test_no_continuation(text: str) -> None:
    assert not any(segment.continues for segment in marks.segments(text))


@pytest.mark.parametrize(
    "marked",
    [
        f"He said{NBSP}⟦“odd”⟧{NBSP}and left.",
        f'He said{NBSP}⟦"odd"⟧{NBSP}and left.',
        f"He said{NBSP}⟦‘odd’⟧{NBSP}and left.",
        f"⟦“It rained,”⟧{NBSP}she said.",
        f"He said ⟦“{NBSP}odd{NBSP}”⟧ and left.",
        "He said ⟦“ odd ”⟧ and left.",
        'He said ⟦" odd "⟧ and left.',
        "(⟦“odd”⟧)",
        '[⟦"odd"⟧]',
        "—⟦“odd”⟧—",
        '—⟦"odd"⟧—',
        '…⟦"it rained"⟧…',
        '⟦"—it rained—"⟧ she said.',
        '⟦"[It] rained,"⟧ she said.',
        '⟦"(It) rained,"⟧ she said.',
        '⟦"$5 is much,"⟧ she said.',
        '⟦"#rain,"⟧ she wrote.',
        '⟦"@lowmarsh is wet,"⟧ she wrote.',
        '<p>⟦"It rained,"⟧</p>',
        '*⟦"It rained,"⟧* she said.',
        'Washington (CNP)⟦"I have none,"⟧ she said.',
        'LOWMARSH—⟦"I have none,"⟧ she said.',
        'He said:⟦"I have none."⟧',
        'She said,⟦"no"⟧.Then she left.',
        'the⟦"odd"⟧word',
        "the ⟦“odd”⟧word",
        "⟦“One”⟧⟦“two”⟧",
        '⟦"One"⟧⟦"two"⟧',
        "⟦“Never.”⟧⟦“Why?”⟧",
        '⟦"Is it?"⟧ ⟦"No."⟧',
        '⟦"One,"⟧ she said, ⟦"two."⟧',
        "⟦'One,'⟧ she said. ⟦'Two,'⟧ she added.",
    ],
)
def test_neighbours(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        '⟦""⟧',
        "⟦“”⟧",
        "⟦«»⟧",
        "‘’",
        "⟦\"a\"⟧ ⟦“b”⟧ ⟦‘c’⟧ ⟦'d'⟧",
        '⟦"\U0001f30a"⟧',
        "⟦“\U0001f30a\U0001f30a”⟧ she wrote.",
        "\U0001f30a⟦“It rained,”⟧\U0001f30a she wrote.",
        "⟦“e\u0301tude”⟧ she said.",
        "⟦“雨が降った”⟧ she said.",
    ],
)
def test_short_and_strange_content(marked: str) -> None:
    check(marked)


@given(st.text(st.sampled_from("“”„‟\"＂‘’‚'`«»‹›aQs1_é .,!>\n")))
def test_one_pass_over_a_text_finds_the_marks_of_each_paragraph(text: str) -> None:
    ranges = marks.without_arrows(text, marks.paragraphs(text))
    found = marks._marks(text, ranges)
    one_by_one = [[mark[:2] for mark in _marks_of(text, start, end)] for start, end in ranges]
    assert [[mark[:2] for mark in found.get(i, [])] for i in range(len(ranges))] == one_by_one


def _marks_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The marks of one paragraph, apostrophes and primes aside, without a pattern for apostrophes."""
    for match in re.finditer(r"``|‘‘|’’|''|[“”„‟\"＂‘’‚'`«»‹›]", text[start:end]):
        a, b = start + match.start(), start + match.end()
        before, after = text[a - 1] if a > start else " ", text[b] if b < end else " "
        prime = match[0] in ("'", '"', "''", "＂") and before.isdigit() and marks._PRIME.search(text[start:a])
        if any(marks._roles(match[0], before, after)) and not prime:
            yield a, b


def test_no_marks() -> None:
    assert marks.segments("") == []
    assert marks.segments(" \n\t\n ") == []
    assert marks.segments("It rained all night.") == []


def test_segment_facts() -> None:
    text = "Quiet.\n\nShe said “it rained, twice” and left."
    start, end = text.index("“"), text.index("”") + 1
    [segment] = marks.segments(text)
    assert segment == Segment(start, end, 1, marks.DOUBLE)
    assert segment.words(text) == ["it", "rained", "twice"]


def lines(text: str) -> list[str]:
    return [text[start:end] for start, end in marks.paragraphs(text)]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \t\n", "\n\n\n"])
def test_a_line_is_a_paragraph(gap: str) -> None:
    text = gap.join(["It rained all night.", "Nobody came.", "The dam held."])
    assert lines(text) == ["It rained all night.", "Nobody came.", "The dam held."]


def test_paragraphs_are_trimmed() -> None:
    assert lines(f"  \n\t It rained. {NBSP} \n\n  ") == ["It rained."]
    assert lines("") == lines(" \n ") == []


WRAPPED = """\
The water rose all night long in the lower streets of Lowmarsh, and by
dawn most of the boats had gone. Nobody came to help us when the gates
broke, and nobody has said that they were sorry for what had happened
in March.

“It rained, and it rained, and then it rained some more, until nobody
could tell the river from the road,” said Ada Quill as she looked over
what had been the pier of the town until that night."""


def test_a_text_wrapped_at_a_fixed_width_has_its_paragraphs_at_blank_lines() -> None:
    assert [line.split()[0] for line in lines(WRAPPED)] == ["The", "“It"]
    assert found(WRAPPED) == [
        "“It rained, and it rained, and then it rained some more, until nobody\n"
        "could tell the river from the road,”"
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Short lines without stops, a list; long ones, paragraphs; lines that end their sentences.
        "Bread\nSalt\nFish and a great many other things\nRope",
        "\n".join(["It rained all night in the lower streets of the town, and nobody came to help " * 3] * 6),
        "\n".join(["It rained all night in the lower streets, and nobody came."] * 6),
    ],
)
def test_a_text_that_is_not_wrapped(text: str) -> None:
    assert len(lines(text)) == text.count("\n") + 1


def test_a_mark_pairs_in_the_given_paragraphs_only() -> None:
    text = "“One, two” three “four”"
    ranges = [(0, 4), (5, len(text))]
    assert [text[s.start : s.end] for s in marks.segments(text, ranges)] == ["“One", "“four”"]


def test_a_head_of_short_lines_is_not_wrapped_text() -> None:
    text = "By Bo Tarn\nThe Courier\nShare this\nPort Ellery\n\n“It rained,” Quill said.\n\nNobody came."
    assert [text[a:b] for a, b in marks.paragraphs(text)] == [line for line in text.split("\n") if line]
