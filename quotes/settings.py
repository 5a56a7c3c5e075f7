"""What an extractor can be told. `Extractor`, the command line, the spaCy component and Ray all use it.

It is a file of its own because it imports nothing: a process that only starts others needs no extractor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import Final, Generic, TypeVar

_SPEAKERS: Final = "speakers.toml"
_TUNED: Final = "tuned"


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
    tuned: Path | None = None
    """A folder that `quotes tune` fitted to reviewed articles. `speakers` replace people of the same name."""


_Settings = TypeVar("_Settings", bound=Settings)


@dataclass(frozen=True)
class Carried(Generic[_Settings]):
    """Settings with the contents of the files that they name, for another machine or a later time."""

    settings: _Settings
    files: Mapping[str, bytes]
    """By path below a folder: "speakers.toml", "tuned/cues.toml"."""

    @classmethod
    def of(cls, settings: _Settings) -> Carried[_Settings]:
        """Read the files. Raises OSError."""
        files = {} if settings.speakers is None else {_SPEAKERS: settings.speakers.read_bytes()}
        if settings.tuned is not None:
            inside = (path for path in sorted(settings.tuned.iterdir()) if path.is_file())
            files |= {f"{_TUNED}/{path.name}": path.read_bytes() for path in inside}
        return cls(replace(settings, speakers=None, tuned=None), files)

    @classmethod
    def read(cls, settings: _Settings, folder: Path) -> Carried[_Settings]:
        """Read the files that `restored` wrote to a folder. Raises OSError."""
        speakers, tuned = folder / _SPEAKERS, folder / _TUNED
        # Pipelines that were saved by quotes 0.1.0 have an empty file for no speakers.
        known = speakers.is_file() and speakers.stat().st_size > 0
        return cls.of(
            replace(settings, speakers=speakers if known else None, tuned=tuned if tuned.is_dir() else None)
        )

    def restored(self, folder: Path) -> _Settings:
        """Write the files to a folder, and return settings that name them. Raises OSError.

        What is there of other settings is removed.
        """
        for old in (folder / _SPEAKERS, *(folder / _TUNED).glob("*")):
            old.unlink(missing_ok=True)
        for name, content in self.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        return replace(
            self.settings,
            speakers=folder / _SPEAKERS if _SPEAKERS in self.files else None,
            tuned=folder / _TUNED if any(name.startswith(f"{_TUNED}/") for name in self.files) else None,
        )
