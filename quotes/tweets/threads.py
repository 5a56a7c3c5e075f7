"""Tweets that make one statement → one document.

The ferry is sold, and I say 1/2 | why it should not be. 2/2      numbered, one behind the other
The ferry is sold, and.... | ....nobody asked us.                 dots at the end and at the next one's head

The text of a thread is its tweets in the order of time with a blank line between; its id, date and address
are the first tweet's. Files run from old to new or from new to old: a thread is found either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from quotes.records import Document
from quotes.tweets.signs import Number, begins_with_dots, ends_with_dots, is_retweet, number_at

#: Between the tweets of a thread, in its text.
BETWEEN = "\n\n"

_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_WITHIN = timedelta(days=1)
# Threads that are open at the same time, in a file of many accounts, and tweets in one of them.
_OPEN = 64
_LONGEST = 100
_LONGEST_TWEET = 25_000  # characters, of who pays for them


class _Marks(NamedTuple):
    """How a tweet tells that it is a part: its number, dots at its head and its end."""

    number: Number | None
    begins: bool
    ends: bool


def joined(documents: Iterable[Document]) -> Iterator[Document]:
    """The same documents, with the tweets of a thread made one; others go through as they are.

    A thread is held until its account's next tweet that isn't a part of it, so it may come behind other
    accounts' tweets that stand below it in the file.
    """
    open_: dict[str, list[tuple[Document, _Marks]]] = {}
    try:
        for document in documents:
            yield from _settled(open_, document)
    except Exception:
        # A torn file: what stands before it breaks was read, the tweets that are held included.
        yield from map(_one, open_.values())
        raise
    yield from map(_one, open_.values())


def _settled(open_: dict[str, list[tuple[Document, _Marks]]], document: Document) -> Iterator[Document]:
    """Take in the next document, and give what is known to be whole by now."""
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
    """The marks of a part, or None where a tweet stands alone."""
    text = document.text
    if is_retweet(text) or len(text) > _LONGEST_TWEET:
        return None
    number, begins, ends = number_at(text, 0, len(text)), begins_with_dots(text), ends_with_dots(text)
    return _Marks(number, begins, ends) if number or begins or ends else None


def _takes(thread: list[tuple[Document, _Marks]], document: Document, marks: _Marks) -> bool:
    """Put a tweet into a thread, behind its last or before its first, if it fits there."""
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
    """Whether the second tweet goes on with the first."""
    if marks.number is not None and others.number is not None:
        fits = others.number.part == marks.number.part + 1 and others.number.of == marks.number.of
    else:
        fits = marks.ends and others.begins
    return fits and _in_time(one, other)


def _in_time(one: Document, other: Document) -> bool:
    """Whether the second tweet may have come soon behind the first; ids grow with time, too."""
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
    return first.model_copy(update={"text": BETWEEN.join(document.text for document, _ in thread)})
