"""Folders that appear whole or not at all, such as quotations.brat/ with its SHA256SUMS."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from quotes.errors import OutputError
from quotes.files.whole_file import aside, cannot_write, no_folder

#: Lists a folder's files with their SHA-256, as `sha256sum -c` reads it. It tells our folders from others.
CHECKSUMS = "SHA256SUMS"

# Names that every file system accepts, and that can't leave the folder or be hidden in it.
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.~-]{0,199}")


class WholeFolder:
    """Writes files to a temporary folder, and renames it when the block ends.

    - After a normal end, the folder is published. It replaces an empty folder, or an unchanged one of ours.
    - After KeyboardInterrupt, the finished files are published, if there are any.
    - After any other exception, nothing is published.

    A folder that holds other or changed files is never touched: entering raises OutputError. So does a
    missing parent folder, and a disk that fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path)) if path.is_symlink() else path
        # A path such as "." has no name; the absolute path does.
        self.path = self.path if self.path.name else self.path.absolute()
        self._aside = aside(self.path)
        self._sums: dict[str, str] = {}
        self.size = 0
        """The size of all files in bytes."""

    def __contains__(self, name: str) -> bool:
        """Whether a file of this name is finished."""
        return name in self._sums

    def __len__(self) -> int:
        """The number of finished files."""
        return len(self._sums)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write one piece: some new files, of which the folder will hold all or none.

        Raises ValueError for a name that is not a plain file name, OutputError if they can't be written.
        """
        for name, content in files.items():
            if not _PLAIN.fullmatch(name) or name == CHECKSUMS:
                raise ValueError(f"{name!r} is not a plain file name")
            try:
                with (self._aside / name).open("xb") as file:
                    file.write(content)
            except OSError as error:
                raise self._failed(error) from error
        self._sums.update((name, hashlib.sha256(content).hexdigest()) for name, content in files.items())
        self.size += sum(map(len, files.values()))

    def __enter__(self) -> Self:
        try:
            if not self.path.parent.is_dir():
                raise OutputError(no_folder(self.path))
            _check_replaceable(self.path)
            self._aside.mkdir()
        except OSError as error:
            raise self._failed(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None or (isinstance(error, KeyboardInterrupt) and self._sums):
                self._publish()
        except OSError as problem:
            raise self._failed(problem) from problem
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)

    def _publish(self) -> None:
        for entry in os.scandir(self._aside):
            if entry.name not in self._sums:  # an interrupt may have cut a piece in two
                Path(entry.path).unlink()
        lines = (f"{digest}  {name}\n" for name, digest in self._sums.items())
        (self._aside / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
        _check_replaceable(self.path)  # again: it may have changed in the meantime
        old = None
        if self.path.exists():
            old = self._aside.with_suffix(".old")
            self.path.rename(old)
        try:
            self._aside.rename(self.path)
        except OSError:
            if old is not None:
                old.rename(self.path)
            raise
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(cannot_write(self.path, error))


def _check_replaceable(path: Path) -> None:
    """Raise OutputError unless nothing is at the path, an empty folder, or an unchanged one of ours."""
    if not os.path.lexists(path):
        return
    if not path.is_dir():
        raise OutputError(f"{path}: this is a file, but this format is a folder. Name another.")
    names = {entry.name for entry in os.scandir(path)}
    if not names:
        return
    sums = _sums(path / CHECKSUMS)
    if names - {CHECKSUMS} != sums.keys():
        raise OutputError(
            f"{path}: this folder holds other files and was not changed. "
            "Name another folder, or one that doesn't exist."
        )
    for name, digest in sums.items():
        file = path / name
        if file.is_symlink() or not file.is_file() or _digest(file) != digest:
            raise OutputError(
                f"{path}: {name} has changed since this folder was written, so the folder was not replaced. "
                "Name another folder, or delete this one."
            )


def _sums(path: Path) -> dict[str, str]:
    """Each file's name with its digest; empty if the list is missing or is not text."""
    with contextlib.suppress(FileNotFoundError, UnicodeDecodeError):
        lines = path.read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return {}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
