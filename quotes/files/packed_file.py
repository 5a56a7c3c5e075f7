"""Files that are packed while they are written, whole or not at all like any other."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from quotes.errors import OutputError, zstandard_is_missing
from quotes.files.whole_file import Done, WholeFile

# Pieces of so many bytes, before packing, are packed together.
_BLOCK = 1 << 20


class PackedFile(WholeFile):
    """A file of packed blocks, one behind the other; what unpacks it takes them for one.

    Each block holds some pieces whole, so that an interrupt costs none that was finished. `size` counts
    packed bytes, those of the last block only when it is full.
    """

    def __init__(self, path: Path, header: bytes, footer: bytes, pack: Callable[[bytes], bytes]) -> None:
        super().__init__(path, pack(header) if header else b"", pack(footer) if footer else b"")
        self._pack = pack
        # With the number of the first: one value, so that no interrupt can come between.
        self._waiting: tuple[int, list[bytes]] = (0, [])
        self._bytes = 0

    @property
    def pieces(self) -> int:
        """How many pieces are finished, those included that wait to be packed."""
        return self._done.pieces + len(self._unpacked())

    def write(self, piece: bytes) -> None:
        """Take one piece; a full block is packed and appended."""
        self._waiting[1].append(piece)
        self._bytes += len(piece)
        if self._bytes >= _BLOCK:
            try:
                self._put_block()
            except OSError as error:
                raise self._failed(error) from error

    def _unpacked(self) -> list[bytes]:
        first, pieces = self._waiting
        return pieces if first == self._done.pieces else []  # an interrupt came when they were just packed

    def _put_block(self) -> None:
        pieces = self._unpacked()
        block = self._pack(b"".join(pieces))
        self._file.seek(self._done.size)  # behind it is what an interrupt has cut in two
        self._file.write(block)
        self._done = Done(self._done.pieces + len(pieces), self._done.size + len(block))
        self._waiting = (self._done.pieces, [])
        self._bytes = 0

    def _publish(self) -> None:
        if self._unpacked():
            self._put_block()
        super()._publish()


def file_for(path: Path) -> Callable[[Path, bytes, bytes], WholeFile]:
    """What opens a file of this name: packed if its last suffix says so. Raises OutputError."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return lambda path, header, footer: PackedFile(path, header, footer, _gzip)
    if suffix == ".zst":
        try:
            import zstandard
        except ImportError:
            raise OutputError(zstandard_is_missing(str(path))) from None
        pack = zstandard.ZstdCompressor(write_checksum=True).compress
        return lambda path, header, footer: PackedFile(path, header, footer, pack)
    return WholeFile


def _gzip(data: bytes) -> bytes:
    # Without the time, so that the same records give the same bytes.
    return gzip.compress(data, compresslevel=6, mtime=0)
