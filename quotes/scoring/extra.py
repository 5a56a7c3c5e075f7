"""The optional packages of scoring, and what a user is told who doesn't have them."""

from __future__ import annotations

from importlib import import_module

from quotes.errors import QuotesError


class ScoringError(QuotesError):
    """Predictions and gold can't be scored, or a score can't be used."""


def require(*names: str) -> None:
    """Raise ScoringError where one of these packages can't be imported."""
    for name in names:
        try:
            import_module(name)
        except ImportError:
            raise ScoringError(
                f"Scoring needs the package {name}, which isn't installed. Say: pip install 'quotes[score]'"
            ) from None
