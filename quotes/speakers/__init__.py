"""Stage 4, Claims → Entities: mentions → people. Names, roles and pronouns each have a file of their own."""

from __future__ import annotations

from quotes.speakers.entities import Entities, Resolution
from quotes.speakers.speaking import resolve
from quotes.speakers.turns import take_turns

__all__ = ["Entities", "Resolution", "resolve", "take_turns"]
