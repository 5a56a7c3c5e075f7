"""How many examples a property is tried on."""

from __future__ import annotations

from hypothesis import settings


def examples(number: int) -> int:
    """So many where `make test` runs, and ten times as many where `make fuzz` does."""
    return number * settings.default.max_examples // 100
