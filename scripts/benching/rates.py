"""A child of `scale_model.py`: what articles cost one process, as JSON on standard output.

    python -m scripts.benching.rates FOLDER COUNT

Seconds are CPU seconds, so that other work on the machine doesn't count.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from quotes.records import Document, DocumentRecord

_MACOS_KILO = 1024 if sys.platform == "darwin" else 1  # where peak memory is given in bytes, not KiB


def main() -> None:
    """Extract from the first COUNT articles, over again where there are fewer, and print what it took."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    from quotes.extractor import Extractor
    from quotes.writing import jsonl

    extractor = Extractor()
    extractor.extract("“It rained,” Ada Quill said.")
    started = time.process_time()
    documents = list(islice(_articles(folder), count))
    records = list(extractor.pipe(documents))
    lines = [jsonl.encode(record) for record in records]
    done = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MACOS_KILO / 1024
    print(
        json.dumps(
            {
                "articles": len(documents),
                "words": sum(len(document.text.split()) for document in documents),
                "input": sum(len(document.text.encode()) for document in documents),
                "jsonl": sum(map(len, lines)),
                "parquet": _parquet_size(records),
                "startup": started,
                "seconds": done - started,
                "memory": memory,  # before pyarrow comes in
            }
        )
    )


def _articles(folder: Path) -> Iterator[Document]:
    """The folder's articles without end, each with an id of its own."""
    for number, path in enumerate(cycle(sorted(folder.glob("*.txt")))):
        yield Document(doc_id=f"{number}-{path.stem}", text=path.read_text(encoding="utf-8"))


def _parquet_size(records: list[DocumentRecord]) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    from quotes.reading.parquet_schema import SCHEMA, to_row

    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(map(to_row, records)), SCHEMA), file, compression="zstd")
    return len(file.getvalue())


if __name__ == "__main__":
    main()
