from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from quotes.display.article import article, legend
from quotes.display.tables import console, document_table, summary
from quotes.errors import OutputError
from quotes.files.visible import shortened, visible, visible_in_place
from quotes.files.whole_file import WholeFile
from quotes.formats import csv as table_csv
from quotes.formats.jsonl import records as jsonl
from quotes.formats.output import open_output
from quotes.records import Document, DocumentRecord, Metadata, Quotation, Span
from quotes.running.selection import Selection, parse_kinds, parse_types
from quotes.running.tally import Tally
from tests import builders

# Surrogates as well: they reach records from JSON and from file names.
ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@st.composite
def records(draw: st.DrawFn) -> DocumentRecord:
    spans = st.none() | st.builds(
        lambda start, text: Span(start=start, end=start + len(text), text=text), st.integers(0, 9), ANY_TEXT
    )
    quotations = st.builds(
        Quotation,
        quote_id=ANY_TEXT,
        kind=st.sampled_from(["direct", "mixed", "indirect", "unattributed"]),
        channel=st.sampled_from(["speech", "writing", "tweet"]),
        parts=st.sampled_from([((0, 3),), ((0, 3), (7, 12))]),
        text=ANY_TEXT,
        speaker=spans,
        speaker_name=st.none() | ANY_TEXT,
        speaker_kind=st.sampled_from(["person", "anonymous", "unknown"]),
        cue=spans,
        rule=ANY_TEXT,
        confidence=st.floats(0, 1),
        content=st.sampled_from([None, ((0, 9),), ((0, 9), (10, 12))]),
        source=spans,
        attribution_type=st.sampled_from([None, "assertion", "belief", "fact", "eventuality"]),
        negated=st.booleans(),
    )
    found = draw(st.lists(quotations, max_size=3))
    return DocumentRecord(doc_id=draw(ANY_TEXT), text_sha256="0" * 64, quotations=tuple(found))


def without_surrogates(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)


def printed(*things: object, width: int = 120, colour: bool = False) -> str:
    file = io.StringIO()
    Console(
        file=file, width=width, force_terminal=colour, color_system="truecolor" if colour else None
    ).print(*things)
    return file.getvalue()


# JSONL


@given(records())
def test_a_line_of_jsonl_comes_back_as_the_record(record: DocumentRecord) -> None:
    line = jsonl.encode(record)
    scrubbed = json.loads(
        without_surrogates(json.dumps(record.model_dump(mode="python"), ensure_ascii=False))
    )
    assert DocumentRecord.model_validate_json(line) == DocumentRecord.model_validate(scrubbed)


@given(records())
def test_a_record_is_one_line_however_lines_are_told_apart(record: DocumentRecord) -> None:
    line = jsonl.encode(record)
    assert line.endswith(b"\n")
    assert len(line.decode().splitlines()) == 1


def test_jsonl_keeps_its_fields_in_the_order_of_the_contract(story_record: DocumentRecord) -> None:
    line = json.loads(jsonl.encode(story_record))
    assert list(line) == ["doc_id", "text_sha256", "quotations", "schema_version"]
    assert line["quotations"][0]["parts"] == [[0, 22]]
    assert line["quotations"][0]["speaker"] == {"start": 23, "end": 38, "text": "Mayor Ada Quill"}
    assert "“It rained" in jsonl.encode(story_record).decode()  # readable, not escaped


# CSV


@given(records())
def test_csv_comes_back_through_the_csv_module(record: DocumentRecord) -> None:
    table = (table_csv.HEADER + table_csv.encode(record, formulas=True)).decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert len(rows) == len(record.quotations)
    for row, quotation in zip(rows, record.quotations, strict=True):
        assert row["doc_id"] == without_surrogates(record.doc_id)
        assert row["text"] == without_surrogates(quotation.text)
        assert row["rule"] == without_surrogates(quotation.rule)
        assert row["speaker_name"] == without_surrogates(quotation.speaker_name or "")
        assert json.loads(row["parts"]) == [list(part) for part in quotation.parts]
        assert (int(row["start"]), int(row["end"])) == (quotation.parts[0][0], quotation.parts[-1][1])
        assert float(row["confidence"]) == quotation.confidence
        assert json.loads(row["content"] or "null") == (
            quotation.content and [list(words) for words in quotation.content]
        )
        assert (row["attribution_type"], row["negated"]) == (
            quotation.attribution_type or "",
            "true" if quotation.negated else "false",
        )
        for name in ("speaker", "cue", "source"):
            span = getattr(quotation, name)
            cells = (row[name], row[f"{name}_start"], row[f"{name}_end"])
            assert cells == (
                (without_surrogates(span.text), str(span.start), str(span.end)) if span else ("", "", "")
            )


def test_csv_has_the_columns_in_order() -> None:
    assert table_csv.HEADER.decode() == ",".join(table_csv.COLUMNS) + "\r\n"
    assert table_csv.COLUMNS[-21:] == (
        "confidence",
        *Metadata.model_fields,
        *("in_boilerplate", "duplicate_of", "utterance_id"),
        *("content", "source", "source_start", "source_end", "attribution_type", "negated"),
        *("speakers", "speaker_role", "speaker_id", "name_confidence", "verification"),
    )
    spans = {f"{name}_{edge}" for name in ("speaker", "cue", "source") for edge in ("start", "end")}
    known = {"doc_id", "start", "end", *spans, *Metadata.model_fields}
    assert set(table_csv.COLUMNS) - known == set(Quotation.model_fields)


def test_csv_has_what_is_known_of_the_document(story_record: DocumentRecord) -> None:
    marked = story_record.quotations[0].model_copy(update={"in_boilerplate": True, "utterance_id": "u-1"})
    metadata = Metadata(title='Rain, "at last"', date="2026-03-01")
    record = story_record.model_copy(update={"quotations": (marked,), "metadata": metadata})
    [row] = cells(table_csv.HEADER + table_csv.encode(record))
    assert (row["title"], row["date"], row["outlet"]) == ('Rain, "at last"', "2026-03-01", "")
    assert (row["in_boilerplate"], row["duplicate_of"], row["utterance_id"]) == ("true", "", "u-1")


def cells(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode(), newline="")))


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        ("=1+1", True),
        ("+1", True),
        ("-1", True),
        ("@SUM(A1)", True),
        ("\t=1", True),
        ("\rx", True),
        ("\nx", True),
        (" =1", True),
        ("\u3000=1", True),
        ("\ufeff=1", True),
        ("＝1", True),
        ("＋1", True),
        ("－1", True),
        ("＠SUM", True),
        ("'=1", True),
        ("“=1”", False),
        ("1-1", False),
        ("–1", False),
        ("'tis", False),
        ("", False),
    ],
)
def test_csv_holds_nothing_that_a_spreadsheet_computes(
    text: str, computed: bool, story_record: DocumentRecord
) -> None:
    quotation = story_record.quotations[0].model_copy(update={"text": text, "speaker_name": text})
    record = story_record.model_copy(update={"quotations": (quotation,), "doc_id": text})
    [row] = cells(table_csv.HEADER + table_csv.encode(record))
    assert row["text"] == row["speaker_name"] == row["doc_id"] == ("'" + text if computed else text)
    [row] = cells(table_csv.HEADER + table_csv.encode(record, formulas=True))
    assert row["text"] == row["doc_id"] == text


@given(ANY_TEXT)
def test_an_apostrophe_of_csv_can_be_taken_away_again(text: str) -> None:
    cell = table_csv.harmless(text)
    # The reader's rule: before what a spreadsheet would compute, one apostrophe is ours.
    assert (cell[1:] if table_csv._FORMULA.match(cell) else cell) == text


def test_numbers_of_ours_stay_numbers(story_record: DocumentRecord) -> None:
    assert [table_csv.harmless(cell) for cell in (-1, 0.5, None)] == [-1, 0.5, None]
    [row, _] = cells(table_csv.HEADER + table_csv.encode(story_record))
    assert (row["start"], row["confidence"]) == ("0", "0.9")


# Files that appear whole or not at all


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with WholeFile(path, b"head\n") as file:
        file.write(b"one\n")
        assert not path.exists()
    assert path.read_bytes() == b"head\none\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old\n")

    def write() -> None:
        with WholeFile(path) as file:
            file.write(b"one\n")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert path.read_bytes() == b"old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_publishes_whole_pieces_only(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"

    class Interrupted(io.FileIO):
        def write(self, data: bytes) -> int:
            if data == b"second\n":
                super().write(b"sec")
                raise KeyboardInterrupt
            return super().write(data)

    def write_both() -> None:
        with WholeFile(path, b"head\n") as file:
            file._file.close()
            file._file = Interrupted(next(tmp_path.iterdir()), "ab")
            file.write(b"first\n")
            file.write(b"second\n")

    with pytest.raises(KeyboardInterrupt):
        write_both()
    assert path.read_bytes() == b"head\nfirst\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupt_before_the_first_piece_publishes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), WholeFile(tmp_path / "out.csv", b"head\n"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"does not exist. Create it first: mkdir -p '.*/no such folder'"):
        WholeFile(tmp_path / "no such folder" / "out.csv").__enter__()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(OutputError, match="this is a folder"):
        WholeFile(tmp_path / "out.csv").__enter__()


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def write() -> None:
        with WholeFile(path) as file, Path("/dev/full").open("wb", buffering=0) as full:
            file._file.close()
            file._file = full
            file.write(b"one\n")

    with pytest.raises(OutputError, match=r"out.csv: can't be written \(No space left"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_permissions_are_those_of_the_old_file_or_of_any_new_one(tmp_path: Path) -> None:
    old, new, plain = tmp_path / "old.csv", tmp_path / "new.csv", tmp_path / "plain.txt"
    old.touch()
    old.chmod(0o640)
    plain.touch()
    for path in (old, new):
        with WholeFile(path) as file:
            file.write(b"one\n")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "out.csv", tmp_path / "link.csv"
    real.parent.mkdir()
    link.symlink_to(real)
    with WholeFile(link) as file:
        file.write(b"one\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"one\n"


# Sinks


def test_the_suffix_chooses_the_format(tmp_path: Path, story_record: DocumentRecord) -> None:
    for name, first in (("a.jsonl", b'{"doc_id"'), ("a.CSV", b"doc_id,")):
        with open_output(str(tmp_path / name)) as output:
            output.write(story_record)
            assert output.written == 1
        assert (tmp_path / name).read_bytes().startswith(first)


def test_an_unknown_suffix_lists_the_known_ones() -> None:
    with pytest.raises(OutputError, match=r"\.jsonl, \.csv, .* or \.\w+, "), open_output("out.pdf"):
        pass


def test_an_input_is_never_the_output(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("words")
    os.link(tmp_path / "a.csv", tmp_path / "b.csv")
    inputs = [tmp_path / "missing.txt", tmp_path / "a.csv"]
    with pytest.raises(OutputError, match="one of the inputs"), open_output(str(tmp_path / "b.csv"), inputs):
        pass


# Terminal


def test_a_table_says_who_said_what_and_why(story_record: DocumentRecord) -> None:
    [heading, _, names, _, first, second, _] = printed(document_table(story_record, 120)).splitlines()
    assert heading == "story"
    assert [cell.strip() for cell in names.split("│")[1:-1]] == [
        "Speaker",
        "Named here as",
        "Cue",
        "Quotation",
        "Rule",
        "Conf.",
    ]
    assert [cell.strip() for cell in first.split("│")[1:-1]] == [
        "Ada Quill",
        "Mayor Ada Quill",
        "said",
        "“It rained all night,”",
        "by-hand",
        "0.90",
    ]
    assert [cell.strip() for cell in second.split("│")[1:-1]][:4] == ["–", "She", "called", "“disgrace”"]


@pytest.mark.parametrize("width", [50, 60, 80, 99, 100, 120, 200])
def test_a_table_fits_the_terminal_and_keeps_every_word(width: int, story_record: DocumentRecord) -> None:
    output = printed(document_table(story_record, width), width=width)
    assert max(map(len, output.splitlines())) <= width
    for word in ("Quill", "Mayor", "said", "rained", "by-hand", "0.90", "“disgrace”"):
        assert word in output


def test_unnamed_speakers_look_different(story_record: DocumentRecord) -> None:
    output = printed(document_table(story_record, 120), colour=True)
    assert "\x1b[1;36mAda Quill" in output  # bold
    assert "\x1b[2m–" in output  # dim


def test_in_a_narrow_table_a_mention_stands_below_the_name(story_record: DocumentRecord) -> None:
    output = printed(document_table(story_record, 80), width=80)
    first = [line.split("│")[1].strip() for line in output.splitlines() if line.startswith("│")]
    assert first[1:] == ["Ada Quill", "Mayor Ada Quill", "–", "She"]


def test_a_document_without_quotations_is_a_line() -> None:
    record = DocumentRecord(doc_id="quiet", text_sha256="0" * 64, quotations=())
    assert printed(document_table(record, 80)) == "quiet: no quotations\n"


def test_a_table_of_very_many_quotations_shows_the_first_thousand() -> None:
    many = (builders.quotation("“Wet.”", "“Wet.”"),) * 1001
    output = printed(
        document_table(DocumentRecord(doc_id="marks", text_sha256="0" * 64, quotations=many), 120)
    )
    assert output.splitlines()[-1] == "The first 1,000 of 1,001 quotations. --out FILE writes all."
    assert sum(line.startswith("│") for line in output.splitlines()) == 1000 + 1
    fewer = DocumentRecord(doc_id="marks", text_sha256="0" * 64, quotations=many[:1000])
    assert "--out" not in printed(document_table(fewer, 120))


HOSTILE = (
    "“[red]Stop[/red] [link=file:///x]here[/] :smile: \x1b[31mred\x1b[0m \x1b]0;title\x07\x9b2Jend\u202e”"
)


def test_text_is_neither_markup_nor_orders_to_the_terminal(quotation: Callable[..., Quotation]) -> None:
    found = quotation(
        f"{HOSTILE} Quill said.", HOSTILE, speaker="Quill", name="[bold]Quill\x1b[2J[/]", cue="said"
    )
    record = DocumentRecord(doc_id="[blink]x\x1b[5m\n", text_sha256="0" * 64, quotations=(found,))
    document = Document(doc_id="x", text=f"{HOSTILE} Quill said.")
    table = printed(document_table(record, 200), width=200)
    shown = printed(article(document, [found]), width=200)
    for output in (table, shown):
        assert "[red]Stop[/red] [link=file:///x]here[/] :smile:" in output
        assert not set("\x1b\x9b\x07\u202e") & set(output)
    assert "[blink]x" in table
    assert "[bold]Quill[/]" in table
    assert "[31m" not in table


@given(ANY_TEXT)
def test_visible_text_holds_nothing_a_terminal_obeys(text: str) -> None:
    for shown in (visible(text), visible_in_place(text), shortened(text, 20)):
        shown.encode()  # no lone surrogates
        assert not [c for c in shown if (c < " " and c not in "\t\n") or "\x7f" <= c <= "\x9f"]
    assert len(visible_in_place(text)) == len(text)


@given(ANY_TEXT, st.integers(5, 50))
def test_shortened_text_is_one_line_of_the_length_asked_for(text: str, limit: int) -> None:
    line = shortened(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


def test_shortened_text_ends_after_a_word_and_keeps_its_closing_mark() -> None:
    assert shortened("“It rained\n all   night long,”", 100) == "“It rained all night long,”"
    assert shortened("“It rained all night long,”", 20) == "“It rained all…”"
    assert shortened("“" + "a" * 50, 20) == "“" + "a" * 18 + "…"


def test_an_article_is_coloured_where_its_spans_are(
    quotation: Callable[..., Quotation],
) -> None:
    text = "“It rained,”\x00 Ada Quill said, “all night.” The “dam” held.\n\n"
    split = quotation(text, "“It rained,”", "“all night.”", speaker="Ada Quill", name="Ada Quill", cue="said")
    scare = quotation(text, "“dam”", kind="unattributed")
    shown = article(Document(doc_id="x", text=text), [split, scare])
    styles = {shown.plain[span.start : span.end]: str(span.style) for span in shown.spans}
    assert styles == {
        "“It rained,”": "green",
        "“all night.”": "green",
        "“dam”": "dim green",
        "Ada Quill": "bold underline cyan",
        "said": "bold yellow",
    }
    assert shown.plain == "“It rained,”\ufffd Ada Quill said, “all night.” The “dam” held."
    assert legend().plain.split("   ") == ["quotation", "cue", "speaker", "no speaker found"]


def test_what_is_reported_is_underlined_in_no_colour(quotation: Callable[..., Quotation]) -> None:
    text = "Quill said Renn calls the dam “wet” and old."
    told = quotation(text, "Renn calls the dam “wet” and old", kind="indirect", speaker="Quill", cue="said")
    wet = quotation(
        text, "“wet”", kind="mixed", content=["the dam “wet” and old"], speaker="Renn", cue="calls"
    )
    shown = article(Document(doc_id="x", text=text), [told, wet])
    assert [(shown.plain[span.start : span.end], str(span.style)) for span in shown.spans][:4] == [
        ("Renn calls the dam “wet” and old", "underline"),
        ("the dam", "underline"),
        ("and old", "underline"),
        ("“wet”", "green"),
    ]
    assert legend(indirect=True).plain.split("   ")[:2] == ["quotation", "reported"]


def test_a_table_tells_what_is_reported_by_its_style(quotation: Callable[..., Quotation]) -> None:
    text = "“Wet,” Quill said. The dam would hold."
    said = quotation(text, "“Wet,”", speaker="Quill", cue="said")
    told = quotation(text, "The dam would hold", kind="indirect", speaker="Quill", cue="said")
    record = DocumentRecord(doc_id="x", text_sha256="0" * 64, quotations=(said, told))
    output = printed(document_table(record, 120), colour=True)
    assert "\x1b[32m“Wet,”" in output
    assert "│ The dam would hold" in re.sub("\x1b\\[[0-9;]*m", "", output)
    assert "32mThe dam" not in output


def test_width_is_120_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert console(io.StringIO()).width == 120
    monkeypatch.setenv("COLUMNS", "70")
    assert console(io.StringIO()).width == 70


# Tally and selection


def test_a_tally_counts_what_the_summary_shows(
    story_record: DocumentRecord, quotation: Callable[..., Quotation]
) -> None:
    text = "“One” officials said. “Two” Officials said. “Three” Ada Quill said. “Four” It said."
    officials = quotation(text, "“One”", speaker="officials", cue="said", speaker_kind="anonymous")
    again = quotation(text, "“Two”", speaker="Officials", cue="said", speaker_kind="anonymous")
    quill = quotation(text, "“Three”", speaker="Ada Quill", name="Ada Quill", cue="said")
    nobody = quotation(text, "“Four”", kind="unattributed")
    other = DocumentRecord(doc_id="b", text_sha256="0" * 64, quotations=(officials, again, quill, nobody))
    tally = Tally()
    for record in (story_record, other):
        tally.add(Tally.of(record, Selection().of(record), words=3))
    # Ada Quill in both documents, the officials of one; nobody knows who "She" is.
    counts = (tally.documents, tally.words, tally.quotations, tally.speakers, tally.unattributed)
    assert counts == (2, 6, 5, 2, 1)
    rows = dict(
        line.rsplit(maxsplit=1) for line in printed(summary(tally, seconds=1.25, failed=3)).splitlines()
    )
    assert list(rows) == [
        "documents",
        "words",
        "quotations",
        "speakers found",
        "unattributed",
        "seconds",
        "not read",
    ]
    assert (rows["speakers found"], rows["seconds"]) == ("2", "1.2")


def test_a_tally_counts_what_is_reported_apart(quotation: Callable[..., Quotation]) -> None:
    text = "“One” Ada Quill said. She thinks it rained. Bo Tarn said so."
    quill = quotation(text, "“One”", speaker="Ada Quill", name="Ada Quill", cue="said")
    thought = quotation(text, "it rained", kind="indirect", name="Ada Quill")
    tarn = quotation(text, "so", kind="indirect", name="Bo Tarn")
    record = DocumentRecord(doc_id="b", text_sha256="0" * 64, quotations=(quill, thought, tarn))
    tally = Tally()
    for shown in (Selection(), Selection(kinds=frozenset({"direct"}))):
        tally.add(Tally.of(record, shown.of(record)))
    assert (tally.quotations, tally.indirect, tally.speakers) == (2, 2, 2)
    assert "\nindirect          2\n" in printed(summary(tally, seconds=1))


@pytest.mark.parametrize(
    ("selection", "kinds"),
    [
        (Selection(), ["direct", "mixed"]),
        (Selection(kinds=frozenset({"mixed"})), ["mixed"]),
        (Selection(include_unattributed=True), ["direct", "mixed", "unattributed"]),
        (Selection(kinds=frozenset({"unattributed"})), ["unattributed"]),
        (Selection(kinds=frozenset({"direct"}), include_unattributed=True), ["direct", "unattributed"]),
        (Selection(min_confidence=0.9), ["direct"]),
        (Selection(min_confidence=0.91), []),
        (Selection(types=frozenset({"belief"})), ["mixed"]),
        (Selection(types=frozenset({"assertion", "belief"})), ["mixed"]),  # the direct one has no type
        (Selection(types=frozenset({"belief"}), kinds=frozenset({"direct"})), []),
        (Selection(types=frozenset({"fact"}), include_unattributed=True), ["unattributed"]),
        (Selection(types=frozenset({"fact"}), kinds=frozenset({"unattributed"})), []),
    ],
)
def test_selection(
    selection: Selection, kinds: list[str], story_record: DocumentRecord, quotation: Callable[..., Quotation]
) -> None:
    nobody = quotation("“Well”", "“Well”", kind="unattributed", confidence=0.1)
    direct, mixed = story_record.quotations
    mixed = mixed.model_copy(update={"attribution_type": "belief"})
    record = story_record.model_copy(update={"quotations": (direct, mixed, nobody)})
    assert [found.kind for found in selection.of(record).quotations] == kinds


def test_kinds_are_a_list_with_commas() -> None:
    assert parse_kinds(" direct,MIXED,") == {"direct", "mixed"}
    for wrong in ("direct,spoken", "", ","):
        with pytest.raises(ValueError, match="choose from direct, mixed, indirect, unattributed"):
            parse_kinds(wrong)


def test_types_are_a_list_with_commas() -> None:
    assert parse_types("assertion, Eventuality") == {"assertion", "eventuality"}
    for wrong in ("assertion,speech", "", ","):
        with pytest.raises(ValueError, match="choose from assertion, belief, fact, eventuality"):
            parse_types(wrong)
