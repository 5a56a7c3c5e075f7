"""Parts are kept if they are better on held-out articles; the folder does for everybody what it did there."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from review_by_hand import write_records
from tuning_by_hand import WORDS, about, held_out, surname_alone, unknown_cue
from typer.testing import CliRunner

from quotes.cli.app import app
from quotes.data.schemas import read
from quotes.errors import OutputError, ScoringError
from quotes.extractor import Extractor
from quotes.files.whole_folder import WholeFolder
from quotes.formats.record_files import read_any_records
from quotes.records import Document, DocumentRecord
from quotes.review.desk import Desk
from quotes.review.gold import gold as gold_of
from quotes.review.journal import Journal
from quotes.review.queue import Queue
from quotes.review.steps import Step
from quotes.running import ExtractorFactory, extract_all
from quotes.scoring.tracking import read_history
from quotes.tuned import CONFIDENCE, CUES, SPEAKERS, CueForms
from quotes.tuning.fitting import tune
from quotes.tuning.folder import write_folder

pytestmark = pytest.mark.model

COUNCIL = [surname_alone(number) for number in range(12)]
SUNG = f"The pier was shut.\n\n{WORDS} yodelled Quill.\n"


def call(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which people and cue verbs were better."""
    gold = [*COUNCIL, *(unknown_cue(number) for number in range(12))]
    described = about()
    tuning = tune(held_out(gold, described))
    written = {name for name, part in tuning.parts.items() if part.written}
    assert {SPEAKERS, CUES} <= written
    found = tmp_path_factory.mktemp("tuned") / "ours"
    with WholeFolder(found) as whole:
        write_folder(whole, tuning, described, None)
    return found


def test_people_are_kept_if_names_are_better() -> None:
    tuning = tune(held_out(COUNCIL, about()))
    part = tuning.parts[SPEAKERS]
    assert (part.written, part.before, part.after) == (True, 0.0, 1.0)
    assert part.p is not None
    assert part.p < 0.01
    assert set(tuning.files) >= {SPEAKERS}


def test_what_is_worse_is_not_kept() -> None:
    gold = [unknown_cue(number, said=number < 4) for number in range(16)]
    tuning = tune(held_out(gold, about(level=1)))
    part = tuning.parts[CUES]
    assert part.before is not None
    assert part.after is not None
    assert part.after < part.before
    assert (part.written, part.why) == (False, "Not better on held-out articles.")
    assert CUES not in tuning.files


def test_what_chance_explains_is_not_kept() -> None:
    tuning = tune(held_out(COUNCIL, about(level=0.0001)))
    assert tuning.files == {}
    assert tuning.parts[SPEAKERS].why.startswith("Better, but chance alone may explain that")
    assert tuning.before is tuning.after


def test_of_an_article_in_part_only_what_was_judged_counts() -> None:
    whole = [unknown_cue(number) for number in range(8)]
    part = [
        one.model_copy(update={"quotations": one.quotations[:1], "partly_reviewed": True}) for one in whole
    ]
    held = held_out(part, about())
    counts = held.score(held.extract([{}] * 4)).measures["attributed"].counts
    assert (counts.predicted, counts.gold) == (0, 8)  # "The dam held" is predicted, and nobody judged it
    assert tune(held_out(whole, about())).before.measures["attributed"].counts == (8, 8, 8, 16)


def test_too_few_articles_are_refused() -> None:
    with pytest.raises(ScoringError, match="3 reviewed documents can't be parted into 4"):
        held_out(COUNCIL[:3], about(folds=4))


def test_a_users_own_speakers_come_first(tmp_path: Path, folder: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[speaker]]\nname = "Ada Quill"\n\n[[speaker]]\nname = "Bo Quill"\naliases = ["Quill"]\n')
    [found] = Extractor(tuned=folder, speakers=own).extract(f"{WORDS} Quill said.")
    assert found.speaker_name == "Bo Quill"


# What a folder changes


def test_a_tuned_extractor_knows_the_people_and_the_cue(folder: Path) -> None:
    assert Extractor().extract(SUNG) == ()
    [found] = Extractor(tuned=folder).extract(SUNG)
    assert found.cue is not None
    assert (found.cue.text, found.speaker_name) == ("yodelled", "Ada Quill")


def test_the_files_are_plain(folder: Path) -> None:
    assert [row.text for row in read(folder / CUES, CueForms).cue] == ["yodelled"]
    described = json.loads((folder / "tuned.json").read_text(encoding="utf-8"))
    assert described["parts"][CUES]["figure"] == "attributed.f1"
    [entry] = read_history(folder / "history.jsonl")
    assert entry.figures["attributed.recall"] == 1.0


def test_the_history_goes_on(folder: Path, tmp_path: Path) -> None:
    described, ours = about(), tmp_path / "ours"
    tuning = tune(held_out(COUNCIL, described))
    for _ in range(2):
        with WholeFolder(ours) as whole:
            write_folder(whole, tuning, described, None)
    assert len(read_history(ours / "history.jsonl")) == 2
    with (ours / SPEAKERS).open("a", encoding="utf-8") as file:
        file.write("# ours\n")
    with pytest.raises(OutputError, match=r"speakers\.toml has changed since"), WholeFolder(ours):
        pass


def test_settings_travel_to_other_processes(folder: Path) -> None:
    settings: ExtractorFactory = pickle.loads(pickle.dumps(ExtractorFactory(tuned=folder)))
    # More text than one process does alone.
    documents = [Document(doc_id=str(number), text=SUNG + "It rained. " * 4_000) for number in range(6)]
    found = list(extract_all(documents, settings, jobs=2))
    assert [[one.speaker_name for one in record.quotations] for record in found] == [["Ada Quill"]] * 6


# The command


def test_gold_to_folder_to_records(tmp_path: Path) -> None:
    gold = write_records(tmp_path / "gold.jsonl", COUNCIL)
    out, texts = tmp_path / "ours", tmp_path / "articles"
    code, table, said = call("tune", gold, "--out", out, "--folds", 3, "--jobs", 1)
    assert (code, "person.f1" in table, f"quotes extract … --tuned {out}" in said) == (0, True, True)
    texts.mkdir()
    (texts / "new.txt").write_text(f"{WORDS} Quill said.\n", encoding="utf-8")
    code, *_ = call("extract", texts, "--tuned", out, "--out", tmp_path / "new.jsonl", "--quiet")
    [record] = read_any_records(tmp_path / "new.jsonl")
    assert (code, [one.speaker_name for one in record.quotations]) == (0, ["Ada Quill"])


def test_nothing_is_written_if_nothing_is_better(tmp_path: Path) -> None:
    gold = write_records(tmp_path / "gold.jsonl", [surname_alone(number, "Quill") for number in range(6)])
    code, table, said = call("tune", gold, "--out", tmp_path / "ours", "--jobs", 1, "--level", 0)
    assert (code, "left out" in table) == (1, True)
    assert "Nothing was written: no part is better on held-out articles." in said
    assert not (tmp_path / "ours").exists()


def test_a_folder_of_something_else_is_told_before_the_work(tmp_path: Path) -> None:
    gold = write_records(tmp_path / "gold.jsonl", COUNCIL)
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "notes.txt").write_text("ours", encoding="utf-8")
    code, table, said = call("tune", gold, "--out", tmp_path / "ours")
    assert (code, table) == (1, "")
    assert "this folder holds other files and was not changed" in said


def reviewed(predictions: list[DocumentRecord], journal: Path) -> tuple[DocumentRecord, ...]:
    """Decide on all predictions as the page does: a surname alone is Ada Quill's, the rest is right."""
    texts = ((Document(doc_id=one.doc_id, text=one.text or ""), one) for one in predictions)
    queue = Queue(texts)
    with Journal.continued(journal, "bo") as kept:
        desk = Desk(queue, kept)
        screen = desk.first()
        for _ in queue.places:
            predicted = screen.predicted
            assert predicted is not None
            named = {"action": "name", "name": "Ada Quill"}
            answer = named if predicted.speaker_name == "Quill" else {"action": "right"}
            step = {"place": screen.place, "quote_id": predicted.quote_id, "draft": screen.draft}
            screen = desk.take(Step.model_validate(answer | step))
        return gold_of(queue, [kept], with_text=True).records


def test_from_predictions_over_the_page_to_gold_to_a_folder(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for one in COUNCIL:
        (articles / f"{one.doc_id}.txt").write_text(one.text or "", encoding="utf-8")
    predictions, gold, again = (tmp_path / name for name in ("p.jsonl", "gold.jsonl", "again.jsonl"))
    call("extract", articles, "--with-text", "--out", predictions, "--quiet")
    write_records(gold, reviewed(list(read_any_records(predictions)), tmp_path / "p.bo.journal"))
    assert call("tune", gold, "--out", tmp_path / "ours", "--jobs", 1)[0] == 0
    call("extract", articles, "--tuned", tmp_path / "ours", "--out", again, "--quiet")
    figures = []
    for path in (predictions, again):
        call("score", path, gold, "--json", tmp_path / "score.json", "--samples", 0)
        report = json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))
        figures.append(report["figures"]["person.f1"])
    assert figures == [0.0, 1.0]


def test_the_seeds_over_the_page_to_gold_and_back(tmp_path: Path) -> None:
    seeds = Path(__file__).parents[2] / "seeds"
    predictions, gold = tmp_path / "p.jsonl", tmp_path / "gold.jsonl"
    call("extract", seeds, "--with-text", "--out", predictions, "--quiet")
    write_records(gold, reviewed(list(read_any_records(predictions)), tmp_path / "p.bo.journal"))
    call("score", predictions, gold, "--json", tmp_path / "score.json", "--samples", 0)
    report = json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))
    assert report["figures"]["attributed.f1"] == 1.0
    _, table, _ = call("tune", gold, "--out", tmp_path / "ours", "--jobs", 1)
    # All was right, so that nobody and no cue is better with a tuned folder; confidences may be.
    assert not {SPEAKERS, CUES} & {path.name for path in (tmp_path / "ours").glob("*")}, table


def test_a_correction_of_confidences_is_applied(tmp_path: Path) -> None:
    gold = [surname_alone(number, "Quill") for number in range(30)]
    described = about()
    tuning = tune(held_out(gold, described))  # all of them are right, and surer than they say
    assert tuning.parts[CONFIDENCE].written
    with WholeFolder(tmp_path / "ours") as whole:
        write_folder(whole, tuning, described, None)
    [before], [after] = (
        Extractor(tuned=each).extract(f"{WORDS} Quill said.") for each in (None, tmp_path / "ours")
    )
    assert after == before.model_copy(update={"confidence": after.confidence})
    assert after.confidence > before.confidence
