"""Twitter's own archive of an account: `data/tweets.js`, which is JSON behind a few words of JavaScript.

    window.YTD.tweets.part0 = [ { "tweet" : { "id" : "…", "full_text" : "…" } }, … ]

Whose account it is stands in `account.js` beside it. Nothing is run: the words are looked at and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from quotes.errors import ReadError
from quotes.files import json_values
from quotes.files.inputs import Input
from quotes.records import Document
from quotes.tweets import archives as tweets
from quotes.tweets import threads
from quotes.tweets.fields import handle, name

# Also the older tweet.js, and the archives of before 2019, a file a month.
_TWEETS = re.compile(r"\s*(?:window\.YTD\.(?:tweets?|deleted_tweets?)\.part\d+|Grailbird\.data\.\w+)\s*=\s*")
_ACCOUNT = re.compile(r"\s*window\.YTD\.account\.part\d+\s*=\s*")
_HEAD = 400
_ACCOUNT_SIZE = 1 << 20


def read(source: Input) -> Iterator[Document]:
    """Stream the tweets of an archive's file, those of a thread joined.

    The account is the one of `account.js` beside it, else `source.author`. What is no tweet is reported with
    its number. Raises ReadError where this is no such file, or a torn one; OSError where it can't be opened.
    """
    yield from threads.joined(_documents(source))


def _documents(source: Input) -> Iterator[Document]:
    with source.open() as file:
        texts = json_values.decoded(file, source.where)
        head = ""
        while len(head) < _HEAD and (more := next(texts, None)) is not None:
            head += more
        opening = _TWEETS.match(head[:_HEAD])
        if opening is None:
            raise ReadError(
                f"{source.where}: this is no file of tweets, window.YTD.tweets.part0 = [ … ]."
                " Name tweets.js of an account's archive."
            )
        owner = _account(source)
        rest = chain([head[opening.end() :]], texts)
        for where, value in json_values.values(rest, source.where, "tweet"):
            if isinstance(value, dict):
                yield from tweets.documents(value, where, source.report, owner)
            else:
                source.report(ReadError(f"{where}: this is no tweet. It is left out."))


def _account(source: Input) -> tweets.Account | None:
    """Whose archive it is, by the file beside it; one that is broken tells nothing."""
    told = tweets.told(source)
    path = source.path.with_name("account.js") if source.path else Path()
    try:
        with path.open("rb") as file:
            text = file.read(_ACCOUNT_SIZE).decode("utf-8-sig")
        opening = _ACCOUNT.match(text)
        found = list(json_values.values(iter([text[opening.end() :]]), str(path))) if opening else []
    except (OSError, UnicodeDecodeError, ReadError):
        return told
    for _, value in found:
        account = value.get("account") if isinstance(value, dict) else None
        if isinstance(account, dict) and (owner := handle(account.get("username"))):
            return tweets.Account(owner, name(account.get("accountDisplayName")))
    return told
