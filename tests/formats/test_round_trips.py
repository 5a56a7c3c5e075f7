"""What can be read back comes back the same: brat, DocBin, Parquet."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import record, span
from documents_by_hand import FLOOD, FLOOD_RECORD, PLAN, PLAN_RECORD, RECORDS, TRICKY_IDS, records
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import OutputError, ReadError
from quotes.files import whole_file
from quotes.files.whole_folder import CHECKSUMS, WholeFolder
from quotes.formats import docbin, parquet
from quotes.formats.brat import writing as brat
from quotes.formats.brat.standoff import attributions, lines_apart
from quotes.formats.output import open_output
from quotes.formats.record_files import read_any_records
from quotes.formats.sources import expand, read_all
from quotes.formats.table import RECORD_FORMATS
from quotes.formats.writers import undisturbed
from quotes.records import DocumentRecord, Metadata, parts_text, quote_id
from quotes.scoring.gold import read_brat

SUFFIXES = [suffix for suffix, format_ in RECORD_FORMATS.items() if format_.reader is not None]


def write(path: Path, found: Iterator[DocumentRecord] | tuple[DocumentRecord, ...]) -> Path:
    with open_output(str(path)) as sink:
        for one in found:
            sink.write(one)
    return path


def brat_shows(one: DocumentRecord) -> bool:
    """brat has lines only: a quotation that is nothing but line ends can't be in it."""
    return all(lines_apart(one.text or "", quotation.parts) for quotation in one.quotations)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_review_in_part_stays_one(tmp_path: Path, suffix: str) -> None:
    """Read back as complete, it would say that nothing else is quoted."""
    part = FLOOD_RECORD.model_copy(update={"partly_reviewed": True})
    found = list(read_any_records(write(tmp_path / f"gold{suffix}", (part, PLAN_RECORD))))
    assert {one.doc_id: one.partly_reviewed for one in found} == {"river-flood": True, "plan": False}


@pytest.mark.parametrize(
    "text", ["“It rained” " + "[" * 50_000, "a" * 5_000 + "\n\n" + "(“x”)" * 2_000 + " b"]
)
def test_docbin_cuts_runs_without_white_space(text: str) -> None:
    """spaCy's tokenizer takes quadratic time for a run of brackets: it never gets a long one."""
    import spacy

    pieces: list[str] = []
    tokenizer = spacy.blank("en").tokenizer

    def counting(piece: str) -> object:
        pieces.append(piece)
        return tokenizer(piece)

    doc = docbin.as_doc(record("long", text), counting)
    assert doc.text == text
    assert max(len(word) for piece in pieces for word in piece.split()) < 2000


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_written_comes_back(suffix: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"out{suffix}", RECORDS)
    assert tuple(read_any_records(path)) == RECORDS
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=examples(25))
@given(found=st.lists(records(), max_size=3, unique_by=lambda one: one.doc_id))
def test_whatever_was_written_comes_back(suffix: str, found: list[DocumentRecord]) -> None:
    found = [one for one in found if suffix != ".brat" or brat_shows(one)]
    with TemporaryDirectory() as folder:
        path = write(Path(folder, f"out{suffix}"), tuple(found))
        assert list(read_any_records(path)) == found
        assert list(Path(folder).iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".brat", ".spacy", ".parquet"])
def test_a_lone_surrogate_is_one_character_still(suffix: str, tmp_path: Path) -> None:
    one = record("broken \ud800", "a \udfff “b”", title="\ud800")
    [back] = read_any_records(write(tmp_path / f"out{suffix}", (one,)))
    assert (back.doc_id, back.text) == ("broken \ufffd", "a \ufffd “b”")
    assert back.metadata == Metadata(title="\ufffd")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_interrupt_keeps_what_is_done(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"

    def run(documents: int) -> None:
        with open_output(str(path)) as sink:
            for one in RECORDS[:documents]:
                sink.write(one)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(0)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt):
        run(2)
    assert tuple(read_any_records(path)) == RECORDS[:2]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C interrupts, though shells start background jobs without, and a test run may be one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_while_a_row_group_is_written_tears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 2)
    write_piece, asked = whole_file.WholeFile.write, []

    def interrupted(self: whole_file.WholeFile, piece: bytes) -> None:
        if not asked:
            asked.append(True)
            signal.raise_signal(signal.SIGINT)
        write_piece(self, piece)

    monkeypatch.setattr(whole_file.WholeFile, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out.parquet", RECORDS)
    assert asked
    assert tuple(read_any_records(tmp_path / "out.parquet")) == RECORDS[:2]


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_held_back_to_the_end_of_a_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    done = []

    def disturbed() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            done.append("to the end")

    with pytest.raises(KeyboardInterrupt):
        disturbed()
    assert done == ["to the end"]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("ctrl_c")
def test_a_job_that_ctrl_c_does_not_reach_is_not_interrupted_by_a_step() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts a job in the background
    with undisturbed():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_error_leaves_nothing(suffix: str, tmp_path: Path) -> None:
    def run() -> None:
        with open_output(str(tmp_path / f"out{suffix}")) as sink:
            sink.write(FLOOD_RECORD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [suffix for suffix, f in RECORD_FORMATS.items() if f.needs_text])
def test_a_format_that_needs_texts_says_how_to_give_them(suffix: str, tmp_path: Path) -> None:
    without = FLOOD_RECORD.model_copy(update={"text": None})
    with pytest.raises(
        OutputError, match=r"river-flood: this format needs the document.s text.*--with-text.*--texts"
    ):
        write(tmp_path / f"out{suffix}", (without,))
    assert list(tmp_path.iterdir()) == []


# Reading what is broken


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.parquet", b"PAR1 but no more", "not a complete Parquet file"),
        ("a.parquet", b"", "not a complete Parquet file"),
        ("a.spacy", b"nothing packed", "not a DocBin"),
        ("a.jsonl", b"[1]\n", "not a record"),
        ("a.pdf", b"", r"\.jsonl, \.parquet, \.spacy"),
    ],
)
def test_a_broken_file_is_told(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=told) as problem:
        list(read_any_records(tmp_path / name))
    assert name in str(problem.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file or folder"):
        read_any_records(tmp_path / "missing.jsonl")


# Parquet


def test_parquet_has_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow.parquet import ParquetFile

    monkeypatch.setattr(parquet, "_GROUP_ROWS", 2)
    path = write(tmp_path / "out.parquet", RECORDS)
    assert ParquetFile(path).metadata.num_row_groups == -(-len(RECORDS) // 2)
    assert tuple(read_any_records(path)) == RECORDS


def test_parquet_of_no_documents_is_a_whole_file(tmp_path: Path) -> None:
    assert list(read_any_records(write(tmp_path / "out.parquet", ()))) == []


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, piece: bytes) -> None:
            raise OSError(28, "No space left on device")

        def close(self) -> None: ...

    def opened(self: whole_file.WholeFile) -> whole_file.Done:
        self._file = Full()  # type: ignore[assignment]
        return whole_file.Done(0, 0)

    monkeypatch.setattr(whole_file.WholeFile, "_open", opened)
    with pytest.raises(OutputError, match="No space left"):
        write(tmp_path / "out.parquet", RECORDS)


def articles(path: Path, report: Callable[[Exception], None] | None = None) -> list[object]:
    return list(read_all(expand([str(path)]), report))


def test_articles_come_from_parquet(tmp_path: Path) -> None:
    import datetime

    import pyarrow as pa
    from pyarrow.parquet import write_table

    rows = [
        {"id": 7, "text": "a\r\nb", "date": datetime.date(2026, 3, 1), "author": ["Ines Varga", "Bo Lind"]},
        {"id": None, "text": "no id"},
        {"id": 9, "text": None},
        {"id": 10, "text": "plain", "title": "", "outlet": "Post"},
    ]
    write_table(
        pa.Table.from_pylist([{"title": None, "outlet": None, "more": 1.5, **r} for r in rows]),
        tmp_path / "a.parquet",
    )
    problems: list[Exception] = []
    first, last = articles(tmp_path / "a.parquet", problems.append)
    assert (first.doc_id, first.text) == ("7", "a\nb")
    assert first.metadata == Metadata(date="2026-03-01", author="Ines Varga; Bo Lind")
    assert (last.doc_id, last.metadata) == ("10", Metadata(outlet="Post"))
    assert [str(problem).partition("a.parquet, ")[2] for problem in problems] == [
        'row 2: this article has no "id". It is left out.',
        "row 3: the article '9' has no \"text\". It is left out.",
    ]


def test_records_with_texts_are_articles_again(tmp_path: Path) -> None:
    found = articles(write(tmp_path / "out.parquet", RECORDS))
    assert [(d.doc_id, d.text, d.metadata) for d in found] == [
        (r.doc_id, r.text, r.metadata) for r in RECORDS
    ]


def test_parquet_without_articles_names_its_columns(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow.parquet import write_table

    write_table(pa.table({"colour": ["red"]}), tmp_path / "a.parquet")
    with pytest.raises(ReadError, match='its columns are colour, and "id" and "text"'):
        articles(tmp_path / "a.parquet")


# DocBin


def test_a_doc_has_its_spans(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    path = write(tmp_path / "out.spacy", RECORDS)
    doc, empty, *_ = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    assert doc.text == FLOOD
    parts = [(span.text, span.label_, span.id_) for span in doc.spans["quotations"]]
    ids = [quotation.quote_id for quotation in FLOOD_RECORD.quotations]
    assert parts[0] == ("“It rained all night,”", "direct", ids[0])
    assert parts[1][2] == ids[0]
    assert parts[2] == ("‘run’", "mixed", ids[1])
    assert [span.text for span in doc.spans["cues"]] == ["said", "told", "wrote", "called"]
    assert next((span.text, span.label_) for span in doc.spans["speakers"]) == ("Mayor Ada Quill", "person")
    assert len(empty) == 0


def test_a_doc_has_what_is_reported(tmp_path: Path) -> None:
    import spacy

    doc = docbin.as_doc(PLAN_RECORD, spacy.blank("en").tokenizer)
    assert set(doc.spans) == set(docbin.GROUPS)
    content = [(span.text, span.label_) for span in doc.spans["content"]]
    assert content[:4] == [
        ("Bram Ostler thinks the plan is “mad” and ‘bound’ to fail", "assertion"),
        ("the plan is “mad” and ‘bound’ to fail", "belief"),
        ("The *pier*", "assertion"),
        ("would close", "assertion"),
    ]
    assert [span.text for span in doc.spans["sources"]] == [
        "Ada Quill",
        "Bram Ostler",
        "Noor Adeyemi, once a pilot here",
        "The board",
        "The board",
    ]
    assert [span.text for span in doc.spans["quotations"]][1:3] == ["“mad”", "‘bound’"]


# brat


def manifest(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / brat.MANIFEST).read_text().splitlines()]


def test_brat_is_standoff(tmp_path: Path) -> None:
    folder = write(tmp_path / "out.brat", RECORDS)
    lines = (folder / "river-flood.ann").read_text(encoding="utf-8").splitlines()
    assert lines[:5] == [
        "T1\tAttribution 71 75\tsaid",
        "T2\tSource 55 70\tMayor Ada Quill",
        "T3\tCue 71 75\tsaid",
        "T4\tContent 32 54;77 134\t“It rained all night,” "
        "“and the dam held. Ask Bram: he told me ‘run’ and I ran.”",
        "E1\tAttribution:T1 Source:T2 Cue:T3 Content:T4",
    ]
    assert lines[5:8] == ["A1\tKind E1 direct", "A2\tChannel E1 speech", "A3\tSpeakerKind E1 person"]
    assert lines[8].startswith('#1\tAnnotatorNotes E1\t{"quote_id": ')
    assert (folder / "river-flood.txt").read_text(encoding="utf-8") == FLOOD
    assert (folder / "empty.ann").read_bytes() == b""
    conf = (folder / "annotation.conf").read_text()
    assert "Kind\tArg:Attribution, Value:direct|mixed|indirect|unattributed" in conf


@given(records())
def test_no_annotation_runs_over_a_line(one: DocumentRecord) -> None:
    """What brat checks when it opens a document: the words are those of the ranges, on one line."""
    text = one.text or ""
    for line in brat._annotations(text, one.quotations):
        assert len(line.splitlines()) == 1
        key, rest = line.split("\t", 1)
        if key[0] == "T":
            head, words = rest.split("\t", 1)
            ranges = [tuple(map(int, pair.split())) for pair in head.split(" ", 1)[1].split(";")]
            assert " ".join(text[start:end] for start, end in ranges) == words
            assert all(start < end for start, end in ranges)


def test_the_older_reader_and_score_take_it_as_gold(tmp_path: Path) -> None:
    folder = write(tmp_path / "out.brat", (FLOOD_RECORD,))
    first, *_ = attributions(folder / "river-flood.ann")
    assert (first.source, first.cue, first.content) == (((55, 70),), ((71, 75),), ((32, 54), (77, 134)))
    [judged] = read_brat(folder)
    assert judged.doc_id == "river-flood"
    assert {item.text for item in judged.items} >= {"It rained all night", "disgrace"}


def test_ids_with_tricks_stay_in_the_folder(tmp_path: Path) -> None:
    found = tuple(record(doc_id, f"“{number}”") for number, doc_id in enumerate(TRICKY_IDS))
    folder = write(tmp_path / "out.brat", found)
    assert tuple(read_any_records(folder)) == found
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.brat"]
    names = [line["file"] for line in manifest(folder)]
    assert len({name.lower() for name in names}) == len(TRICKY_IDS)
    assert all(len(name) < 90 and name[0] not in ".-" and "/" not in name for name in names)
    assert not any(entry.is_symlink() or entry.is_dir() for entry in folder.iterdir())


def test_ids_that_give_one_name_are_numbered() -> None:
    taken: dict[str, int] = {}
    names = [brat._file_name(doc_id, taken) for doc_id in ("é", "~", "_~2", "ü", "_", "A", "a")]
    assert names == ["_", "_~2", "__2", "_~3", "_~4", "A", "a~2"]
    many = [brat._file_name("é" * i, taken) for i in range(1, 20_000)]
    assert len({*names, *many}) == len(names) + len(many)


def test_what_was_changed_in_brat_is_a_review(tmp_path: Path) -> None:
    folder = write(tmp_path / "out.brat", (FLOOD_RECORD,))
    path = folder / "river-flood.ann"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = FLOOD.index("Bram")
    lines[1] = f"T2\tSource {start} {start + 4}\tBram"
    lines = [line.replace("A4\tKind E2 mixed", "A4\tKind E2 direct") for line in lines]
    lines += [
        f"T99\tContent {start} {start + 4}\tBram",
        "E99\tContent:T99",
        "#99\tAnnotatorNotes E99\tmy own words",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [back] = read_any_records(folder)
    moved, kind, same, *_, new = back.quotations
    before = FLOOD_RECORD.quotations
    assert same == before[2]
    assert (moved.speaker.text, moved.speaker_name, moved.rule) == ("Bram", None, "review:brat")
    assert (moved.quote_id, moved.parts, moved.confidence) == (before[0].quote_id, before[0].parts, 1.0)
    assert (kind.kind, kind.speaker_name, kind.rule) == ("direct", "Bram Ostler", "review:brat")
    assert (new.text, new.kind, new.rule) == ("Bram", "unattributed", "review:brat")


def test_brat_has_all_that_is_reported_and_what_of_it_is_quoted(tmp_path: Path) -> None:
    folder = write(tmp_path / "out.brat", (PLAN_RECORD,))
    lines = (folder / "plan.ann").read_text(encoding="utf-8").splitlines()
    assert [re.sub(r":T\d+", "", line.split("\t")[1]) for line in lines if line[0] == "E"] == [
        "Attribution Source Cue Content",
        "Attribution Source Cue Content Quoted",
        "Attribution Source Speaker Cue Content",
        "Attribution Source Cue Content",
        "Attribution Source Content Quoted",
    ]
    assert {
        "T8\tContent 49 86\tthe plan is “mad” and ‘bound’ to fail",
        "T9\tQuoted 61 66;71 78\t“mad” ‘bound’",
        "T11\tSource 101 132\tNoor Adeyemi, once a pilot here",
        "T12\tSpeaker 101 113\tNoor Adeyemi",
        "A12\tType E3 assertion",
        "A13\tNegated E3",
    } <= set(lines)
    assert sum("\tNegated" in line for line in lines) == 1
    conf = (folder / "annotation.conf").read_text()
    assert "Type\tArg:Attribution, Value:assertion|belief|fact|eventuality" in conf
    assert "Content:Content, Quoted?:Quoted" in conf


@pytest.mark.parametrize(
    ("number", "old", "new", "changed"),
    [
        (1, "Content 49 86", "Content 49 70", {"content": ((49, 70),)}),
        (1, " Quoted:T9", "", {"parts": ((49, 86),), "content": None}),
        (1, "Quoted 61 66;71 78", "Quoted 61 66", {"parts": ((61, 66),)}),
        (1, "A8\tType E2 belief", "A8\tType E2 fact", {"attribution_type": "fact"}),
        (2, "A13\tNegated E3\n", "", {"negated": False}),
        (2, " Speaker:T12", "", {"speaker": span(PLAN, (101, 132)), "source": None, "speaker_name": None}),
        (2, "Source 101 132", "Source 101 130", {"source": span(PLAN, (101, 130))}),
    ],
)
def test_what_is_reported_can_be_changed_in_brat(
    number: int, old: str, new: str, changed: dict[str, object], tmp_path: Path
) -> None:
    folder = write(tmp_path / "out.brat", (PLAN_RECORD,))
    path = folder / "plan.ann"
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1
    path.write_text(before.replace(old, new), encoding="utf-8")
    [back] = read_any_records(folder)
    quotations = list(PLAN_RECORD.quotations)
    parts = changed.get("parts", quotations[number].parts)
    text = {"quote_id": quote_id(PLAN_RECORD.text_sha256, parts), "text": parts_text(PLAN, parts)}
    review = {"rule": "review:brat", "confidence": 1.0, **text, **changed}
    quotations[number] = quotations[number].model_copy(update=review)
    assert back.quotations == tuple(quotations)


@pytest.mark.parametrize(
    ("text", "events", "kind"),
    [
        ("“Yes,” she said.", "E1\tContent:T1 Source:T2", "direct"),
        ('"Yes", she said.', "E1\tContent:T1 Source:T2", "direct"),
        ("It's OK she said", "E1\tContent:T1 Source:T2", "indirect"),
        ("“Yes,” she said.", "E1\tContent:T1", "unattributed"),
    ],
)
def test_an_event_without_a_kind_gets_one_by_its_marks(
    text: str, events: str, kind: str, tmp_path: Path
) -> None:
    (tmp_path / "b.txt").write_text(text)
    (tmp_path / "b.ann").write_text(f"T1\tContent 0 6\tx\nT2\tSource 7 10\tshe\n{events}\n")
    [back] = read_any_records(tmp_path)
    assert [found.kind for found in back.quotations] == [kind]


def test_a_folder_without_a_manifest_is_read_by_its_pairs(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("“Yes,” she said.")
    (tmp_path / "b.ann").write_text(
        "T1\tSource 7 10\tshe\nT2\tContent 0 6\t“Yes,”\nE1\tContent:T2 Source:T1\n"
    )
    (tmp_path / "alone.txt").write_text("no annotations")
    [back] = read_any_records(tmp_path)
    [found] = back.quotations
    assert (back.doc_id, found.text, found.speaker.text, found.kind) == ("b", "“Yes,”", "she", "direct")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (brat.MANIFEST, '{"file": "../secret", "doc_id": "x"}', "is not a file of this folder"),
        (brat.MANIFEST, '{"file": "..", "doc_id": "x"}', "is not a file of this folder"),
        (brat.MANIFEST, '{"file": 1}', "line 1"),
        (brat.MANIFEST, '{"file": "gone", "doc_id": "x"}', "can't be read"),
        ("river-flood.txt", "other", "this text has changed"),
        ("river-flood.ann", "T1\tSource x y\tz", "not a brat annotation"),
        ("river-flood.ann", "T1\tContent 0 5;2 9\tz\nE1\tContent:T1", "parts"),
    ],
)
def test_a_broken_brat_folder_is_told(name: str, content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secret.ann").write_text("")
    folder = write(tmp_path / "out.brat", (FLOOD_RECORD,))
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=told):
        list(read_any_records(folder))


# Folders that appear whole or not at all


def test_our_own_folder_is_replaced(tmp_path: Path) -> None:
    folder = write(tmp_path / "out.brat", RECORDS)
    write(folder, (FLOOD_RECORD,))
    assert tuple(read_any_records(folder)) == (FLOOD_RECORD,)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.brat"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out.brat").mkdir()
    assert tuple(read_any_records(write(tmp_path / "out.brat", RECORDS))) == RECORDS


@pytest.mark.parametrize("name", ["mine.txt", ".hidden", CHECKSUMS])
def test_a_foreign_folder_is_refused_and_left(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out.brat"
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(OutputError, match="this folder holds other files"):
        write(folder, RECORDS)
    assert [(entry.name, entry.read_text()) for entry in folder.iterdir()] == [(name, "mine")]
    assert list(tmp_path.iterdir()) == [folder]


def test_corrections_made_in_brat_are_never_written_over(tmp_path: Path) -> None:
    folder = write(tmp_path / "out.brat", RECORDS)
    (folder / "river-flood.ann").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"river-flood\.ann has changed"):
        write(folder, RECORDS)
    (folder / "river-flood.ann").unlink()
    with pytest.raises(OutputError, match="other files"):
        write(folder, RECORDS)


def test_what_comes_into_the_folder_meanwhile_is_not_lost(tmp_path: Path) -> None:
    folder = tmp_path / "out.brat"

    def run() -> None:
        with open_output(str(folder)) as sink:
            sink.write(FLOOD_RECORD)
            folder.mkdir()
            (folder / "mine.txt").write_text("mine")

    with pytest.raises(OutputError, match="other files"):
        run()
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_file_of_the_folders_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.brat").write_text("mine")
    with pytest.raises(OutputError, match="this is a file"):
        write(tmp_path / "out.brat", RECORDS)
    with pytest.raises(OutputError, match="does not exist"):
        write(tmp_path / "missing" / "out.brat", RECORDS)


@pytest.mark.parametrize("name", ["../x", "/x", "a/b", "", ".", "..", ".x", "-x", "a\0b", "a\nb", CHECKSUMS])
def test_only_plain_names_are_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a plain file name"), WholeFolder(tmp_path / "out") as folder:
        folder.write({name: b""})
    assert list(tmp_path.iterdir()) == []
