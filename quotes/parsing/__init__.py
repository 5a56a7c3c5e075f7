"""Stage 2, Segments → Parse: mask the quotations, parse the paragraphs near them, and locate each token."""

from __future__ import annotations

from quotes.parsing.masking import Masked, stretches
from quotes.parsing.model import DEFAULT_MODEL, NOT_READ, load, transient
from quotes.parsing.windows import Parse, Read, Window, locate, parse

__all__ = [
    "DEFAULT_MODEL",
    "NOT_READ",
    "Masked",
    "Parse",
    "Read",
    "Window",
    "load",
    "locate",
    "parse",
    "stretches",
    "transient",
]
