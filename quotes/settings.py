"""What an extractor can be told. `Extractor`, the command line, the spaCy component and Ray all use it.

It is a file of its own because it imports nothing: a process that only starts others needs no extractor.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How to extract. The values are plain, so settings can be pickled and compared."""

    model: str | None = None
    """The name of an installed English spaCy pipeline; None means `en_core_web_sm`."""
    speakers: Path | None = None
    """A TOML file of known people, in addition to those that the package ships."""
    _: KW_ONLY
    include_unattributed: bool = False
    """Whether quoted text without a speaker gets a record of kind `unattributed`."""
    with_text: bool = False
    """Whether a record holds the text of its document."""
    exhaustive: bool = False
    """Whether every paragraph is parsed, and not only those near quotations."""
    indirect: bool = False
    """Whether what is reported in the writer's words gets a record, too, and quotations get their `content`,
    `source` and `attribution_type`."""
    any_language: bool = False
    """Whether documents that aren't in English are extracted, too, as if they were. Otherwise their records
    have no quotations. In both cases, `metadata.language` of their records tells the language."""
