"""Tweets of every JSON form as documents: the text, the account, the date.

    {"id": …, "full_text": …, "user": {"screen_name": …}}          the API, version 1.1
    {"id": …, "text": …, "author_id": …, "author": {…}}            version 2, flattened
    {"data": [{…}, …], "includes": {"users": […]}}                 version 2, a page as the API returns it
    {"tweet": {"id": …, "full_text": …}}                           an account's own archive
    {"id": …, "text": …, "isRetweet": "f", "device": …, …}         the Trump Twitter Archive

A retweet has the original's words: its document has its own id, and the original's text and account if the
file holds them. A quoted tweet is a document of its own, after the one that quotes it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quotes.errors import ReadError
from quotes.files.inputs import Input, OnError
from quotes.records import Document, Metadata
from quotes.tweets.signs import is_retweet

Fields = Mapping[str, Any]

_ARCHIVE = ("isRetweet", "isDeleted", "device")
# A tweet that quotes a tweet that quotes … is followed to this depth.
_DEEPEST_QUOTED = 4
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HANDLE = re.compile(r"@?(\w{1,50})", re.ASCII)
# Wed Oct 10 20:19:24 +0000 2018. strptime would expect the names of months in the locale's language.
_CLASSIC = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", re.ASCII)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Account:
    """Who posts: "@portellery", and the display name where it is known."""

    handle: str
    name: str | None = None


def account_of(source: Input) -> Account | None:
    """The account that the user names for a file."""
    return Account(source.author) if source.author else None


# The account of tweets that name none and have the columns of the Trump Twitter Archive.
_ARCHIVED = Account("@realDonaldTrump", "Donald J. Trump")


@dataclass(frozen=True, slots=True)
class _Known:
    """The users and tweets that a page of version 2 includes, by id."""

    users: Mapping[str, Account] = field(default_factory=dict)
    tweets: Mapping[str, Fields] = field(default_factory=dict)


def is_tweet(item: object) -> bool:
    """Whether a JSON value is a tweet, or a page of them, and not an article."""
    if not isinstance(item, dict):
        return False
    if "text" not in item and "full_text" not in item:
        inner = item.get("tweet", item.get("data"))
        if isinstance(inner, list):
            return "tweet" not in item and ("meta" in item or (bool(inner) and is_tweet(inner[0])))
        return isinstance(inner, dict) and ("full_text" in inner or "text" in inner)
    named = any(isinstance(item.get(key), dict) and _account(item[key]) for key in ("user", "author"))
    author = item.get("author_id")
    # An article may have an author's number, too. A tweet's is a string, and a tweet has no title.
    second = isinstance(author, str) and author.isdecimal() and "title" not in item
    return named or second or "full_text" in item or "edit_history_tweet_ids" in item or _is_archived(item)


def _is_archived(item: Fields) -> bool:
    """Whether a tweet has the columns of the Trump Twitter Archive."""
    return all(column in item for column in _ARCHIVE)


def documents(item: Fields, where: str, report: OnError, owner: Account | None = None) -> Iterator[Document]:
    """The documents of a tweet or of a page of tweets. `owner` is the account of tweets that name none.

    A tweet that can't be used is passed to `report`, with `where` it stands in the file.
    """
    if "text" in item or "full_text" in item or "data" not in item:
        inner = item.get("tweet")
        tweets = [(inner if isinstance(inner, dict) and text_of(item) is None else item, where)]
        known = _Known()
    else:
        page = item["data"] if isinstance(item["data"], list) else [item["data"]]
        tweets = [(one, f"{where}, tweet {number}") for number, one in enumerate(page, 1)]
        known = _known(item.get("includes"))
    for tweet, place in tweets:
        try:
            yield from _documents(tweet, place, owner, known)
        except ReadError as error:
            report(error)


def _documents(tweet: object, where: str, owner: Account | None, known: _Known) -> Iterator[Document]:
    if not isinstance(tweet, dict):
        raise ReadError(f"{where}: this is not a tweet. It is left out.")
    doc_id, text = tweet_id(tweet), text_of(tweet)
    if doc_id is None:
        raise ReadError(f'{where}: this tweet has no "id". It is left out.')
    if text is None:
        raise ReadError(f'{where}: the tweet {doc_id!r} has no "text". It is left out.')
    original = _referred(tweet, "retweeted", known)
    account = _owner(original, known) if original is not None else None
    whole = text_of(original) if original is not None else None
    if original is not None and account is not None and whole is not None:
        yield _document(doc_id, whole, account, original)
        yield from _quoted(original, known)
        return
    account = _owner(tweet, known) or owner or (_ARCHIVED if _is_archived(tweet) else None)
    if account is None:
        raise ReadError(
            f"{where}: the tweet {doc_id!r} doesn't name its account. Name it with --author @HANDLE."
        )
    if is_true(tweet.get("isRetweet")) and not is_retweet(text):
        raise ReadError(f"{where}: the retweet {doc_id!r} doesn't name its original. It is left out.")
    yield _document(doc_id, text, account, tweet)
    yield from _quoted(tweet, known)


def _quoted(tweet: Fields, known: _Known) -> Iterator[Document]:
    """The tweet that a tweet quotes, the one that this quotes, and so on, if they name their accounts."""
    for _ in range(_DEEPEST_QUOTED):
        quoted = _referred(tweet, "quoted", known)
        if quoted is None:
            return
        doc_id, text, account = tweet_id(quoted), text_of(quoted), _owner(quoted, known)
        if doc_id is not None and text is not None and account is not None:
            yield _document(doc_id, text, account, quoted)
        tweet = quoted


def _document(doc_id: str, text: str, account: Account, tweet: Fields) -> Document:
    number = tweet_id(tweet) or ""
    url = f"https://twitter.com/{account.handle[1:]}/status/{number}" if number.isdecimal() else None
    posted = date(tweet.get("created_at", tweet.get("date")))
    metadata = Metadata(author=account.name or account.handle, date=posted, outlet="Twitter", url=url)
    return Document(doc_id=doc_id, text=text, metadata=metadata, posted_by=account.handle)


def _referred(tweet: Fields, how: str, known: _Known) -> Fields | None:
    """The tweet that this one retweets or quotes, if the file holds it."""
    nested = tweet.get(f"{how}_status")
    if isinstance(nested, dict):
        return nested
    references = tweet.get("referenced_tweets")
    for reference in references if isinstance(references, list) else ():
        if isinstance(reference, dict) and reference.get("type") == how:
            number = tweet_id(reference)
            return reference if text_of(reference) is not None else known.tweets.get(number or "")
    return None


def _owner(tweet: Fields, known: _Known) -> Account | None:
    """The account that the tweet names."""
    for key in ("user", "author"):
        if isinstance(tweet.get(key), dict) and (account := _account(tweet[key])):
            return account
    return known.users.get(str(tweet.get("author_id")))


def _account(user: Mapping[str, Any]) -> Account | None:
    found = handle(user.get("screen_name")) or handle(user.get("username"))
    return Account(found, name(user.get("name"))) if found else None


def _known(includes: object) -> _Known:
    if not isinstance(includes, dict):
        return _Known()
    lists = {key: value if isinstance(value, list) else [] for key, value in includes.items()}
    users = [user for user in lists.get("users", []) if isinstance(user, dict)]
    tweets = [tweet for tweet in lists.get("tweets", []) if isinstance(tweet, dict)]
    accounts = {tweet_id(user): _account(user) for user in users}
    return _Known(
        {number: account for number, account in accounts.items() if number and account},
        {number: tweet for tweet in tweets if (number := tweet_id(tweet))},
    )


def tweet_id(fields: Fields) -> str | None:
    """The id as a string. `id_str` comes first: `id` may have lost its last digits if it is over 2^53."""
    for value in (fields.get("id_str"), fields.get("id")):
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return str(value) if value < 10**30 else None
    return None


def text_of(fields: Fields) -> str | None:
    r"""The whole text, with HTML entities decoded once and line ends made ``\\n``.

    A long tweet is truncated in `text`, and whole in a field of its own.
    """
    longer = (_inner(fields, "extended_tweet").get("full_text"), _inner(fields, "note_tweet").get("text"))
    for value in (*longer, fields.get("full_text"), fields.get("text")):
        if isinstance(value, str):
            return unescaped(value).replace("\r\n", "\n").replace("\r", "\n")
    return None


def unescaped(text: str) -> str:
    """Decode HTML entities once: ``&amp;lt;`` becomes ``&lt;``.

    Unlike `html.unescape`, leaves an entity without a semicolon alone: it may be part of a link.
    """
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text) if "&" in text else text


def handle(value: object) -> str | None:
    """An account's handle with its "@", or None if the value is not a handle."""
    found = _HANDLE.fullmatch(value.strip()) if isinstance(value, str) else None
    return f"@{found[1]}" if found else None


def name(value: object) -> str | None:
    """A display name on one line, or None."""
    return (" ".join(unescaped(value).split()) or None) if isinstance(value, str) else None


def date(value: object) -> str | None:
    """A date or time in ISO 8601, or None if the value is neither. A zone stays as it is."""
    if not isinstance(value, str):
        return None
    classic = _CLASSIC.fullmatch(value.strip())
    if classic and classic[1] in _MONTHS:
        month = _MONTHS.index(classic[1]) + 1
        value = f"{classic[5]}-{month:02}-{int(classic[2]):02}T{classic[3]}{classic[4]}"
    try:
        moment = datetime.fromisoformat(value.strip()).replace(microsecond=0).isoformat()
        return moment[:10] if len(value.strip()) == len("2017-06-05") else moment
    except ValueError:
        return None


def is_true(value: object) -> bool:
    """Whether a flag is set, as JSON and spreadsheets write it."""
    return value is True or (isinstance(value, str) and value.strip().lower() in ("t", "true", "1"))


def _inner(fields: Fields, key: str) -> Fields:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}
