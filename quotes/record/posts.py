"""A post → its quotations: its author's words, and the words of those whom it quotes or retweets.

@portellery: Mayor Ada Quill said: “The ferry is sold.” We are sorry.
    → Ada Quill “The ferry is sold.”   → Port Ellery Council: We are sorry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes.attribution import Claims
from quotes.record.quotations import quotation, quotations
from quotes.records import Quotation, Span
from quotes.speakers import Entities, Resolution
from quotes.tweets.posts import CREDIT, MANUAL, RETWEET, Post, own_parts, parts_of
from quotes.tweets.signs import Range, merged, overlaps

AUTHOR = "tweet-author"

#: The rules of posts, in the order in which they take their words; the rest is the author's.
POST_RULES = (RETWEET, MANUAL, CREDIT, AUTHOR)

# Set by hand, not fitted: no corpus of tweets has these annotated. The file itself says who posted. What can
# be wrong: a quotation without marks (AUTHOR), words that the retweeter changed or added (RETWEET), a comment
# within the marks (MANUAL), and a name after a dash that is not a speaker's (CREDIT).
_CONFIDENCE = {AUTHOR: 0.98, RETWEET: 0.97, MANUAL: 0.93, CREDIT: 0.9}

# Clauses that present a whole statement. Fragments within the author's own clause stay in it.
_PRESENTED = frozenset(["speaker-label", "credit-line", "phrase", "after-quotation", "before-quotation"])
_LEAST = 0.5
_FIRST_PERSON = frozenset(["i", "we", "me", "us", "my", "our", "myself"])
# A longer clause, in words, says something itself and remains the author's.
_LONGEST_CLAUSE = 8
# So short a clause doesn't reach further, in code points.
_GLANCE = 500
# Not `text.sentences.SENTENCE_END`: posts end sentences with dots, and begin them in lower case.
_SENTENCE_END = re.compile(r"[.?!…]+[”\"’')]*(?=\s|\Z)|\n|\Z")
_SENTENCE_START = re.compile(r".*(?:[.?!…][”\"’')]*\s|\n)|", re.DOTALL)
_WORD = re.compile(r"\w+")


def post_quotations(post: Post, claims: Claims, entities: Entities, text_sha256: str) -> list[Quotation]:
    """The quotations of a post in text order: of people whom it quotes, and of its author."""
    text = claims.segments.text
    found = quotations(claims, entities, text_sha256)
    taken = merged(one.whole for one in post.others)
    presented = [one for one in found if _is_presented(one) and not _within(taken, one)]
    away = [one.whole for one in post.others]
    away += [stretch for one in presented for stretch in _with_clause(text, one)]
    result = [*presented]
    for one, who in zip(post.others, entities.others, strict=True):
        if parts := (one.words,) if one.rule == CREDIT else parts_of(text, *one.words):
            result.append(_tweet(text, text_sha256, parts, one.rule, who, Span.of(text, *one.mention)))
    own = own_parts(text, away, post.account)
    if own and entities.owner is not None:
        result.append(_tweet(text, text_sha256, own, AUTHOR, entities.owner))
    return sorted(result, key=lambda one: one.parts)


def _tweet(
    text: str, sha: str, parts: tuple[Range, ...], rule: str, who: Resolution, mention: Span | None = None
) -> Quotation:
    return quotation(
        text,
        sha,
        parts,
        kind="direct",
        channel="tweet",
        speaker=mention,
        who=who,
        rule=rule,
        confidence=_CONFIDENCE[rule],
    )


def _is_presented(one: Quotation) -> bool:
    """Whether a quotation is somebody else's whole statement and not a fragment in the author's clause."""
    if one.kind != "direct" or one.speaker is None or one.rule not in _PRESENTED:
        return False
    return one.confidence >= _LEAST and one.speaker.text.lower() not in _FIRST_PERSON


def _within(taken: list[Range], one: Quotation) -> bool:
    spans = [*one.parts, *((span.start, span.end) for span in (one.speaker, one.cue) if span)]
    return any(overlaps(taken, start, end) for start, end in spans)


def _with_clause(text: str, one: Quotation) -> Iterator[Range]:
    """The parts of a quotation, and the short clause that presents it, which is not a statement itself."""
    yield from one.parts
    spans = [span for span in (one.speaker, one.cue) if span is not None]
    first, last = one.parts[0][0], one.parts[-1][1]
    before = [span.start for span in spans if span.end <= first]
    after = [span.end for span in spans if span.start >= last]
    between = [(a[1], b[0]) for a, b in zip(one.parts, one.parts[1:], strict=False)]
    if before:
        start = min(before)
        lead = _SENTENCE_START.match(text, max(0, start - _GLANCE), start)
        between.append((lead.end() if lead else start, first))
    if after:
        end = _SENTENCE_END.search(text, max(after), max(after) + _GLANCE)
        between.append((last, end.end() if end else max(after)))
    yield from (gap for gap in between if len(_WORD.findall(text, *gap)) <= _LONGEST_CLAUSE)
