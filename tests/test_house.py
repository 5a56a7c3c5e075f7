"""The house: each room knows only those that come before it in the way of the data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import paths

ROOT = paths.ROOT


def rooms_of(module: Path) -> Iterator[str]:
    """The rooms of `quotes` that a module imports from, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] != "quotes":
            continue
        names = [alias.name for alias in node.names] if node.module == "quotes" else [node.module or ""]
        yield from (name.removeprefix("quotes.").split(".")[0] for name in names)


def test_imports_point_one_way() -> None:
    arrows: dict[str, set[str]] = {}
    for module in (ROOT / "quotes").rglob("*.py"):
        room = module.relative_to(ROOT / "quotes").parts[0].removesuffix(".py")
        if room != "__init__":
            arrows.setdefault(room, set()).update(set(rooms_of(module)) - {room})
    order = list(TopologicalSorter(arrows).static_order())  # raises CycleError, which names the circle
    assert order.index("records") < order.index("marks") < order.index("attribution") < order.index("cli")
