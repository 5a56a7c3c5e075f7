"""Stage 5, Claims and Entities → the record of one document."""

from __future__ import annotations

from quotes.attribution import Claims
from quotes.indirect.merging import Reported
from quotes.record.posts import post_quotations
from quotes.record.quotations import quotations, reported_quotations
from quotes.record.turns import outside_turns, with_turns
from quotes.records import Document, DocumentRecord
from quotes.speakers import Entities
from quotes.text.flags import flag
from quotes.tweets.posts import Post

__all__ = ["record"]


def record(
    document: Document,
    claims: Claims,
    entities: Entities,
    post: Post | None = None,
    *,
    reported: Reported | None = None,
    include_unattributed: bool = False,
    with_text: bool = False,
) -> DocumentRecord:
    """The record of a document, its quotations in text order; copies and boilerplate are flagged.

    `reported` is what the document attributes without marks, if that was asked for, or around them.
    `post` is what the layout of a post tells, if the document is one: then each word has one author.
    """
    sha = document.text_sha256
    if post is None:
        found = list(
            quotations(claims, entities, sha, reported=reported, include_unattributed=include_unattributed)
        )
        found = with_turns(found, claims.segments, entities, sha)
    else:
        found = post_quotations(post, claims, entities, sha)
    if reported is not None:
        # A report of exactly the words of a quotation adds nothing, and would have its id.
        words = {one.parts for one in found}
        more = outside_turns(reported_quotations(claims, entities, sha, reported), claims.segments)
        found += (one for one in more if one.parts not in words)
        found.sort(key=lambda one: (one.reported[0][0], -one.reported[-1][1]))
    return DocumentRecord(
        doc_id=document.doc_id,
        text_sha256=sha,
        quotations=tuple(flag(document.text, claims.segments.paragraphs, found)),
        metadata=document.metadata,
        text=document.text if with_text else None,
    )
