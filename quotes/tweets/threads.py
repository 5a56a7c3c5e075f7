"""The tweets of a thread → one document.

The ferry is sold, and I say 1/2 | why it should not be. 2/2      numbers, one after the other
The ferry is sold, and.... | ....nobody asked us.                 dots at the end and at the next one's head

The text of a thread is its tweets in order of time, with a blank line between them; its id, date and URL are
the first tweet's. Files run from old to new or from new to old: a thread is found either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from quotes.records import Document
from quotes.tweets.signs import Number, begins_with_dots, ends_with_dots, is_retweet, number_at

# Between the tweets of a thread, in its text.
_BETWEEN = "\n\n"

_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_WITHIN = timedelta(days=1)
# The most threads that are open at the same time, in a file of many accounts, and the most tweets of one.
_OPEN = 64
_LONGEST = 100
_LONGEST_TWEET = 25_000  # characters; only paying accounts may write so much


class _Marks(NamedTuple):
    """The marks of a part of a thread: its number, dots at its head, dots at its end."""

    number: Number | None
    begins: bool
    ends: bool


def joined(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents, with the tweets of each thread joined. Other documents are not changed.

    A thread is held back until its account's next tweet that isn't part of it. So it may come after tweets of
    other accounts that follow it in the file.
    """
    open_: dict[str, list[tuple[Document, _Marks]]] = {}
    try:
        for document in documents:
            yield from _settled(open_, document)
    except Exception:
        # A damaged file: yield what was read before the damage, including threads that are held back.
        yield from map(_one, open_.values())
        raise
    yield from map(_one, open_.values())


def _settled(open_: dict[str, list[tuple[Document, _Marks]]], document: Document) -> Iterator[Document]:
    """Add a document, and yield what is complete now."""
    if document.posted_by is None:
        yield document
        return
    account, marks = document.posted_by, _marks(document)
    thread = open_.get(account)
    if thread and marks and _takes(thread, document, marks):
        return
    if thread:
        yield _one(open_.pop(account))
    if marks is None:
        yield document
        return
    if len(open_) == _OPEN:
        yield _one(open_.pop(next(iter(open_))))
    open_[account] = [(document, marks)]


def _marks(document: Document) -> _Marks | None:
    """The marks of a part, or None if the tweet is not part of a thread."""
    text = document.text
    if is_retweet(text) or len(text) > _LONGEST_TWEET:
        return None
    number, begins, ends = number_at(text, 0, len(text)), begins_with_dots(text), ends_with_dots(text)
    return _Marks(number, begins, ends) if number or begins or ends else None


def _takes(thread: list[tuple[Document, _Marks]], document: Document, marks: _Marks) -> bool:
    """Add a tweet to a thread, after its last tweet or before its first, if it fits there."""
    if len(thread) == _LONGEST:
        return False
    if _follows(*thread[-1], document, marks):
        thread.append((document, marks))
        return True
    if _follows(document, marks, *thread[0]):
        thread.insert(0, (document, marks))
        return True
    return False


def _follows(one: Document, marks: _Marks, other: Document, others: _Marks) -> bool:
    """Whether the second tweet continues the first."""
    if marks.number is not None and others.number is not None:
        fits = others.number.part == marks.number.part + 1 and others.number.of == marks.number.of
    else:
        fits = marks.ends and others.begins
    return fits and _in_time(one, other)


def _in_time(one: Document, other: Document) -> bool:
    """Whether the second tweet may have been posted soon after the first; ids grow with time, too."""
    ids = one.doc_id, other.doc_id
    if all(_SNOWFLAKE.fullmatch(number) for number in ids) and int(ids[0]) >= int(ids[1]):
        return False
    if one.metadata.date is None or other.metadata.date is None:
        return True
    first, second = (datetime.fromisoformat(date) for date in (one.metadata.date, other.metadata.date))
    if (first.tzinfo is None) != (second.tzinfo is None):
        return True
    return timedelta(0) <= second - first <= _WITHIN


def _one(thread: list[tuple[Document, _Marks]]) -> Document:
    first = thread[0][0]
    if len(thread) == 1:
        return first
    return first.model_copy(update={"text": _BETWEEN.join(document.text for document, _ in thread)})
