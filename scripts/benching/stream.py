"""A child of the benchmark: streams a folder's articles, over and over, through one extractor.

    python -m scripts.benching.stream FOLDER COUNT

Prints "ready" when the model is loaded and "done" at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from quotes.extractor import Extractor
from quotes.records import Document
from quotes.writing import jsonl


def articles(folder: Path) -> Iterator[Document]:
    """The folder's articles without end; each is read anew, as a real stream would be."""
    for number, path in enumerate(cycle(sorted(folder.glob("*.txt")))):
        yield Document(doc_id=f"{number}-{path.stem}", text=path.read_text(encoding="utf-8"))


def main() -> None:
    """Stream, and throw the encoded records away."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    extractor = Extractor()
    print("ready", flush=True)
    for record in extractor.pipe(islice(articles(folder), count)):
        jsonl.encode(record)
    print("done", flush=True)


if __name__ == "__main__":
    main()
