"""The documentation is true: commands run, examples give what they show, tables agree with the code."""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Literal, NamedTuple, get_args, get_origin

import paths
import pytest
import test_cases

import quotes
from quotes import Document, Quotation, data, extract, parsing
from quotes.attribution import LATE, ORDER, Scene, attribute, cue_rules, propose
from quotes.attribution.confidence import TURN
from quotes.attribution.pull_quotes import PULL_QUOTE
from quotes.cli import messages
from quotes.extractor import mark
from quotes.record.posts import POST_RULES
from quotes.record.quotations import UNATTRIBUTED
from quotes.speakers import resolve, take_turns
from scripts import make_reference

ROOT = paths.ROOT
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ATTRIBUTION = ROOT / "docs" / "attribution.md"
DATABASE = ROOT / "docs" / "database.md"
CASES = ROOT / "tests" / "cases" / "README.md"
REFERENCE = ROOT / "docs" / "reference"
#: README and all pages of docs/.
GUIDES = (README, *sorted((ROOT / "docs").rglob("*.md")))

#: Documents whose console and Python blocks are run.
RUN = (*GUIDES, CONTRIBUTING, ROOT / "scripts" / "README.md", CASES)

#: Commands that are not run here, by how they begin, and why.
NOT_RUN = {
    "sudo apt-get install ": "it changes the machine",
    "quotes labelstudio ": "it needs a server; tests/labelstudio_server runs them all against a real one",
    "quotes review ": "it opens a page and waits; tests/review runs it",
    "quotes tune ": "the gold is the reader's; tests/tuning runs it",
    "xdg-open ": "it opens a browser",
    "quotes extract articles/ ": "the articles are the reader's",
    "quotes extract archive.jsonl.gz ": "the archive is the reader's",
    "quotes extract s3://": "the store is the reader's",
    "pip install ": "it changes the environment",
    "quotes extract tweets/": "the tweets are the reader's",
    "quotes extract thread.txt ": "the thread is the reader's",
    "quotes score predictions.jsonl ": "the predictions are the reader's",
    "make ": "it installs, or runs these tests; test_make_targets_exist looks at its target",
    ". .venv/bin/activate": "the tests have quotes on their PATH already",
    "python scripts/": "it takes minutes and needs a corpus; test_scripts_exist looks for the file",
    "python -m pytest ": "it would run these tests within themselves",
}

#: Lines about the options of other programs.
OTHER_PROGRAMS = re.compile(r"ray start|datasette quotes\.db")

_FENCE = re.compile(r"^```([\w-]*)[ ]*([^\n]*)\n(.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_CUT = "[...]"

#: What the table of rules says of one whose candidates lose even in its own example.
LOSES = "hardly ever wins"


class Block(NamedTuple):
    """A fenced block: its language, what else its first line says, and its lines."""

    language: str
    info: str
    text: str


class Command(NamedTuple):
    """A command of a console block, and the output shown below it."""

    text: str
    output: str


# --- Reading Markdown ---


def blocks(path: Path, language: str) -> list[Block]:
    found = (Block(*match.groups()) for match in _FENCE.finditer(path.read_text(encoding="utf-8")))
    return [block for block in found if block.language == language]


def prose(path: Path) -> str:
    """The text without fenced blocks and without code."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", path.read_text(encoding="utf-8")))


def commands(block: Block) -> Iterator[Command]:
    """With a "$ " anywhere, lines without it are output; otherwise every line is a command."""
    lines = re.sub(r"\\\n[ ]*", "", block.text).splitlines()
    if not any(line.startswith("$ ") for line in lines):
        yield from (Command(line, "") for line in lines if line.strip() and not line.startswith("#"))
        return
    command, output = "", list[str]()
    for line in lines:
        if line.startswith("$ "):
            if command:
                yield Command(command, "\n".join(output))
            command, output = line[2:], []
        else:
            output.append(line)
    yield Command(command, "\n".join(output))


def all_commands() -> list[str]:
    return [c.text for path in RUN for block in blocks(path, "console") for c in commands(block)]


def table(path: Path, heading: str) -> list[list[str]]:
    """The rows of the first table whose first column has this heading, each a list of its cells."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith("|") and _row(line)[0].lower() == heading:
            next(lines)
            rows = []
            for row in lines:
                if not row.startswith("|"):
                    break
                rows.append(_row(row))
            return rows
    raise AssertionError(f"{path.name}: no table whose first column is headed {heading!r}")


def _row(line: str) -> list[str]:
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def code(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def not_run(command: str) -> str | None:
    """The entry of NOT_RUN that a command falls under."""
    return next((start for start in NOT_RUN if command.startswith(start)), None)


def anchors(path: Path) -> set[str]:
    """The fragments by which a page's headings can be linked to."""
    headings = re.findall(r"^#+ +(.+?) *$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# --- What is committed ---


def committed() -> list[Path]:
    """The repository's files, those not yet added included; without git, all that is in no hidden folder."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / os.fsdecode(name) for name in listing.stdout.split(b"\0") if name]
    else:
        paths = [p for p in ROOT.rglob("*") if not any(x[0] == "." for x in p.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


def pages() -> list[Path]:
    return [path for path in committed() if path.suffix == ".md"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- Documentation that runs ---


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder such as a newcomer stands in: the seeds are there, and `quotes` is on the PATH."""
    for name in ("seeds", "annotations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONUTF8", "1")
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.model
@pytest.mark.parametrize("path", RUN, ids=named)
def test_commands_run(path: Path, newcomer: Path) -> None:
    if shutil.which("quotes") is None:
        pytest.skip("the command `quotes` is not installed beside this Python")
    for block in blocks(path, "toml"):
        if block.info:
            (newcomer / block.info).write_text(block.text, encoding="utf-8")
    for block in blocks(path, "console"):
        for command in commands(block):
            if not_run(command.text):
                continue
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", command.text],
                env=os.environ.copy(),  # readline puts COLUMNS into what a process inherits without this
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{path.name}: {command.text}\n{done.stdout}{done.stderr}"
            assert_shown(command, done.stdout)


def assert_shown(command: Command, actual: str) -> None:
    """The output shown is an excerpt of the real one: its lines, or a table's rows, in their order."""
    read = table_rows if "│" in command.output else str.splitlines
    rest = iter(read(actual))
    for row in read(command.output):
        if row and row != _CUT:
            assert row in rest, f"{command.text} no longer shows {row!r} there:\n{actual}"


def table_rows(output: str) -> list[tuple[str, ...]]:
    """The rows of the tables on a terminal, cells that go on in the next line put together.

    How wide columns are may change: it makes no example wrong.
    """
    rows: list[list[str]] = []
    for line in output.splitlines():
        if not line.startswith("│"):
            continue
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        if re.fullmatch(r"\d\.\d\d|Conf\.", cells[-1]):
            rows.append(cells)
        else:
            rows[-1] = [f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)]
    return [tuple(row) for row in rows]


@pytest.mark.model
@pytest.mark.parametrize("path", RUN, ids=named)
def test_python_examples_run(path: Path, newcomer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, object] = {}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for block in blocks(path, "python"):
        if ">>>" not in block.text:
            exec(compile(block.text, path.name, "exec"), namespace)
            continue
        example = doctest.DocTestParser().get_doctest(block.text, namespace, path.name, path.name, 0)
        # It works on a copy of the namespace, unless told to leave it alone.
        result = runner.run(example, clear_globs=False)
        namespace.update(example.globs)
        assert result.failed == 0, capsys.readouterr().out


@pytest.mark.model
def test_the_example_cases_hold() -> None:
    found = [block for path in (CONTRIBUTING, CASES) for block in blocks(path, "toml")]
    cases = [case for block in found for case in tomllib.loads(block.text)["case"]]
    assert len(cases) > 2
    for case in cases:
        shown = [test_cases.shown(case["text"], quotation) for quotation in extract(case["text"])]
        assert len(shown) == len(case["quotations"]), case["name"]
        for actual, wanted in zip(shown, case["quotations"], strict=True):
            assert {key: actual[key] for key in wanted} == wanted, case["name"]


def test_the_keys_of_the_cases_are_described() -> None:
    assert {code(row[0])[0] for row in table(CASES, "key of a case")} == test_cases.CASE_KEYS
    assert {code(row[0])[0] for row in table(CASES, "key of a quotation")} == test_cases.KEYS
    files = {name for row in table(CASES, "file") for name in code(row[0])}
    assert files == {path.name for path in test_cases.FOLDER.glob("*.toml")}


def test_there_is_something_to_run() -> None:
    run = [command for command in all_commands() if not_run(command) is None]
    assert len(run) >= 5
    assert any(">>>" in block.text for block in blocks(README, "python"))


def test_no_exception_is_stale() -> None:
    assert {not_run(command) for command in all_commands()} - {None} == set(NOT_RUN)


def test_make_targets_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages())
    wanted = set(re.findall(r"(?:`|^)make ([a-z]+)\b", text, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= wanted
    assert wanted <= targets


def test_scripts_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages())
    wanted = set(re.findall(r"\bscripts/(\w+\.py)\b", text))
    present = {path.name for path in (ROOT / "scripts").glob("*.py")} - {"__init__.py"}
    assert wanted <= present
    described = {name for row in table(ROOT / "scripts" / "README.md", "script") for name in code(row[0])}
    assert described == present


# --- Documentation that agrees with the code ---


def mentions(text: str, option: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text) is not None


def by_hand(path: Path) -> str:
    """A page without the parts that a script writes."""
    return re.sub(r"<!-- generated: .*?<!-- end -->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def options() -> dict[str, set[str]]:
    """The options of each command."""
    found = {}
    for name, command in make_reference.commands().items():
        spelt = {option for parameter in command.params for option in parameter.opts}
        found[name] = {option for option in spelt if option.startswith("-")} | {"--help", "-h"}
    return found


@pytest.mark.parametrize("page", make_reference.pages(), ids=named)
def test_what_a_script_writes_is_up_to_date(page: Path) -> None:
    """Fails after a change of a help text, an option, a format, a field or an import between rooms."""
    text = page.read_text(encoding="utf-8")
    assert make_reference.filled(page) == text, "Run: python scripts/make_reference.py"


def test_the_reference_has_every_generated_part() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in make_reference.pages())
    assert set(re.findall(r"<!-- generated: ([\w-]+) -->", text)) == set(make_reference.BLOCKS)
    help_texts = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    for name, spelt in options().items():
        section = help_texts.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert [option for option in spelt if not mentions(section, option)] == [], name


def test_every_command_and_option_is_described_by_hand() -> None:
    text = "\n".join(by_hand(path) for path in GUIDES)
    found = options()
    assert len(found) > 8
    missing = [name for name in found if not mentions(text, name)]
    missing += [option for option in sorted(set().union(*found.values())) if not mentions(text, option)]
    assert not missing, f"README.md and docs/ don't describe {', '.join(missing)}"


def test_no_page_names_an_option_that_does_not_exist() -> None:
    known = set().union(*options().values())
    for script in (ROOT / "scripts").glob("*.py"):
        text = script.read_text(encoding="utf-8")
        known |= set(re.findall(r"--[a-z][a-z-]+", text))
        known |= {
            f"--{name.replace('_', '-')}" for name in re.findall(r"^    (\w+): Annotated", text, re.MULTILINE)
        }
    for path in (*GUIDES, CONTRIBUTING, CASES):
        text = "\n".join(line for line in by_hand(path).splitlines() if not OTHER_PROGRAMS.search(line))
        # After white space or a backtick only: not in the line below a table's head.
        unknown = set(re.findall(r"(?<=[\s`(])--[a-z][a-z-]+", text)) - known
        assert not unknown, f"{path.name}: {', '.join(sorted(unknown))}"


def test_every_exit_code_is_described() -> None:
    codes = {value for name, value in vars(messages).items() if name.startswith("EXIT_")}
    documented = {int(code(row[0])[0]) for row in table(REFERENCE / "cli.md", "exit code")}
    assert documented == codes | {0, 2}


def test_every_format_is_described() -> None:
    articles, records = (REFERENCE / "formats.md").read_text(encoding="utf-8").split("\n## Records out\n")
    for section in (articles, records):
        generated, _, notes = section.partition("<!-- end -->")
        suffixes = re.findall(r"`(\.[\w.]+)`", generated.partition("<!-- generated: formats-")[2])
        assert len(suffixes) > 8
        described = {
            name for line in notes.splitlines() if line.startswith("| `.") for name in code(_row(line)[0])
        }
        assert set(suffixes) - described <= {".txt", ".text"}, "add a row of notes"


def test_the_field_table_is_the_record() -> None:
    text = (REFERENCE / "record.md").read_text(encoding="utf-8")
    section = text.partition("\n## Quotation\n")[2].partition("<!-- end -->")[0]
    cells = [_row(line) for line in section.splitlines() if line.startswith("| `")]
    rows = {code(row[0])[0]: " ".join(row[1:]) for row in cells}
    assert list(rows) == list(Quotation.model_fields)
    for name, field in Quotation.model_fields.items():
        if get_origin(field.annotation) is Literal:
            values = set(get_args(field.annotation))
            assert values <= set(code(rows[name])), f"{name}: {values}"
        nullable = NoneType in get_args(field.annotation)
        assert ("null" in rows[name]) == nullable, f"{name}: null or not?"


def test_the_tables_and_views_of_a_database_are_described(newcomer: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "quotes", "db", "build", "annotations/gold.jsonl", "-o", "new.db"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, set[str]] = {"table": set(), "view": set()}
    with contextlib.closing(sqlite3.connect(newcomer / "new.db")) as database:
        for kind, name in database.execute("SELECT type, name FROM sqlite_master"):
            if kind in found and "_fts" not in name and not name.startswith("sqlite_"):
                found[kind].add(name)
    for kind, names in found.items():
        described = {name for row in table(DATABASE, f"{kind}s") for name in code(row[0])}
        assert described == names


def rule_names() -> list[str]:
    """The names that records can carry, in the order in which the matchers are asked."""
    names = []
    for matcher in (*ORDER, *LATE):
        cue_tests = [rule for rule, _ in cue_rules.TESTS]
        names += cue_tests if matcher is cue_rules.match else [matcher.__name__.replace("_", "-")]
    return [*names, "continued", TURN, PULL_QUOTE, UNATTRIBUTED]


def rules() -> list[tuple[str, str, str]]:
    return [(code(row[0])[0], row[1], row[2]) for row in table(ATTRIBUTION, "rule")]


def test_the_rule_table_is_complete() -> None:
    assert [rule for rule, *_ in rules()] == rule_names()


@pytest.mark.model
@pytest.mark.parametrize(("rule", "example", "remark"), rules(), ids=[rule for rule, *_ in rules()])
def test_the_rule_gives_its_example(rule: str, example: str, remark: str) -> None:
    """In an example, ¶ begins a paragraph, and bold type marks who says the last quotation."""
    text = example.replace(" ¶ ", "\n\n").replace("**", "")
    bold = re.search(r"\*\*(.+?)\*\*", example)
    [parse] = parsing.parse(parsing.load(), [mark(text)])
    claims = attribute(parse)
    if rule == TURN:
        claims, _ = take_turns(claims, resolve(claims, data.registry()))
    claim = claims.of_segment[-1]
    if rule == UNATTRIBUTED:
        assert (claim, bold) == (None, None)
        return
    assert bold is not None
    candidates = [
        *propose(Scene.of(parse), len(parse.segments) - 1, claims.of_segment),
        *([claim.candidate] if claim else []),
    ]
    mentions_of = {c: text[c.mention.start : c.mention.end] for c in candidates}
    assert (rule, bold[1]) in {(c.rule, mention) for c, mention in mentions_of.items()}
    wins = claim is not None and (claim.candidate.rule, mentions_of[claim.candidate]) == (rule, bold[1])
    assert wins == (LOSES not in remark), "The remark on this rule is out of date."


def post_rules() -> list[tuple[str, str]]:
    return [(code(row[0])[0], row[1]) for row in table(ATTRIBUTION, "post rule")]


def test_the_table_of_post_rules_is_complete() -> None:
    assert [rule for rule, _ in post_rules()] == list(POST_RULES)


@pytest.mark.model
@pytest.mark.parametrize(("rule", "example"), post_rules())
def test_the_post_rule_gives_its_example(rule: str, example: str) -> None:
    bold = re.search(r"\*\*(.+?)\*\*", example)
    post = Document(doc_id="1", text=example.replace("**", ""), posted_by="@portellery")
    [record] = quotes.Extractor().pipe([post])
    first = record.quotations[0]
    assert (first.rule, first.speaker and first.speaker.text) == (rule, bold and bold[1])


def test_the_changelog_has_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(quotes.__version__)}\]", text, re.MULTILINE)


# --- Links, and what may not be committed ---


@pytest.mark.parametrize("path", pages(), ids=named)
def test_relative_links_resolve(path: Path) -> None:
    text = prose(path)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"^\[[^\]]+\]:\s*(\S+)", text, re.MULTILINE)
    broken = []
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        exists = there.is_relative_to(ROOT) and there.exists()
        if not exists or (fragment and fragment not in anchors(there)):
            broken.append(target)
    assert not broken, f"{named(path)} links to what isn't there: {', '.join(broken)}"


def test_named_files_exist() -> None:
    """A file or folder of the repository that a page names in backticks, such as `quotes/data/cues.toml`."""
    form = re.compile(r"`((?:quotes|tests|scripts|docs|annotations|seeds)/[\w./*-]*)`")
    for path in pages():
        if path.name == "CHANGELOG.md":  # it also names what was there before
            continue
        wanted = set(form.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))))
        missing = [name for name in sorted(wanted) if not list(ROOT.glob(name.rstrip("/")))]
        assert not missing, f"{named(path)} names what isn't there: {', '.join(missing)}"


def test_no_file_names_a_registry_or_this_machine() -> None:
    # Put together here, so that this file doesn't name them either.
    hosts = [".".join(host) for host in (("pypi", "org"), ("pypi", "io"), ("npmjs", "org"), ("npmjs", "com"))]
    hosts += [".".join(host) for host in (("anaconda", "org"), ("crates", "io"), ("deb", "debian", "org"))]
    hosts += ["python" + "hosted"]
    folders = ["/".join(("", name, "")) for name in ("work", "root", "home")]
    folders += [f"{ROOT}/"] if len(ROOT.parts) > 3 else []
    paths = (rf"(?<![\w.~*-]){re.escape(folder)}" for folder in folders)
    forbidden = re.compile("|".join([*map(re.escape, hosts), *paths]))
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if hit := forbidden.search(line):
                found.append(f"{named(path)}:{number}: {hit.group()}")
    assert not found, "\n".join(found)


def test_the_lock_names_no_index() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert lines
    options = re.compile(
        r"\s*(?:-i|-f|--(?:index|extra-index|find-links|trusted-host|no-index|default-index))\b"
    )
    found = [line for line in lines if "://" in line or " @ " in line or options.match(line)]
    assert not found, "\n".join(found)
    pinned = [line for line in lines if line and not line[0].isspace() and not line.startswith("#")]
    assert all(re.match(r"[\w.\[\]-]+==\S+", line) for line in pinned)
