"""The optional packages: which extra brings which, and whether it is here."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

#: What has to be importable for each extra that a format can name.
PACKAGES: Final[dict[str, tuple[str, ...]]] = {
    "html": ("jinja2",),
    "office": ("docx", "defusedxml"),
    "pages": ("trafilatura", "lxml"),
    "parquet": ("pyarrow",),
    "pdf": ("pypdf",),
    "zstd": ("zstandard",),
}


def installed(extra: str | None) -> bool:
    """Whether all packages of an extra are installed; they are looked for, not imported. None needs none."""
    return extra is None or all(find_spec(name) is not None for name in PACKAGES[extra])


def how_to_install(extra: str) -> str:
    """What to tell a user who lacks an extra."""
    return f"Install it: pip install 'quotes[{extra}]'"


def zstandard_is_missing(where: str) -> str:
    """What to tell of a packed file, to be read or written, that the extra `zstd` is needed for."""
    return f"{where}: files packed with Zstandard need an extra. {how_to_install('zstd')}"
