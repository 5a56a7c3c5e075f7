"""A folder of part files that many processes fill at once, such as quotations.parquet/part-….parquet.

Each part appears whole or not at all. `quotes extract --engine ray` writes such folders, locally or at a URI.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic_core import from_json

from quotes.errors import OutputError
from quotes.files.inputs import reason
from quotes.files.uris import file_system
from quotes.files.whole_file import WholeFile
from quotes.formats.shards import PART, PARTS_DONE
from quotes.records import DocumentRecord

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

SUFFIXES: Final = (".parquet", ".jsonl")

# Unfinished parts of a killed run.
_ASIDE = re.compile(r"\.part-.*\.tmp")


@dataclass(frozen=True, slots=True)
class PartsFolder:
    """The folder at a path or a URI, whose suffix is the format of its parts. It can be pickled.

    All methods raise OutputError if the file system fails.
    """

    place: str

    @property
    def suffix(self) -> str:
        """The suffix of the folder and each part, in lower case; "" if it is not one of `SUFFIXES`."""
        suffix = Path(self.place.rstrip("/")).suffix.lower()
        return suffix if suffix in SUFFIXES else ""

    def prepare(self, *, resume: bool) -> list[str]:
        """Create the folder, or resume it. Returns the sorted names of its parts.

        Raises OutputError if the folder isn't empty and `resume` is false, or holds other files.
        """
        from pyarrow import fs

        with self._errors_reported():
            files, path = self._where()
            found = files.get_file_info(path)
            if found.type == fs.FileType.File:
                raise OutputError(f"{self.place}: this is a file. Name a folder, or a new name.")
            names = self._names(files, path) if found.type == fs.FileType.Directory else []
            others = [n for n in names if not (PART.fullmatch(n) or _ASIDE.fullmatch(n) or n == PARTS_DONE)]
            if others:
                raise OutputError(
                    f"{self.place}: {others[0]!r} is in this folder, but quotes didn't write it. "
                    "Name another folder."
                )
            if names and not resume:
                raise OutputError(
                    f"{self.place}: this folder isn't empty. "
                    "Use --resume to continue, or name another folder."
                )
            if found.type == fs.FileType.NotFound and files.type_name in ("local", "hdfs"):
                files.create_dir(path, recursive=files.type_name != "local")
            for name in names:
                if not PART.fullmatch(name):
                    files.delete_file(f"{path}/{name}")
        return [name for name in names if PART.fullmatch(name)]

    def write(self, lines: Sequence[bytes]) -> str:
        """Write one part of some records, each a line of JSON. Returns its name.

        The name is a hash of the content, so that a part that is written twice replaces itself.
        """
        content = b"".join(lines)
        name = f"part-{hashlib.blake2b(content, digest_size=12).hexdigest()}{self.suffix}"
        if self.suffix == ".parquet":
            content = _parquet(lines)
        files, path = self._where()
        if files.type_name == "local":
            with WholeFile(Path(path, name)) as file:
                file.write(content)
            return name
        with self._errors_reported():
            if files.type_name == "hdfs":
                self._write_and_rename(files, path, name, content)
            else:  # an object store shows an object only when it is closed
                with files.open_output_stream(f"{path}/{name}") as stream:
                    stream.write(content)
        return name

    def doc_ids(self, name: str) -> list[str] | None:
        """The ids of a part's documents; None if the part is damaged."""
        with self._errors_reported():
            files, path = self._where()
            with files.open_input_file(f"{path}/{name}") as file:
                try:
                    return _parquet_ids(file) if self.suffix == ".parquet" else _line_ids(file)
                except (ValueError, LookupError, TypeError):  # pyarrow's ArrowInvalid is a ValueError
                    return None

    def delete(self, name: str) -> None:
        """Remove a part."""
        with self._errors_reported():
            files, path = self._where()
            files.delete_file(f"{path}/{name}")

    def finish(self) -> None:
        """Mark the folder as complete."""
        with self._errors_reported():
            files, path = self._where()
            with files.open_output_stream(f"{path}/{PARTS_DONE}"):
                pass

    def _where(self) -> tuple[FileSystem, str]:
        files, path = file_system(self.place)
        return files, path.rstrip("/")

    def _names(self, files: FileSystem, path: str) -> list[str]:
        from pyarrow import fs

        return sorted(entry.base_name for entry in files.get_file_info(fs.FileSelector(path)))

    def _write_and_rename(self, files: FileSystem, path: str, name: str, content: bytes) -> None:
        aside = f"{path}/.{name}.{secrets.token_hex(6)}.tmp"
        with files.open_output_stream(aside) as stream:
            stream.write(content)
        with contextlib.suppress(FileNotFoundError):
            files.delete_file(f"{path}/{name}")
        files.move(aside, f"{path}/{name}")

    @contextlib.contextmanager
    def _errors_reported(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"{self.place}: can't be written ({reason(error)}). "
                "Check that it exists and that you may write to it."
            ) from error


def _parquet(lines: Iterable[bytes]) -> bytes:
    from quotes.formats.parquet import packed

    return packed(map(DocumentRecord.model_validate_json, lines))


def _parquet_ids(file: object) -> list[str]:
    from pyarrow import parquet

    ids: list[str] = parquet.ParquetFile(file).read(columns=["doc_id"]).column("doc_id").to_pylist()
    return ids


def _line_ids(file: object) -> list[str]:
    """The ids of the lines. Raises ValueError, LookupError or TypeError for a torn line."""
    ids = []
    for line in io.BufferedReader(file):  # type: ignore[type-var]
        if not line.endswith(b"\n"):
            raise ValueError("torn")
        ids.append(str(from_json(line)["doc_id"]))
    return ids
