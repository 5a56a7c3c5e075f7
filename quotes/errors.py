"""The errors that this package raises on purpose, and what to say when an optional package is missing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final


class QuotesError(Exception):
    """The base class of the errors of this package.

    `str(error)` is a sentence or two for the user: what happened, where, and what to do.
    """


class ReadError(QuotesError):
    """An input can't be read."""


class ModelError(QuotesError):
    """The spaCy model is missing or can't be used."""


class DataError(QuotesError):
    """A word list, a pattern file or a registry of speakers is malformed."""


class OutputError(QuotesError):
    """A result can't be written."""


class ExtractionError(QuotesError):
    """An article can't be processed, or no worker process can be started."""


class LabelStudioError(QuotesError):
    """Label Studio can't be reached, or its data can't be used."""


class DatabaseError(QuotesError):
    """A quotation database can't be built, read or searched."""


class ScoringError(QuotesError):
    """Predictions and gold can't be scored, or a score can't be used."""


class ReviewError(QuotesError):
    """The page for reviewing can't be opened."""


#: The packages that each extra installs, by the name under which they are imported.
PACKAGES: Final[dict[str, tuple[str, ...]]] = {
    "html": ("jinja2",),
    "office": ("docx", "defusedxml"),
    "pages": ("trafilatura", "lxml"),
    "parquet": ("pyarrow",),
    "pdf": ("pypdf",),
    "review": ("starlette", "uvicorn", "jinja2"),
    "zstd": ("zstandard",),
}


def installed(extra: str | None) -> bool:
    """Whether all packages of an extra are installed; None needs none. Nothing is imported."""
    return extra is None or all(find_spec(name) is not None for name in PACKAGES[extra])


def how_to_install(extra: str) -> str:
    """The sentence that ends every message about a missing extra."""
    return f"Install it: pip install 'quotes[{extra}]'"


def zstandard_is_missing(where: str) -> str:
    """The message for a `.zst` file, to be read or written, without the extra `zstd`."""
    return f"{where}: files packed with Zstandard need an extra. {how_to_install('zstd')}"
