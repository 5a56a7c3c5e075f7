"""Gold → cue verbs that the extractor doesn't know, from quotations that it got wrong.

“It rained,” Quill yodelled.   →   the form "yodelled", if two articles have it and it was missed in one

Only the written forms that reviewers saw are added. Which verb an unlisted form is of can only be guessed,
and a wrong guess, such as "his" for "hissed", would be everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from quotes import data
from quotes.data.inflection import Form
from quotes.scoring.judging import Judgement

# As in quotes/data/cues.toml: a strong verb is right in 85 of 100 cases, a weak one in most.
_STRONG = 0.85
_WEAK = 0.5
_DOCUMENTS = 2
_SHORTEST = 4


@dataclass(slots=True)
class _Tally:
    """How often a form was a cue, in which documents, how often the extractor missed that, and was wrong."""

    right: int = 0
    documents: set[str] = field(default_factory=set)
    missed: int = 0
    wrong: int = 0


def fit_cues(judgements: Iterable[Judgement]) -> bytes | None:
    """The file of forms, by how the extractor did on the articles; None if there is none to add."""
    found: dict[str, _Tally] = {}
    for judgement in judgements:
        for verdict in judgement.verdicts:
            gold, predicted = verdict.gold, verdict.predicted
            if gold is not None and gold.speaker and _is_new(gold.cue_text):
                tally = found.setdefault(gold.cue_text.lower(), _Tally())
                tally.right += 1
                tally.documents.add(judgement.document.doc_id)
                tally.missed += not verdict.attributed
            elif predicted is not None and not verdict.attributed and _is_new(predicted.cue_text):
                found.setdefault(predicted.cue_text.lower(), _Tally()).wrong += 1
    rows = [row for text, tally in sorted(found.items()) for row in _row(text, tally)]
    return "\n".join(rows).encode() if rows else None


def _is_new(cue: str) -> bool:
    """Whether a cue is one word that isn't known: neither as a cue nor as what must not be one."""
    known, word = data.cues(), cue.lower()
    lists = (known.verbs, known.never, known.nouns, known.phrases)
    return word.isalpha() and len(word) >= _SHORTEST and all(word not in words for words in lists)


def _row(text: str, tally: _Tally) -> Iterator[str]:
    cases = tally.right + tally.wrong
    if not tally.missed or len(tally.documents) < _DOCUMENTS or tally.right < _WEAK * cases:
        return
    strength = "strong" if tally.right >= _STRONG * cases else "weak"
    yield f'[[cue]]\ntext = "{text}"\nform = "{_form(text)}"\nstrength = "{strength}"'
    yield f'reason = "a cue in {tally.right} of {cases} reviewed cases, {tally.missed} of them missed"\n'


def _form(text: str) -> Form:
    if text.endswith("ing"):
        return "gerund"
    return "third" if text.endswith("s") else "past"
