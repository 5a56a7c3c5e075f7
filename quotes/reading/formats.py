"""Which reader reads which file. A new format is one file in this folder and one line in this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from quotes.reading.decode import decode

#: Takes a file's bytes and its name for messages, gives the article's text, raises ReadError.
Reader = Callable[[bytes, str], str]

#: In a folder, only files with these suffixes (in small letters) are articles: README.md is none.
READERS: Mapping[str, Reader] = {
    ".txt": decode,
    ".text": decode,
}

#: A file that the user names is read whatever its suffix.
PLAIN_TEXT: Reader = decode
