"""Quick tests before slow ones rule out nothing that the slow ones would find: checked on random texts."""

from __future__ import annotations

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from quotes import data
from quotes.speakers import descriptions, evidence, names
from quotes.text import marks

WORDS = (
    "Ada Quill Renn Jr. J. A.J. Mr. Mrs. Dr. Mr Jr Old Soon Will May April the said Said denied Denied mayor"
    " mayor, mayors of the The and But Thank thank van der Élodie élan Parents’ Association O’Dell Anne-Marie"
    " “Tubs” ( ) — . , U.S. gov. Secretary State III @Quill don’t Don’t like with"
).split()
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", "", "\n\n", ". "]))).map(
    lambda words: "".join(word + gap for word, gap in words)
)
PLAIN_RUN = re.compile(
    rf"(?<![\w@#]){names._PART}"
    rf"(?:{names._SPACE}(?:{names._PARTICLE}{names._SPACE}){{0,2}}"
    rf"(?:{names._PART}|{names._NICKNAME}(?={names._SPACE}{names._UPPER})))*"
    r"(?:,?[ \u00a0](?:(?:Jr|Sr)\b\.?|(?:II|III|IV)\b))?"
)


def found(text: str) -> list[names.Name]:
    ranges = marks.paragraphs(text)
    return names.find(text, ranges, [(one.start, one.end) for one in marks.segments(text, ranges)])


@given(TEXTS)
def test_runs_of_capitals_are_those_of_the_plain_pattern(text: str) -> None:
    assert [run.span() for run in names._RUN.finditer(text)] == [
        run.span() for run in PLAIN_RUN.finditer(text)
    ]


@given(TEXTS)
def test_a_name_that_is_not_cut_would_stay_as_it_is(text: str) -> None:
    every = [name for name in found(text) if not name.headline]
    weighing = evidence.Evidence(text, every)
    for name in every:
        if len(name.words) > 1 and not evidence._may_be_cut(name, weighing):
            assert evidence._cut(text, name, weighing) == name


@given(TEXTS)
def test_words_that_only_open_sentences_stand_nowhere_else(text: str) -> None:
    every = [name for name in found(text) if not name.headline]
    weighing = evidence.Evidence(text, every)
    for name in every:
        word = name.words[0]
        own = not evidence.opens(name) or any(word in other.words[1:] for other in every)
        known = word in data.first_names() and word not in data.titles().openers
        assert not ((own or known) and word in weighing.openers)


@given(TEXTS)
def test_behind_what_ends_a_phrase_stands_no_role(text: str) -> None:
    every = found(text)
    quick = [descriptions._before(text, name) for name in every]
    with patch.multiple(descriptions, _BREAKS=frozenset(), _STOPS=frozenset()):
        assert quick == [descriptions._before(text, name) for name in every]
