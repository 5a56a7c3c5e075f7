"""Mentions → people: names, roles and pronouns, each by its own file."""

from __future__ import annotations

from quotes.speakers.resolver import Resolution, Resolver

__all__ = ["Resolution", "Resolver"]
