"""Templates of pages, made so that nothing that comes from files can be markup; needs jinja2, an extra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.files.visible import visible_in_place

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(folder: Path) -> Environment:
    """The templates of a folder: every value is escaped, and one that is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: Any) -> Any:
    """Take out of every text what no page should hold: control characters, marks that turn the reading round.

    The page's own markup is of another type, and stays as it is.
    """
    return visible_in_place(value) if type(value) is str else value
