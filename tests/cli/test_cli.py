from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import builders
import pytest
from typer.testing import CliRunner

import quotes.extractor
from quotes.cli.app import app
from quotes.cli.progress import ProgressBar
from quotes.display.article import article
from quotes.errors import DataError, ModelError
from quotes.records import Document, DocumentRecord, Quotation
from quotes.running import ExtractorFactory
from quotes.running.selection import Selection

TOLD = "Bo Tarn said that the dam held. Ada Quill thinks that it was “luck”. “No,” Bo Tarn said.\n"
STORY = "“It rained all night,” Ada Quill said. The “dam” held. “No,” Bo Tarn said.\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


class ByPattern:
    """An extractor that needs no model: “…” NAME said. Its confidence falls with each quotation.

    With `indirect`, it finds what NAME says or thinks, too.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        speakers: Path | None = None,
        include_unattributed: bool = False,
        with_text: bool = False,
        exhaustive: bool = False,
        indirect: bool = False,
        any_language: bool = False,
        tuned: Path | None = None,
    ) -> None:
        if model == "no_such_model":
            raise ModelError("no_such_model is not installed. Install it: pip install no_such_model")
        if speakers is not None:
            raise DataError(f"{speakers}: line 1 is no TOML.")
        self.include_unattributed = include_unattributed
        self.with_text = with_text
        self.indirect = indirect

    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        for document in documents:
            found = tuple(self._quotations(document))
            yield DocumentRecord(
                doc_id=document.doc_id,
                text_sha256=document.text_sha256,
                quotations=found,
                text=document.text if self.with_text else None,
            )

    def _quotations(self, document: Document) -> Iterator[Quotation]:
        for number, match in enumerate(re.finditer(r"“[^”]*”(?: (\w+ \w+) (said))?", document.text)):
            start = match.start()
            end = document.text.index("”", start) + 1
            named = match[1] is not None
            if named or self.include_unattributed:
                yield builders.quotation(
                    document.text,
                    (start, end),
                    kind="direct" if named else "unattributed",
                    speaker=match.span(1) if named else None,
                    speaker_name=match[1],
                    cue=match.span(2) if named else None,
                    rule="by_pattern",
                    confidence=max(0.0, 1 - number / 10),
                    attribution_type="assertion" if named and self.indirect else None,
                )
        for match in re.finditer(r"(\w+ \w+) (said|thinks) that ([^.]*)", document.text):
            if self.indirect:
                yield builders.quotation(
                    document.text,
                    match.span(3),
                    kind="indirect",
                    speaker=match.span(1),
                    speaker_name=match[1],
                    cue=match.span(2),
                    attribution_type="assertion" if match[2] == "said" else "belief",
                )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and an extractor that needs no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(quotes.extractor, "Extractor", ByPattern)
    for name in ("COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def call(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments, input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.stdout, result.stderr


def lines(path: Path) -> list[DocumentRecord]:
    return [DocumentRecord.model_validate_json(line) for line in path.read_bytes().splitlines()]


# Help


def test_without_arguments_it_shows_help() -> None:
    code, out, _ = call()
    assert code == 0
    assert "extract" in out
    assert "show" in out


def test_version() -> None:
    assert call("--version") == (0, f"quotes {quotes.__version__}\n", "")


@pytest.mark.parametrize("command", ["", "extract", "formats", "db", "db build", "labelstudio pull"])
def test_help_has_a_short_name(command: str) -> None:
    assert call(*command.split(), "-h") == call(*command.split(), "--help")


@pytest.mark.parametrize(
    ("line", "found"),
    [("quotes ex", "extract"), ("quotes labelstudio pul", "pull"), ("quotes show --ki", "--kind")],
)
def test_the_shell_completes_commands_and_options(line: str, found: str, run_quotes: Run) -> None:
    """As a shell asks for it, after `quotes --install-completion`."""
    words = {"_QUOTES_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    assert run_quotes(**words).stdout.split() == [found]


@pytest.mark.parametrize("command", [[], ["extract"], ["show"]])
def test_every_command_has_help_with_an_example_on_a_line_of_its_own(command: list[str]) -> None:
    code, out, _ = call(*command, "--help")
    assert code == 0
    examples = out.partition("Examples:\n")[2].splitlines()
    assert examples
    assert all(re.match(r"^    (cat \S+ \| )?quotes (extract|show) ", example) for example in examples)


def test_help_waits_for_nothing_slow(environment: dict[str, str]) -> None:
    program = (
        "import sys\n"
        "from quotes.cli import main\n"
        "sys.argv = ['quotes', '--help']\n"
        "try:\n    main()\n"
        "finally:\n    print(sorted({'spacy', 'pydantic', 'rich'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["extract"], "Missing argument"),
        (["extract", "--nope", "a.txt"], "No such option"),
        (["extrakt", "a.txt"], "Did you mean 'extract'?"),
        (["extract", "a.txt", "--kind", "spoken"], "choose from direct, mixed, indirect, unattributed"),
        (["extract", "a.txt", "--min-confidence", "2"], "--min-confidence"),
        (["extract", "a.txt", "--out", "a.pdf"], ".jsonl, .csv, .parquet"),
        (["extract", "a.txt", "--speakers", "missing.toml"], "missing.toml"),
    ],
)
def test_wrong_usage_is_2(arguments: list[str], told: str, here: Path) -> None:
    (here / "a.txt").write_text(STORY)
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert told in err


# What extract prints and writes


def test_tables_and_a_summary(here: Path) -> None:
    (here / "news").mkdir()
    (here / "news" / "README.md").write_text(STORY)
    (here / "news" / "rain.txt").write_text(STORY)
    (here / "news" / "sun.txt").write_text("It did not rain.")
    code, out, err = call("extract", "news/")
    assert (code, err) == (0, "")
    assert "Ada Quill" in out
    assert "“It rained all night,”" in out
    assert "“dam”" not in out
    assert "sun: no quotations" in out
    rows = dict(line.rsplit(maxsplit=1) for line in out.splitlines()[-6:])
    assert rows.pop("seconds")
    assert rows == {
        "documents": "2",
        "words": "18",
        "quotations": "2",
        "speakers found": "2",
        "unattributed": "1",
    }


def test_quiet_leaves_the_summary_out(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    _, out, err = call("extract", "rain.txt", "--quiet")
    assert "Ada Quill" in out
    assert "documents" not in out
    assert err == ""


def test_out_jsonl_is_a_line_a_document_with_or_without_quotations(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    (here / "empty.txt").write_text("")
    (here / "sun.txt").write_text("It did not rain.")
    code, out, err = call("extract", ".", "--out", "out.jsonl")
    assert (code, out) == (0, "")
    assert "documents" in err
    found = lines(here / "out.jsonl")
    assert [(record.doc_id, len(record.quotations)) for record in found] == [
        ("empty", 0),
        ("rain", 2),
        ("sun", 0),
    ]
    assert found[1].text_sha256 == Document(doc_id="rain", text=STORY).text_sha256


def test_out_csv_is_a_row_a_quotation(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    assert call("extract", "rain.txt", "-o", "out.csv", "-q") == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((here / "out.csv").read_text(), newline="")))
    assert [(row["doc_id"], row["text"], row["speaker_name"]) for row in rows] == [
        ("rain", "“It rained all night,”", "Ada Quill"),
        ("rain", "“No,”", "Bo Tarn"),
    ]


def test_from_standard_input_to_standard_output(here: Path) -> None:
    code, out, _ = call("extract", "-", "--out", "-", stdin=STORY.replace("\n", "\r\n").encode("utf-16"))
    assert code == 0
    [record] = map(json.loads, out.splitlines())
    assert record["doc_id"] == "stdin"
    assert record["text_sha256"] == Document(doc_id="", text=STORY).text_sha256


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ([], ["“It rained all night,”", "“No,”"]),
        (["--include-unattributed"], ["“It rained all night,”", "“dam”", "“No,”"]),
        (["--kind", "unattributed"], ["“dam”"]),
        (["--kind", "mixed,indirect", "--indirect"], []),
        (["--min-confidence", "0.9"], ["“It rained all night,”"]),
        (["--indirect"], ["“It rained all night,”", "“No,”"]),
    ],
)
def test_what_is_asked_for_is_what_comes(options: list[str], texts: list[str], here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    assert call("extract", "rain.txt", "-o", "out.jsonl", *options)[0] == 0
    assert [quotation.text for quotation in lines(here / "out.jsonl")[0].quotations] == texts


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ([], ["“No,”"]),
        (["--indirect"], ["“No,”", "the dam held", "it was “luck”"]),
        (["--indirect", "--kind", "indirect"], ["the dam held", "it was “luck”"]),
        (["--indirect", "--kind", "direct"], ["“No,”"]),
        (["--indirect", "--type", "assertion"], ["“No,”", "the dam held"]),
        (["--indirect", "--type", "Belief, fact"], ["it was “luck”"]),
        (["--indirect", "--type", "fact"], []),
        (["--indirect", "--type", "belief", "--include-unattributed"], ["“luck”", "it was “luck”"]),
        (["--indirect", "--type", "belief", "--kind", "unattributed"], []),
    ],
)
def test_what_is_reported_comes_where_it_is_asked_for(
    options: list[str], texts: list[str], here: Path
) -> None:
    (here / "rain.txt").write_text(TOLD)
    assert call("extract", "rain.txt", "-o", "out.jsonl", *options)[0] == 0
    assert [quotation.text for quotation in lines(here / "out.jsonl")[0].quotations] == texts


def test_two_stories_of_one_name(here: Path) -> None:
    for folder in "ab":
        (here / folder).mkdir()
        (here / folder / "story.txt").write_text(STORY)
    call("extract", ".", "-o", "out.jsonl")
    assert [record.doc_id for record in lines(here / "out.jsonl")] == ["a/story", "b/story"]


def test_show_prints_the_article_and_who_said_what(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    code, out, err = call("show", "rain.txt")
    assert (code, err) == (0, "")
    assert out.startswith("[[quotation]]   <cue>   {speaker}   [?no speaker found?]\n\n")
    article = "[[“It rained all night,”]] {Ada Quill} <said>. The “dam” held. [[“No,”]] {Bo Tarn} <said>.\n"
    assert article in out
    assert "Bo Tarn" in out.partition(article)[2]


def test_show_keeps_what_is_asked_for(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    _, out, _ = call("show", "rain.txt", "--quiet", "--min-confidence", "0.9")
    assert out.startswith(
        "[[“It rained all night,”]] {Ada Quill} <said>. The “dam” held. “No,” Bo Tarn said.\n"
    )
    assert "│ “No,”" not in out
    _, out, _ = call("show", "rain.txt", "-q", "--kind", "unattributed")
    assert out.startswith("“It rained all night,” Ada Quill said. The [?“dam”?] held. “No,” Bo Tarn said.\n")
    code, out, err = call("show", "rain.txt", "--kind", "spoken")
    assert (code, out) == (2, "")
    assert "choose from direct, mixed, indirect, unattributed" in err


def test_show_writes_a_page_of_what_is_asked_for(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    assert call("show", "rain.txt", "--html", "a.html", "--quiet", "--min-confidence", "0.9") == (0, "", "")
    page = (here / "a.html").read_text()
    assert ("Ada Quill</a>" in page, "Bo Tarn</a>" in page) == (True, False)
    code, out, err = call("show", "-", "--html", "-", "--min-confidence", "0.9", stdin=STORY.encode())
    assert (code, err) == (0, "")
    assert out == page.replace(">rain<", ">stdin<")


def test_show_sets_brackets_where_colours_are_unwanted(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    monkeypatch.setenv("NO_COLOR", "1")
    (here / "rain.txt").write_text(STORY)
    _, out, _ = call("show", "rain.txt")
    assert "[[“No,”]]" in out
    assert "{\x1b[1;4mBo Tarn\x1b[0m}" in out  # bold and underlined are no colours


def test_show_underlines_what_is_reported(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "rain.txt").write_text(TOLD)
    code, out, err = call("show", "rain.txt", "--indirect")
    assert (code, err) == (0, "")
    assert out.startswith("[[quotation]]   [_reported_]   <cue>   {speaker}   [?no speaker found?]\n\n")
    assert "{Bo Tarn} <said> that [_the dam held_]. {Ada Quill} <thinks> that [_it was “luck”_]. [[“No" in out
    _, out, _ = call("show", "rain.txt", "--indirect", "--type", "assertion", "--kind", "indirect", "-q")
    assert "{Bo Tarn} <said> that [_the dam held_]. Ada Quill thinks" in out
    assert "│ the dam held" in out
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = call("show", "rain.txt", "--indirect")
    assert "\x1b[4mthe dam held\x1b[0m" in out
    assert "\x1b[32mthe dam held" not in out  # neither in the article nor in the table
    assert "\x1b[32m“No,”\x1b[0m" in out
    call("show", "rain.txt", "--indirect", "--html", "a.html")
    assert '<u class="reported" id="d1-q2"' in (here / "a.html").read_text()


@pytest.mark.parametrize("command", ["extract", "show"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--type", "belief"], "--type: types are found with --indirect only; add it."),
        (["--kind", "indirect"], "--kind: indirect needs --indirect; add it."),
        (["--kind", "direct,indirect"], "--kind: indirect needs --indirect; add it."),
        (["--indirect", "--type", "wish"], "choose from assertion, belief, fact, eventuality"),
        (["--indirect", "--type", ","], "nothing is not a type of attribution"),
        (["--type", "wish"], "wish is not a type of attribution"),
    ],
)
def test_what_needs_indirect_says_so(command: str, options: list[str], told: str, here: Path) -> None:
    (here / "rain.txt").write_text(TOLD)
    code, out, err = call(command, "rain.txt", *options)
    assert (code, out) == (2, "")
    assert told in err


def test_ray_is_told_what_to_extract_and_to_keep(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr("quotes.cli.extract.extract_ray", lambda *arguments, **_: told.extend(arguments))
    options = ["--engine", "ray", "--out", "a.parquet", "--indirect", "--type", "belief"]
    assert call("extract", "rain.txt", *options)[0] == 0
    *_, settings, selection = told
    assert settings == ExtractorFactory(include_unattributed=True, indirect=True)
    assert selection == Selection(types=frozenset({"belief"}))


def test_brackets_of_what_crosses_are_cut() -> None:
    text = "Quill said the plan is “mad” and late, Tarn said."
    told = builders.quotation(text, "the plan is “mad”", kind="indirect")
    crossing = builders.quotation(text, "“mad”", kind="mixed", content=["is “mad” and late"])
    shown = article(Document(doc_id="", text=text), [told, crossing], brackets=True)
    assert shown.plain == "Quill said [_the plan [_is_] [[“mad”]]_] [_and late_], Tarn said."
    across = builders.quotation(text, "mad” and", kind="indirect")
    shown = article(Document(doc_id="", text=text), [told, across], brackets=True)
    assert shown.plain == "Quill said [_the plan is “[_mad”_]_][_ and_] late, Tarn said."


def test_brackets_stand_within_each_other() -> None:
    text = "“A ‘b’ c,” she said."
    outer, inner = (
        builders.quotation(text, part, speaker="she", speaker_kind="unknown", cue="said")
        for part in ((0, 10), (3, 6))
    )
    shown = article(Document(doc_id="", text=text), [inner, outer], brackets=True)
    assert shown.plain == "[[“A [[‘b’]] c,”]] {she} <said>."
    assert article(Document(doc_id="", text=text), [inner, outer]).plain == text


def test_show_is_coloured_on_a_terminal(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    (here / "rain.txt").write_text(STORY)
    _, out, _ = call("show", "rain.txt", "--include-unattributed")
    assert "[[" not in out
    for coloured in ("32m“It rained all night,”", "1;4;36mAda Quill", "1;33msaid", "2;32m“dam”"):
        assert f"\x1b[{coloured}\x1b[0m" in out


# Bad input


def test_a_missing_path_is_told_and_no_file_written(here: Path) -> None:
    code, out, err = call("extract", "stroy.txt", "--out", "out.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith("Error: stroy.txt: there is no such file or folder. Check")
    assert list(here.iterdir()) == []


def test_one_bad_file_among_a_thousand(here: Path) -> None:
    for number in range(1000):
        (here / f"{number:03}.txt").write_text(STORY)
    (here / "500.txt").write_bytes(b"\0\1\2" * 100)
    code, _, err = call("extract", ".", "--out", "out.jsonl")
    assert code == 1
    assert re.search(r"^Error: 500.txt: this is binary data, not text\. Leave it out", err)
    assert re.search(r"^not read +1$", err, re.MULTILINE)
    assert [record.doc_id for record in lines(here / "out.jsonl")] == [
        f"{n:03}" for n in range(1000) if n != 500
    ]


def test_a_missing_path_does_not_stop_the_others(here: Path) -> None:
    (here / "rain.txt").write_text(STORY)
    code, out, err = call("extract", "missing.txt", "rain.txt")
    assert code == 1
    assert "missing.txt" in err
    assert "Ada Quill" in out


def test_nothing_but_bad_files_gives_no_file(here: Path) -> None:
    (here / "bad.txt").write_bytes(b"\0")
    code, _, err = call("extract", "bad.txt", "--out", "out.jsonl")
    assert code == 1
    assert "bad.txt" in err
    assert not (here / "out.jsonl").exists()


def test_latin_1_reads_right(here: Path) -> None:
    (here / "a.txt").write_bytes("\x93It rained,\x94 Zoë Quill said.".encode("latin_1"))
    call("extract", "a.txt", "-o", "out.jsonl")
    [quotation] = lines(here / "out.jsonl")[0].quotations
    assert (quotation.text, quotation.speaker_name) == ("“It rained,”", "Zoë Quill")


@pytest.mark.parametrize("command", [["extract"], ["show"]])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--model", "no_such_model"], "pip install no_such_model"),
        (["--speakers", "broken.toml"], "broken.toml: line 1 is no TOML"),
    ],
)
def test_what_the_extractor_needs_is_told(
    command: list[str], options: list[str], told: str, here: Path
) -> None:
    (here / "a.txt").write_text(STORY)
    (here / "broken.toml").write_text("=")
    code, out, err = call(*command, "a.txt", *options)
    assert (code, out) == (1, "")
    assert err.startswith("Error: ")
    assert told in err


def test_the_output_folder_is_looked_for_before_any_work(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ByPattern, "__init__")  # an extractor made would fail, for it takes no model then
    monkeypatch.delattr(ByPattern, "pipe")
    (here / "a.txt").write_text(STORY)
    code, _, err = call("extract", "a.txt", "--out", "missing/out.csv")
    assert code == 1
    assert "Create it first: mkdir -p missing" in err


def test_the_output_never_replaces_an_input(here: Path) -> None:
    (here / "a.csv").write_text(STORY)
    code, _, err = call("extract", "a.csv", "--out", "a.csv")
    assert code == 1
    assert "one of the inputs" in err
    assert (here / "a.csv").read_text() == STORY


def test_show_takes_one_article(here: Path) -> None:
    code, _, err = call("show", ".")
    assert code == 1
    assert "this is a folder" in err


def test_file_names_may_hold_anything(here: Path) -> None:
    name = os.fsdecode(b"[red]\x1b[31m\xff.txt")
    (here / name).write_text(STORY)
    (here / ("bad" + name)).write_bytes(b"\0")
    code, out, err = call("extract", ".")
    assert code == 1
    assert "[red]" in out
    assert "bad[red]" in err
    assert "\x1b" not in out + err
    call("extract", ".", "-o", "out.jsonl")
    assert [record.doc_id for record in lines(here / "out.jsonl")] == ["[red]\x1b[31m\ufffd"]


# Real processes: interrupts and pipes

PROCESS = """
import os, signal, sys, time
import quotes.extractor
from quotes.cli import main
from quotes.records import DocumentRecord

class Slow:
    def __init__(self, *args, **options):
        pass

    def pipe(self, documents):
        for number, document in enumerate(documents):
            if number == int(os.environ["STOP_BEFORE"]):
                print("stopped", file=sys.stderr, flush=True)
                time.sleep(600)
            yield DocumentRecord(doc_id=document.doc_id, text_sha256=document.text_sha256, quotations=())

quotes.extractor.Extractor = Slow
# Shells start background jobs with Ctrl-C switched off, and a test run may be one.
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `quotes ARGUMENT...` on ten articles, with an extractor that stops before one of them."""
    (tmp_path / "news").mkdir()
    for number in range(10):
        (tmp_path / "news" / f"{number}.txt").write_text(STORY)
    started = []

    def start(*arguments: str, stop_before: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, *arguments],
            cwd=tmp_path,
            env={**environment, "STOP_BEFORE": str(stop_before)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def stopped(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str, str]:
    assert process.stderr is not None
    assert process.stderr.readline() == "stopped\n"
    process.send_signal(how)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


@pytest.mark.parametrize(("name", "size"), [("out.jsonl", 3), ("out.csv", 1)])
def test_ctrl_c_keeps_what_is_done(
    name: str, size: int, start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    code, out, err = stopped(start("extract", "news", "-o", name, stop_before=3), signal.SIGINT)
    assert (code, out, err) == (130, "", f"Interrupted: 3 of 10 documents are in {name}.\n")
    assert len((tmp_path / name).read_text().splitlines()) == size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news", name]


def test_ctrl_c_before_anything_is_done_leaves_the_old_file(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    (tmp_path / "out.jsonl").write_text("old\n")
    code, _, err = stopped(start("extract", "news", "-o", "out.jsonl", stop_before=0), signal.SIGINT)
    assert code == 130
    assert err == "Interrupted before the first of 10 documents was done; out.jsonl is unchanged.\n"
    assert (tmp_path / "out.jsonl").read_text() == "old\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news", "out.jsonl"]


def test_ctrl_c_while_printing(start: Callable[..., subprocess.Popen[str]]) -> None:
    code, out, err = stopped(start("extract", "news", stop_before=2), signal.SIGINT)
    assert (code, err) == (130, "Interrupted: 2 of 10 documents are done.\n")
    assert out.splitlines() == ["0: no quotations", "", "1: no quotations", ""]


def test_ctrl_c_in_show(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("show", "news/0.txt", stop_before=0)
    assert stopped(process, signal.SIGINT) == (130, "", "Interrupted.\n")


def test_a_killed_run_tears_no_file(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old\n")
    assert (
        stopped(start("extract", "news", "-o", "out.jsonl", stop_before=3), signal.SIGKILL)[0]
        == -signal.SIGKILL
    )
    assert (tmp_path / "out.jsonl").read_text() == "old\n"


@pytest.mark.parametrize("output", [[], ["-o", "-"]])
def test_a_reader_that_has_had_enough_ends_the_run_quietly(
    output: list[str], start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    for number in range(5000):  # more than a pipe holds
        (tmp_path / "news" / f"more{number}.txt").write_text("")
    process = start("extract", "news", *output, stop_before=-1)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=300) == 128 + signal.SIGPIPE
    assert process.stderr is not None
    assert process.stderr.read() == ""


@pytest.mark.parametrize("output", [[], ["-o", "-"]])
def test_a_full_disk_behind_standard_output(
    output: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROCESS, "extract", "a.txt", *output],
            cwd=tmp_path,
            env={**environment, "STOP_BEFORE": "-1"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "standard output" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_without_curly_marks(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "“a”.txt").write_text(STORY)
    done = subprocess.run(
        [sys.executable, "-c", PROCESS, "extract", "“a”.txt"],
        cwd=tmp_path,
        env={**environment, "STOP_BEFORE": "-1", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("?a?: no quotations\n")


# The progress bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "shown"),
    [(Terminal, False, True), (Terminal, True, False), (io.StringIO, False, False)],
)
def test_the_bar_is_for_terminals(
    stream: type[io.StringIO], quiet: bool, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stderr = stream()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr("quotes.cli.progress._DELAY", 0)
    with ProgressBar(5, quiet=quiet) as bar:
        if bar._timer.ident:  # it was started
            bar._timer.join()
        bar.advance()
        with bar.paused():
            print("a result", file=sys.stderr)
    assert ("Extracting" in stderr.getvalue()) == shown
    assert "a result" in stderr.getvalue()


def test_the_bar_does_not_show_when_all_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr("quotes.cli.progress._DELAY", 600)
    with ProgressBar(5, quiet=False) as bar:
        bar.advance()
    assert stderr.getvalue() == ""


# With the real extractor


@pytest.mark.model
def test_from_article_to_records(run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("“It rained all night,” Ada Quill said.\n")
    done = run_quotes("extract", "rain.txt", "--out", "out.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    [quotation] = lines(tmp_path / "out.jsonl")[0].quotations
    assert quotation.text == "“It rained all night,”"
    assert quotation.speaker_name == "Ada Quill"
    assert quotation.cue is not None
    assert quotation.cue.text == "said"


@pytest.mark.model
def test_from_article_to_table(run_quotes: Run, tmp_path: Path) -> None:
    done = run_quotes("extract", "-", stdin="“It rained all night,” Ada Quill said.\n".encode())
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"Ada Quill +│ Ada Quill +│ said +│ “It rained all night,”", done.stdout)


@pytest.mark.model
def test_a_text_without_quotations_is_no_error(run_quotes: Run) -> None:
    done = run_quotes("extract", "-", "-o", "-", "-q", stdin=b"It did not rain.")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["quotations"] == []


@pytest.mark.model
def test_an_unknown_model_names_the_command_that_installs_one(run_quotes: Run, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text(STORY)
    done = run_quotes("extract", "rain.txt", "--model", "en_no_such_model", "--out", "out.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert "en_no_such_model" in done.stderr
    assert re.search("pip install|spacy download", done.stderr)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--resume", "--jobs", "2"], None),
        (["--author", "@adaquill"], "--author"),
        (["--field", "text=body"], "--field"),
        (["--split"], "--split"),
        (["--shard-size", "1MB"], "--shard-size"),
        (["--formulas"], "--formulas"),
    ],
)
def test_what_ray_does_not_know_is_refused(
    options: list[str], told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("quotes.cli.extract.extract_ray", lambda *given, **more: asked.append(given))
    done = CliRunner().invoke(app, ["extract", "a.jsonl", "--engine", "ray", "--out", "a.parquet", *options])
    assert done.exit_code == (2 if told else 0)
    assert len(asked) == (0 if told else 1)
    assert told is None or f"Invalid value for {told}: this does not work with --engine ray" in done.stderr
