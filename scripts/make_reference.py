"""Write what the documentation takes from the program: help texts, formats, fields, imports.

    python scripts/make_reference.py           # rewrite the pages that are out of date
    python scripts/make_reference.py --check   # change nothing; list them, and exit with 1 if there are any

A page marks the place: what stands between `<!-- generated: cli -->` and `<!-- end -->` is replaced. The rest
of the page is written by hand. A test compares the pages with the program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_WIDTH = 100


def main(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if a page is old.")
    ] = False,
) -> None:
    """Rewrite the generated parts of the pages in docs/."""
    old = [page for page in pages() if filled(page) != page.read_text(encoding="utf-8")]
    for page in old:
        typer.echo(page.relative_to(ROOT))
        if not check:
            page.write_text(filled(page), encoding="utf-8")
    raise typer.Exit(1 if check and old else 0)


def pages() -> list[Path]:
    """The pages with generated parts."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in found if _BLOCK.search(page.read_text(encoding="utf-8")))


def filled(page: Path) -> str:
    """The page's text with its generated parts made anew. Raises KeyError for an unknown part."""
    return _BLOCK.sub(
        lambda match: f"{match[1]}{BLOCKS[match[2]]()}\n{match[3]}", page.read_text(encoding="utf-8")
    )


def table(*rows: tuple[str, ...]) -> str:
    """A Markdown table; the first row is its head."""
    head, *body = ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])


# --- The command line ---


def commands() -> dict[str, Any]:
    """Every command by its full name, such as "quotes db build"; groups stand before their commands."""
    from quotes.cli.app import app

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield name, command
        for inner, sub in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {inner}", sub)

    return dict(walk("quotes", typer.main.get_command(app)))


def cli() -> str:
    """The help of every command, as the program prints it."""
    from quotes.cli.app import app

    parts = []
    for name in commands():
        words = [*name.split()[1:], "--help"]
        shown = CliRunner().invoke(app, words, prog_name="quotes", terminal_width=_WIDTH).output
        lines = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts.append(f"## {name}\n\n```text\n{lines}\n```")
    return "\n\n".join(["", *parts, ""])


# --- Formats ---


def formats(number: int) -> str:
    """One of the tables of `quotes formats`, without its last column, which depends on the machine."""
    from quotes.cli.app import app

    shown = CliRunner().invoke(app, ["formats"], env={"COLUMNS": "200"}).output
    rows = [
        [
            tuple(cell.strip() for cell in line.strip("│").split("│")[:-1])
            for line in block.splitlines()
            if "│" in line
        ]
        for block in shown.split("╭")[1:]
    ]
    head, *body = rows[number]
    return table(
        head, *((" ".join(f"`{one}`" for one in suffixes.split()), *rest) for suffixes, *rest in body)
    )


def csv_columns() -> str:
    """The columns of a .csv file of quotations."""
    from quotes.formats.csv import COLUMNS

    return ", ".join(f"`{column}`" for column in COLUMNS)


# --- Fields ---


def fields(model: str) -> str:
    """The fields of a model in the JSON Schema that `quotes schema` prints, as a table."""
    return _fields(_schema("schema"), model)


def article() -> str:
    """The fields of an article in JSON Lines, as `quotes schema --articles` has them."""
    return _fields(_schema("schema", "--articles"), "")


def _schema(*words: str) -> Any:
    import json

    from quotes.cli.app import app

    return json.loads(CliRunner().invoke(app, list(words)).output)


def _fields(schema: Any, model: str) -> str:
    found = schema["$defs"][model] if model else schema
    required = found.get("required", [])
    rows = [
        (
            f"`{name}`",
            _type(field) + ("" if name in required else "; optional"),
            re.sub(r"\s+", " ", field.get("description", "")),
        )
        for name, field in found["properties"].items()
    ]
    return table(("field", "type", "meaning"), *rows)


def _type(field: Any) -> str:
    """A field's type in words: "string or null", "one of `speech`, `tweet`", "list of [integer, integer]"."""
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one) for one in field["anyOf"]))
    if "enum" in field:
        return "one of " + ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"{field['const']}"
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "prefixItems" in field:
        return f"[{', '.join(_type(one) for one in field['prefixItems'])}]"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    kind = field.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


# --- The house ---


def rooms() -> set[str]:
    """The folders and modules of the package, without `__init__` and `__main__`."""
    found = {path.parent.name for path in (ROOT / "quotes").glob("*/__init__.py")}
    return found | {path.stem for path in (ROOT / "quotes").glob("*.py") if not path.stem.startswith("__")}


def imported(module: Path) -> set[str]:
    """The rooms that a module imports from, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "quotes":
            names = [a.name for a in node.names] if node.module == "quotes" else [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names if a.name.startswith("quotes.")]
        else:
            continue
        found.update(name.removeprefix("quotes.").split(".")[0] for name in names)
    return found & rooms()


def arrows() -> dict[str, set[str]]:
    """For each room the others that it imports from."""
    found: dict[str, set[str]] = {room: set() for room in rooms()}
    for module in (ROOT / "quotes").rglob("*.py"):
        room = module.relative_to(ROOT / "quotes").parts[0].removesuffix(".py")
        if room in found:
            found[room] |= imported(module) - {room}
    return found


def imports() -> str:
    """The arrows between the rooms, a line each, in the order of the page's tree."""
    lines = []
    found = arrows()
    order = tree()
    for room in order:
        # The nearest first: in the tree's order, from top to bottom.
        names = sorted(found.get(room, ()), key=lambda name: order.index(name) if name in order else -1)
        lines.append(f"{room:<16}→ {' '.join(names) or '–'}")
    return "\n".join(["```text", *lines, "```"])


def tree() -> list[str]:
    """The rooms in the tree of docs/architecture.md, from top to bottom."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [found] = re.findall(r"^```text\nquotes/\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return re.findall(r"^\s+(\w+)(?:/|\.py)\s", found, re.MULTILINE)


BLOCKS: dict[str, Callable[[], str]] = {
    "cli": cli,
    "formats-in": lambda: formats(0),
    "formats-out": lambda: formats(1),
    "csv-columns": csv_columns,
    "document": lambda: fields(""),
    "quotation": lambda: fields("Quotation"),
    "span": lambda: fields("Span"),
    "speaker": lambda: fields("Speaker"),
    "verification": lambda: fields("Verification"),
    "change": lambda: fields("Change"),
    "metadata": lambda: fields("Metadata"),
    "article": article,
    "imports": imports,
}


if __name__ == "__main__":
    typer.run(main)
