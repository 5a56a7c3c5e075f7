"""Python's search for garbage in cycles, put off while a document is worked on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """No search for cycles within this block, in any thread; after it, the collector works as before.

    Extraction makes hundreds of thousands of small objects, and none of ours stand in a cycle: they go when
    nothing refers to them. By default, Python searches after every 700 new ones, and finds nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
