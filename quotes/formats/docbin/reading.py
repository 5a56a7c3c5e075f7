"""spaCy's DocBin back into records: what `writing/docbin.py` wrote."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quotes.errors import ReadError
from quotes.files.inputs import cannot_read, first_line
from quotes.files.limits import max_size, too_large
from quotes.files.opening import read_whole
from quotes.formats.record_checks import WRITE_AGAIN, Checks
from quotes.records import DocumentRecord

#: Bytes that a file may have, and may unpack to, if nobody sets a limit. It is held whole, with all its Docs.
LARGEST: Final = 1_000_000_000
_CHUNK: Final = 1 << 14  # bytes that unpack to 16 MB at most

#: Where a Doc's `user_data` has the record, as a line of JSON without the text.
KEY: Final = "quotes_record"


def read_docbin_records(path: Path) -> Iterator[DocumentRecord]:
    """The records of a DocBin, each with its text. Raises ReadError where it is none, or holds other Docs."""
    import spacy
    from pydantic import ValidationError
    from spacy.tokens import DocBin

    try:
        packed = read_whole(path, LARGEST)
        _check_size(packed, str(path))
        docs = DocBin().from_bytes(packed)
    except ReadError:
        raise
    except OSError as error:
        raise ReadError(cannot_read(str(path), error)) from error
    except Exception as error:  # zlib's, msgpack's, numpy's: whatever bytes may do
        raise ReadError(f"{path}: this is no DocBin ({first_line(error)}). {WRITE_AGAIN}") from error
    checks = Checks(str(path))
    for number, doc in enumerate(docs.get_docs(spacy.blank("en").vocab), 1):
        try:
            record = DocumentRecord.model_validate_json(doc.user_data[KEY])
        except (KeyError, ValidationError):
            raise ReadError(f"{path}, Doc {number}: no record is in it. {WRITE_AGAIN}") from None
        yield checks.take(record.model_copy(update={"text": doc.text}), f"Doc {number}")


def _check_size(packed: bytes, where: str) -> None:
    """Raises ReadError where it unpacks to more than the limit, and zlib.error where it isn't packed."""
    limit = left = max_size(LARGEST)
    unpacking = zlib.decompressobj()
    for start in range(0, len(packed), _CHUNK):
        left -= len(unpacking.decompress(packed[start : start + _CHUNK]))
        if left < 0:
            raise too_large(where, limit)
