"""One tweet, in whatever form a file has it, as a document: its text, its account, its date.

    {"id": …, "full_text": …, "user": {"screen_name": …}}          the API, version 1.1
    {"id": …, "text": …, "author_id": …, "author": {…}}            version 2, flattened
    {"data": [{…}, …], "includes": {"users": […]}}                 version 2, a page as it was answered
    {"tweet": {"id": …, "full_text": …}}                           an account's own archive
    {"id": …, "text": …, "isRetweet": "f", "device": …, …}         the Trump Twitter Archive

A retweet is the original's words: it is filed under its own id, with the original's text and account where
the file has them. A tweet that is quoted is a document of its own, behind the one that quotes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quotes.errors import ReadError
from quotes.files.inputs import Input, OnError
from quotes.records import Document, Metadata
from quotes.tweets.fields import Fields, date, handle, is_true, name, text_of, tweet_id
from quotes.tweets.signs import is_retweet

_ARCHIVE = ("isRetweet", "isDeleted", "device")
_QUOTED_IN_QUOTED = 4


@dataclass(frozen=True, slots=True)
class Account:
    """Who posts: "@portellery", and the display name where it is known."""

    handle: str
    name: str | None = None


def told(source: Input) -> Account | None:
    """The account that the user says a file is of."""
    return Account(source.author) if source.author else None


#: Whose tweets a file is whose tweets name no account, but have the columns of the Trump Twitter Archive.
ARCHIVED = Account("@realDonaldTrump", "Donald J. Trump")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a page of version 2 tells besides its tweets, by id."""

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
    # An article may have an author's number, too; a tweet's is a string, and it has no headline.
    second = isinstance(author, str) and author.isdecimal() and "title" not in item
    return named or second or "full_text" in item or "edit_history_tweet_ids" in item or is_archived(item)


def is_archived(item: Fields) -> bool:
    """Whether a tweet has the columns of the Trump Twitter Archive."""
    return all(column in item for column in _ARCHIVE)


def documents(item: Fields, where: str, report: OnError, owner: Account | None = None) -> Iterator[Document]:
    """The documents of a tweet or a page of them; `owner` is whose file it is, where its tweets don't tell.

    What is wrong with a tweet goes to `report`, with `where` it stands.
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
        raise ReadError(f"{where}: this is no tweet. It is left out.")
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
    account = _owner(tweet, known) or owner or (ARCHIVED if is_archived(tweet) else None)
    if account is None:
        raise ReadError(
            f"{where}: nothing tells whose tweet {doc_id!r} is. Name the account: --author @HANDLE."
        )
    if is_true(tweet.get("isRetweet")) and not is_retweet(text):
        raise ReadError(f"{where}: nothing tells whose words the retweet {doc_id!r} has. It is left out.")
    yield _document(doc_id, text, account, tweet)
    yield from _quoted(tweet, known)


def _quoted(tweet: Fields, known: _Known) -> Iterator[Document]:
    """The tweets that a tweet quotes, and they in turn; one that names no account is left out."""
    for _ in range(_QUOTED_IN_QUOTED):
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
    """The tweet that this one retweets or quotes, where the file has it."""
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
    """The account that a tweet itself names."""
    for key in ("user", "author"):
        if isinstance(tweet.get(key), dict) and (account := _account(tweet[key])):
            return account
    return known.users.get(str(tweet.get("author_id")))


def _account(user: Mapping[str, Any]) -> Account | None:
    told = handle(user.get("screen_name")) or handle(user.get("username"))
    return Account(told, name(user.get("name"))) if told else None


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
