"""Documents in other languages: left out, on file, reported, the same in one process and in several."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotes import Document, Extractor
from quotes.cli.app import app
from quotes.cli.languages import LeftOut, language_name
from quotes.extractor import other_language
from quotes.formats.jsonl.records import read_records
from quotes.records import DocumentRecord, Metadata
from quotes.running import ExtractorFactory, extract_all
from quotes.running.pool import Pool
from quotes.running.selection import Selection
from quotes.running.tally import Tally

pytestmark = pytest.mark.model

FRENCH = (
    "Le maire de Lowmarsh, Tobias Renn, a déclaré lundi que la jetée serait reconstruite avant le printemps. "
    "Les habitants attendaient sous la pluie depuis le matin. “Nous n’avons pas le choix”, a-t-il dit."
)
ENGLISH = "The rain fell all night on the town, and nobody slept. “It rained all night,” said Ada Quill."
BOTH = [Document(doc_id="fr", text=FRENCH), Document(doc_id="en", text=ENGLISH)]


def records(*documents: Document, any_language: bool = False) -> list[DocumentRecord]:
    return list(Extractor(any_language=any_language, include_unattributed=True).pipe(documents))


def test_a_document_in_another_language_is_on_file_without_quotations() -> None:
    french, english = records(*BOTH)
    assert (french.quotations, french.metadata.language) == ((), "fr")
    assert [one.speaker_name for one in english.quotations] == ["Ada Quill"]
    assert english.metadata == Metadata()


def test_any_language_is_extracted_on_demand() -> None:
    french, english = records(*BOTH, any_language=True)
    assert len(french.quotations) == 1
    assert french.metadata.language == "fr"
    assert english == records(BOTH[1])[0]


def test_posts_are_not_judged() -> None:
    post = Document(doc_id="1", text=FRENCH, posted_by="@portellery")
    assert other_language(post) is None
    [record] = records(post)
    assert record.metadata.language is None
    assert record.quotations


def test_one_text_warns() -> None:
    with pytest.warns(UserWarning, match="another language .fr."):
        assert Extractor().extract(FRENCH) == ()
    assert Extractor(any_language=True, include_unattributed=True).extract(FRENCH)


def test_other_processes_judge_the_same() -> None:
    settings = ExtractorFactory()
    assert list(Pool(settings, 1).pipe(BOTH)) == list(extract_all(BOTH, settings))
    assert [one.metadata.language for one in extract_all(BOTH, ExtractorFactory(any_language=True))] == [
        "fr",
        None,
    ]


def test_what_is_left_out_is_counted() -> None:
    tally = Tally()
    for record in records(*BOTH, BOTH[0]):
        tally.add(Tally.of(record, Selection().of(record)))
    assert tally.left_out == {"fr": 2}
    [record, _] = records(*BOTH, any_language=True)
    assert not Tally.of(record, record, any_language=True).left_out


def test_the_command_reports_each_and_goes_on(tmp_path: Path) -> None:
    for one in BOTH:
        (tmp_path / f"{one.doc_id}.txt").write_text(one.text, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    command = ["extract", str(tmp_path), "--out", str(out)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.stderr
    assert done.stderr.count("fr: this seems to be French, not English. It is left out; --any-language") == 1
    assert "other languages    1" in done.stderr
    assert {one.doc_id: len(one.quotations) for one in read_records(out)} == {"en": 1, "fr": 0}
    again = CliRunner().invoke(app, [*command, "--resume"])
    assert "French" not in again.stderr, "it is on file"
    assert len(list(read_records(out))) == 2
    out.unlink()
    anyway = CliRunner().invoke(app, [*command, "--any-language", "--include-unattributed"])
    assert "French" not in anyway.stderr
    assert {one.doc_id: len(one.quotations) for one in read_records(out)} == {"en": 1, "fr": 1}


def test_show_shows_it_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "fr.txt"
    path.write_text(FRENCH, encoding="utf-8")
    done = CliRunner().invoke(app, ["show", str(path), "--include-unattributed"])
    assert "Nous n’avons pas le choix" in done.stdout
    assert "this seems to be French. Quotations may be wrong." in done.stderr


def test_of_many_only_the_first_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    reports = LeftOut()
    for number in range(25):
        reports.report(f"doc-{number}", "de" if number else "xx")
    reports.summarize(Counter({"de": 24, "xx": 1}))
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 21
    assert told[0].startswith("doc-0: this seems to be “xx”, not English.")
    assert told[-1].startswith("Not English, and left out: 25 documents (German 24, “xx” 1). --any-language")


def test_few_are_not_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    reports = LeftOut()
    reports.summarize(Counter())
    reports.report("doc", "pt")
    reports.summarize(Counter({"pt": 1}))
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert language_name("pt") == "Portuguese"
