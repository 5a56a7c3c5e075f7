"""A child of `scale_model.py`: what articles cost one process, as JSON on standard output.

    python -m scripts.benching.rates FOLDER COUNT

Seconds are CPU seconds, so that other work on the machine doesn't count.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from itertools import islice
from pathlib import Path

from quotes.records import DocumentRecord
from scripts.benching.speed import articles

_MACOS_KILO = 1024 if sys.platform == "darwin" else 1  # where peak memory is given in bytes, not KiB


def main() -> None:
    """Extract from the first COUNT articles, over again where there are fewer, and print what it took."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    from quotes.extractor import Extractor
    from quotes.formats.jsonl import records as jsonl

    extractor = Extractor()
    extractor.extract("“It rained,” Ada Quill said.")
    started = time.process_time()
    documents = list(islice(articles(folder), count))
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


def _parquet_size(records: list[DocumentRecord]) -> int:
    from quotes.formats.parquet import packed

    return len(packed(records))


if __name__ == "__main__":
    main()
