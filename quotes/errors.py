"""What a user can be told: what went wrong, where, and what to do about it."""

from __future__ import annotations


class QuotesError(Exception):
    """The base of every error that this package raises on purpose.

    `str(error)` is one sentence or two for a person: what happened, where, and what to do.
    """


class ReadError(QuotesError):
    """An input could not be read as text."""


class ModelError(QuotesError):
    """The spaCy model is missing or can't be used."""


class DataError(QuotesError):
    """A word list, a pattern file or a registry of speakers is malformed."""


class OutputError(QuotesError):
    """A result could not be written."""


class ExtractionError(QuotesError):
    """An article could not be worked on, or no process to work on articles could be started."""


class LabelStudioError(QuotesError):
    """Label Studio, or something on the way to it or back, can't be used as it is."""


class DatabaseError(QuotesError):
    """A quotation database can't be built, read or searched."""


class ScoringError(QuotesError):
    """Predictions and gold can't be scored, or a score can't be used."""
