"""What must hold of the scorer whatever is scored: symmetry, invariance, and the optimum of the matcher."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from pathlib import Path

import krippendorff
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate.entities import Entity
from nervaluate.strategies import (
    EntityTypeEvaluation,
    ExactEvaluation,
    PartialEvaluation,
    StrictEvaluation,
)

from quotes.records import SCHEMA_VERSION
from quotes.scoring import matching
from quotes.scoring.agreement import _alpha
from quotes.scoring.findings import Findings, report
from quotes.scoring.gold import read_side
from quotes.scoring.items import Item, Judged
from quotes.scoring.matching import iou, match, overlap, shared_points
from quotes.scoring.measures import Counts
from quotes.scoring.scores import figures, fingerprint, intervals, score

PATIENT = settings(deadline=None, max_examples=examples(50))  # the first example may load scipy
TEXT = "abcd " * 40
NAMES = ("Ada Quill", "Bo Tarn", None)


@st.composite
def items(draw: st.DrawFn) -> Item:
    edges = sorted(draw(st.sets(st.integers(0, 60), min_size=2, max_size=4)))
    parts = tuple(zip(edges[::2], edges[1::2], strict=False))
    mention = draw(st.sampled_from([(), ((70, 75),), ((73, 79),), ((90, 95),)]))
    name = draw(st.sampled_from(NAMES))
    return Item(
        parts=parts,
        text=" ".join(TEXT[start:end] for start, end in parts),
        kind=draw(st.sampled_from(["direct", "mixed"])),
        speaker=mention,
        cue=draw(st.sampled_from([(), ((80, 84),)])),
        name=name,
        form="name" if name else "anonymous",
        confidence=draw(st.sampled_from([0.1, 0.55, 0.9, 1.0])),
    )


def judged(found: list[Item], doc_id: str = "story") -> Judged:
    return Judged(doc_id, doc_id, tuple(sorted(set(found), key=Item.sort_key)), text=TEXT)


sides = st.lists(items(), max_size=5)


@PATIENT
@given(sides, sides)
def test_swapping_the_sides_swaps_precision_and_recall(one: list[Item], other: list[Item]) -> None:
    there, back = (score([judged(a)], [judged(b)]) for a, b in ((one, other), (other, one)))
    for name in there.measures.keys() | back.measures.keys():
        ours, theirs = (s.measures[name].counts if name in s.measures else Counts() for s in (there, back))
        # Who is optimal is not always one answer; how many can be matched is.
        if name in ("attributed", "person", "speakers", "cue") or name.startswith(("form.", "kind.")):
            continue
        assert ours.precision == theirs.recall, name
        assert ours.recall == theirs.precision, name
        assert ours.f1 == theirs.f1, name


@PATIENT
@given(st.lists(items(), max_size=5, unique_by=lambda item: item.parts[0][0] // 21), st.data())
def test_symmetry_of_all_measures_where_the_matching_is_the_only_one(
    one: list[Item], data: st.DataObject
) -> None:
    """No two of a side overlap: the pairs are given, and all that follows from them is symmetric."""
    one = [item for n, item in enumerate(one) if not any(shared_points([item], one[:n]))]
    change = st.builds(
        lambda item, mention, cue: replace(item, speaker=mention, cue=cue),
        st.sampled_from(one) if one else st.nothing(),
        st.sampled_from([(), ((70, 75),)]),
        st.sampled_from([(), ((80, 84),)]),
    )
    other = list(
        {i.parts: i for i in data.draw(st.lists(change, max_size=5) if one else st.just([]))}.values()
    )
    there, back = (score([judged(a)], [judged(b)]) for a, b in ((one, other), (other, one)))
    for name in there.measures:
        ours, theirs = there.measures[name].counts, back.measures[name].counts
        assert (ours.right, ours.predicted, ours.found, ours.gold) == (
            theirs.found, theirs.gold, theirs.right, theirs.predicted
        ), name  # fmt: skip
    assert there.confusion == {(gold, kind): n for (kind, gold), n in back.confusion.items()}


@PATIENT
@given(sides)
def test_a_side_against_itself_is_perfect(one: list[Item]) -> None:
    scores = score([judged(one)], [judged(one)])
    for name, measure in scores.measures.items():
        assert measure.counts.right == measure.counts.predicted == measure.counts.found, name
    assert not any(verdict.errors for verdict in scores.judgements[0].verdicts)


@PATIENT
@given(sides, sides, sides, st.randoms(use_true_random=False))
def test_order_of_documents_and_items_doesnt_matter(
    one: list[Item], other: list[Item], third: list[Item], chance: random.Random
) -> None:
    predicted, gold = [judged(one, "a"), judged(third, "b")], [judged(other, "a"), judged(one, "b")]
    shuffled = [
        [
            replace(document, items=judged(chance.sample(document.items, len(document.items))).items)
            for document in chance.sample(side, 2)
        ]
        for side in (predicted, gold)
    ]
    before, after = score(predicted, gold), score(*shuffled)
    assert report(Findings(before)) == report(Findings(after))


@PATIENT
@given(sides, sides)
def test_every_item_has_one_verdict(one: list[Item], other: list[Item]) -> None:
    [judgement] = score([judged(one)], [judged(other)]).judgements
    assert [v.gold for v in judgement.verdicts if v.gold] == list(judgement.gold)
    predicted = sorted((v.predicted for v in judgement.verdicts if v.predicted), key=Item.sort_key)
    assert predicted == list(judgement.predicted)


@PATIENT
@given(sides, sides)
def test_what_needs_more_is_found_less(one: list[Item], other: list[Item]) -> None:
    counts = {n: m.counts for n, m in score([judged(one)], [judged(other)]).measures.items()}
    order = [("strict", "exact"), ("exact", "span"), ("exact", "partial"), ("attributed", "span")]
    for narrow, wide in [
        *order,
        ("person", "span"),
        ("speakers", "span"),
        ("cue", "span"),
        ("strict", "type"),
    ]:
        assert counts.get(narrow, Counts()).right <= counts.get(wide, Counts()).right, (narrow, wide)


@PATIENT
@given(sides, sides, st.sampled_from([matching.exact, matching.half, matching.typed, matching.words]))
def test_the_matching_is_the_best_one(gold: list[Item], predicted: list[Item], criterion: object) -> None:
    assert callable(criterion)
    shared = shared_points(gold, predicted)
    pairs = match(gold, predicted, shared, criterion)
    assert len({p.gold for p in pairs}) == len({p.predicted for p in pairs}) == len(pairs)
    credit = {ij: criterion(gold[ij[0]], predicted[ij[1]], n) for ij, n in shared.items()}
    short, long = sorted((range(len(gold)), range(len(predicted))), key=len)
    turned = len(gold) > len(predicted)
    best = max(
        sum(credit.get((b, a) if turned else (a, b), 0.0) for a, b in zip(short, order, strict=True))
        for order in itertools.permutations(long, len(short))
    )
    assert sum(pair.credit for pair in pairs) == best


@PATIENT
@given(sides, sides)
def test_the_sweep_counts_what_each_pair_shares(gold: list[Item], predicted: list[Item]) -> None:
    naive = {
        (i, j): n
        for i, one in enumerate(gold)
        for j, other in enumerate(predicted)
        if (n := overlap(one.parts, other.parts))
    }
    assert shared_points(gold, predicted) == naive


@PATIENT
@given(items(), items())
def test_common_words_are_those_of_both_sets(gold: Item, predicted: Item) -> None:
    shared = overlap(gold.parts, predicted.parts)
    if shared:
        assert matching.words(gold, predicted, shared) == len(gold.words() & predicted.words())
        assert 0 < iou(gold, predicted, shared) <= 1
    assert len(gold.words()) == gold.word_count()


# Reading


@settings(deadline=None, max_examples=examples(25))
@given(st.lists(st.integers(0, 1), min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_lines_in_any_order_and_quotations_twice_score_the_same(
    tmp_path_factory: pytest.TempPathFactory, kept: list[int], chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("lines")
    rows = [_line(f"d{n}", [0, 50][: 1 + n % 2]) for n in range(3)]
    twice = [
        {**row, "quotations": [*row["quotations"], *row["quotations"][: kept[n]]]}
        for n, row in enumerate(rows)
    ]
    for row in twice:
        chance.shuffle(row["quotations"])
    chance.shuffle(twice)
    paths = [_file(folder / "a.jsonl", rows), _file(folder / "b.jsonl", twice)]
    gold = read_side(_file(folder / "gold.jsonl", [_line(f"d{n}", [0]) for n in range(3)])).documents
    one, other = (read_side(path).documents for path in paths)
    assert report(Findings(score(one, gold))) == report(Findings(score(other, gold)))
    assert fingerprint(one) == fingerprint(other) != fingerprint(gold)


def _line(doc_id: str, starts: list[int]) -> dict[str, object]:
    quotations = [
        {
            "quote_id": f"q{start}", "kind": "direct", "channel": "speech", "parts": [[start, start + 9]],
            "text": TEXT[start : start + 9], "speaker": {"start": 20, "end": 24, "text": "abcd"},
            "speaker_name": "Ada Quill", "speaker_kind": "person", "cue": None, "rule": "r",
            "confidence": 0.5,
        }
        for start in starts
    ]  # fmt: skip
    return {
        "doc_id": doc_id, "text_sha256": doc_id.rjust(64, "0"), "quotations": quotations,
        "schema_version": SCHEMA_VERSION,
    }  # fmt: skip


def _file(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


# Agreement with others


@st.composite
def tiled(draw: st.DrawFn) -> tuple[list[Item], list[Item]]:
    """Two sides of which each item overlaps one at most of the other side: there, greedy is optimal."""
    found: tuple[list[Item], list[Item]] = ([], [])
    for cell in range(0, 100, 10):
        for side in found:
            if draw(st.booleans()):
                start, end = sorted(draw(st.sets(st.integers(cell, cell + 9), min_size=2, max_size=2)))
                kind = draw(st.sampled_from(["direct", "mixed"]))
                side.append(Item(((start, end),), TEXT[start:end], kind, speaker=((150, 154),)))
    return found


@PATIENT
@given(tiled())
def test_nervaluate_gives_the_same_numbers(found: tuple[list[Item], list[Item]]) -> None:
    predicted, gold = found
    scores = score([judged(predicted)], [judged(gold)])
    # Its ends are inclusive, and an overlap has to be 1 % of the gold span: here one code point is.
    ours, theirs = (
        [Entity(item.kind or "", item.start, item.parts[0][1] - 1) for item in side] for side in found
    )
    for name, strategy in (
        ("strict", StrictEvaluation()),
        ("exact", ExactEvaluation()),
        ("partial", PartialEvaluation()),
        ("type", EntityTypeEvaluation()),
    ):
        result, _ = strategy.evaluate(theirs, ours, ["direct", "mixed"])
        counts = scores.measures[name].counts
        assert (counts.predicted, counts.gold) == (result.actual, result.possible), name
        # nervaluate gives 0 for a share that isn't known.
        assert (counts.precision or 0.0, counts.recall or 0.0, counts.f1 or 0.0) == pytest.approx(
            (result.precision, result.recall, result.f1)
        ), name


def test_where_greedy_matching_misses_a_pair_ours_finds_it() -> None:
    gold = [Item(((0, 10),), TEXT[:10], "direct"), Item(((12, 30),), TEXT[12:30], "direct")]
    predicted = [Item(((5, 25),), TEXT[5:25], "direct"), Item(((0, 10),), TEXT[:10], "direct")]
    partial = score([judged(predicted)], [judged(gold)]).measures["partial"].counts
    entities = [[Entity("direct", i.start, i.parts[0][1] - 1) for i in side] for side in (gold, predicted)]
    result, _ = PartialEvaluation().evaluate(*entities, ["direct"])
    assert (result.correct, result.partial, result.spurious) == (0, 1, 1)
    assert partial.right == 1.5


answers = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@PATIENT
@given(answers)
def test_alpha_is_that_of_the_package_krippendorff(values: list[tuple[int, int]]) -> None:
    alpha = _alpha("?", list(values)).alpha
    if len({value for pair in values for value in pair}) < 2:
        assert alpha is None
        return
    data = [[float(pair[side]) for pair in values] for side in (0, 1)]
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert alpha == pytest.approx(theirs, abs=1e-9)


# Intervals


def test_intervals_hold_the_figure_and_shrink_with_more_documents() -> None:
    few = [[Counts(n % 3 > 0, 1, n % 3 > 0, 1)] for n in range(12)]
    [narrow], [wide] = intervals(few * 25), intervals(few)
    assert narrow.precision is not None
    assert wide.precision is not None
    for low, high in (narrow.precision, wide.precision):
        assert low <= 2 / 3 <= high
    assert narrow.precision[1] - narrow.precision[0] < (wide.precision[1] - wide.precision[0]) / 3
    assert intervals(few) == intervals(few), "the same files must give the same report"


@pytest.mark.parametrize(
    ("documents", "samples"),
    [([], 100), ([[Counts(1, 1, 1, 1)]], 100), ([[Counts(1, 1, 1, 1)]] * 5, 0)],
    ids=["no document", "one document", "no draws"],
)
def test_where_nothing_is_known_of_chance_there_is_no_interval(
    documents: list[list[Counts]], samples: int
) -> None:
    assert all(found == (None, None, None) for found in intervals(documents, samples))


def test_an_unknown_share_has_no_interval() -> None:
    [found] = intervals([[Counts(0, 0, 0, 4)]] * 5)
    assert found.precision is None
    assert found.f1 is None
    assert found.recall == (0.0, 0.0)


def test_all_right_everywhere_has_an_interval_of_one() -> None:
    [found] = intervals([[Counts(2, 2, 2, 2)]] * 7)
    assert found == ((1.0, 1.0), (1.0, 1.0), (1.0, 1.0))


def test_figures_have_one_name_each() -> None:
    found = figures(score([judged([])], [judged([])]))
    assert found["attributed.f1"] is None
    assert found["confident.ece"] is None
