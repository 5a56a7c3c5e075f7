"""Parquet: a row a document, its quotations nested in it; written in row groups, so that any number goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quotes.files.whole_file import WholeFile
from quotes.formats.writers import WriteOptions, Writer, need_extra, undisturbed
from quotes.records import DocumentRecord

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetWriter

# A row group is written when so many documents or code points wait: enough to compress well, little enough
# to hold in memory.
_ROWS: Final = 5_000
_CODE_POINTS: Final = 16_000_000
# What a record takes besides its texts, roughly.
_OVERHEAD: Final = 200


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer, which needs the extra `parquet`. Raises OutputError where that is missing."""
    del options
    need_extra(path, "parquet")
    with WholeFile(path) as file:
        writer = _Rows(file)
        try:
            yield writer
        except KeyboardInterrupt:
            if writer.written:
                writer.finish()
            raise
        writer.finish()


class _Rows:
    def __init__(self, file: WholeFile) -> None:
        self._file = file
        self._writer: ParquetWriter | None = None
        self._waiting: list[dict[str, Any]] = []
        self._waiting_size = 0
        self._flushed = 0

    @property
    def written(self) -> int:
        return self._flushed + len(self._waiting)

    @property
    def size(self) -> int:
        return self._file.size + self._waiting_size

    def write(self, record: DocumentRecord) -> None:
        from quotes.formats.parquet.schema import to_row

        self._waiting.append(to_row(record))
        self._waiting_size += len(record.text or "") + _OVERHEAD
        self._waiting_size += sum(len(quotation.text) + _OVERHEAD for quotation in record.quotations)
        if len(self._waiting) >= _ROWS or self._waiting_size >= _CODE_POINTS:
            with undisturbed():  # nothing can mend a row group that is half written
                self._flush()

    def finish(self) -> None:
        """Write what waits and the footer, without which no reader can open the file."""
        with undisturbed():
            self._flush()
            if self._writer is not None:
                self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        from quotes.formats.parquet.schema import SCHEMA

        if self._writer is None:  # an interrupted run must not publish a file of no rows
            self._writer = ParquetWriter(_Bytes(self._file), SCHEMA, compression="zstd")
        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=SCHEMA))
            self._flushed, self._waiting, self._waiting_size = self.written, [], 0


class _Bytes:
    """As much of a binary file as pyarrow asks for."""

    closed = False
    mode = "wb"

    def __init__(self, file: WholeFile) -> None:
        self._file = file

    def write(self, content: bytes) -> int:
        self._file.write(bytes(content))
        return len(content)

    def tell(self) -> int:
        return self._file.size

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False
