"""The article as a page's JSON-LD describes it, after schema.org.

<script type="application/ld+json">{"@type": "NewsArticle", "headline": "…", "author": {"name": "…"}}</script>

Trafilatura reads JSON-LD as well, but takes any person and any article in it for the page's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from html import unescape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from quotes.files.apart import one_line
from quotes.formats.metadata_fields import key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = dict[str, Any]

# What leads to nodes that describe this page; others lead to what it mentions.
_INWARD = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 10_000
_MOST_AUTHORS: Final = 50
_ARTICLE = re.compile(r"(?:\w*article|(?:blog|liveblog|socialmedia)posting|report)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


class Described(NamedTuple):
    """What JSON-LD says of the page's article."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    publisher: str | None = None


def described(tree: HtmlElement, titles: Collection[str]) -> Described | None:
    """The page's article; None where there is no readable JSON-LD in the page.

    Of several articles it is the one that one of the page's own `titles` begins with or that begins with it;
    where none does, nothing is said.
    """
    nodes = _nodes(tree)
    if not nodes:
        return None
    articles = [node for node in nodes if any(_ARTICLE.fullmatch(kind) for kind in _kinds(node))]
    if len(articles) > 1:
        known = [key(title) for title in titles]
        articles = [node for node in articles if _fits(key(_text(node.get("headline")) or ""), known)]
    if not articles:
        return Described()
    article = articles[0]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    author = article.get("author") or article.get("creator")
    publisher = _names(article.get("publisher"), by_id)
    return Described(
        _text(article.get("headline")) or _text(article.get("name")),
        tuple(_names(author, by_id)),
        _text(article.get("datePublished")),
        publisher[0] if publisher else None,
    )


def _nodes(tree: HtmlElement) -> list[Node]:
    """The nodes that describe the page, in the page's order."""
    found: list[Node] = []
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            waiting: list[object] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and len(found) < _MOST_NODES:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += reversed(value)
            elif isinstance(value, dict):
                found.append(value)
                waiting += [value[name] for name in reversed(_INWARD) if name in value]
    return found


def _kinds(node: Node) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _fits(headline: str, titles: Collection[str]) -> bool:
    return any(
        headline and title and (title.startswith(headline) or headline.startswith(title)) for title in titles
    )


def _names(value: object, by_id: dict[str, Node]) -> list[str]:
    """The names of persons and organizations: given as text, as nodes, by reference, or several of these."""
    names: list[str | None] = []
    for one in value[:_MOST_AUTHORS] if isinstance(value, list) else [value]:
        if isinstance(one, dict) and "name" not in one and isinstance(one.get("@id"), str):
            one = by_id.get(one["@id"], one)
        if not isinstance(one, dict):
            names.append(_text(one))
        elif isinstance(one.get("name"), list):
            names += map(_text, one["name"][:_MOST_AUTHORS])
        else:
            parts = [_text(one.get(part)) for part in ("givenName", "familyName")]
            names.append(_text(one.get("name")) or (" ".join(map(str, parts)) if all(parts) else None))
    return [name for name in names if name]


def _text(value: object) -> str | None:
    """A string without the entities and tags of HTML, on one line."""
    return one_line(_TAG.sub("", unescape(value))) if isinstance(value, str) else None
