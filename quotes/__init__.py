"""Who said what: find quotations and their speakers in news articles and tweets.

>>> from quotes import extract
>>> [q] = extract('"It rained all night," Mayor Ada Quill said.')
>>> q.speaker_name, q.cue.text
('Ada Quill', 'said')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotes.errors import DataError, ModelError, OutputError, QuotesError, ReadError
    from quotes.extractor import Extractor, extract
    from quotes.records import Document, DocumentRecord, Quotation, Span

__version__ = "0.1.0"

# Modules are imported on first use: `import quotes` and `quotes --help` must not wait for spaCy or pydantic.
_HOME = {
    **dict.fromkeys(("DataError", "ModelError", "OutputError", "QuotesError", "ReadError"), "quotes.errors"),
    **dict.fromkeys(("Document", "DocumentRecord", "Quotation", "Span"), "quotes.records"),
    **dict.fromkeys(("Extractor", "extract"), "quotes.extractor"),
}

__all__ = [
    "DataError",
    "Document",
    "DocumentRecord",
    "Extractor",
    "ModelError",
    "OutputError",
    "Quotation",
    "QuotesError",
    "ReadError",
    "Span",
    "__version__",
    "extract",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'quotes' has no attribute {name!r}")
