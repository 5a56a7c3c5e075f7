"""Bytes to text, once. Whatever offsets are counted later are counted in the text that leaves this file."""

from __future__ import annotations

import codecs
import re

from quotes.errors import ReadError

# UTF-32 stands before UTF-16: the mark of the one begins with the mark of the other.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# How files begin that people mistake for text, so that the message can say what they have there.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich-text document (RTF)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)

# Tab, line feed, form feed, carriage return and escape stand in real text files; the others hardly ever.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_BINARY_SHARE = 0.01

# Text of two or four bytes a character, by how it looks without a byte order mark: at least so many of its
# characters are Latin letters, digits, marks and spaces, and none is what no text has.
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LATIN = re.compile("[\t\n\r -~\u00a0-\u024f\u2010-\u203a]")
_LATIN_TEXT = 0.9
_SAMPLE = 1_000_000
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")

# What a text in UTF-7 has besides ASCII, where it is one: letters, punctuation and currencies.
_CURLY = re.compile("[‘’“”]")
_FOREIGN = re.compile("[^\0-\u024f\u2000-\u2122]")

# Up to this share of bytes beyond ASCII, a text is written in Latin letters.
_LATIN_SHARE = 0.3
_LATIN_CHARSETS = ["cp1252", "mac_roman"]


def decode(data: bytes, where: str) -> str:
    r"""Decode a whole file, drop its byte order mark and turn ``\r\n`` and ``\r`` into ``\n``.

    A byte order mark decides; else UTF-16, UTF-7 and UTF-8 are tried, then what charset-normalizer makes of
    it. `where` names the input in messages. Raises ReadError where the bytes are no text, or nobody can tell
    which.
    """
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError(
                f"{where}: this is {what}, not plain text. Save its text as UTF-8 (.txt) and try again."
            )
    return _decoded(data, where).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, where: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                name = encoding.removesuffix("-sig").upper()
                raise ReadError(
                    f"{where}: begins like {name} and is broken at byte {error.start}. "
                    "Save it anew as UTF-8 and try again."
                ) from None
    if b"\0" in data:
        text = _wide(data)
        if text is None:
            raise _no_text(where)
        return text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data, where)
    return _utf7(data) or text


def _wide(data: bytes) -> str | None:
    """Decode UTF-16 or UTF-32 that has lost its byte order mark; None where it is neither.

    Only what is mostly Latin is known for certain: every other byte of English is 0.
    """
    for encoding in _WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if not _NO_TEXT.search(text) and len(_LATIN.findall(sample)) >= _LATIN_TEXT * len(sample):
            return text
    return None


def _utf7(data: bytes) -> str | None:
    """Decode UTF-7, `+IBw-It rained,+IB0 she said.`; None where ASCII is what it seems to be.

    A plus sign in ASCII hardly ever begins what UTF-7 allows, and a file in which all of them do, and that
    gets curly quotation marks by it, is none.
    """
    if b"+" not in data or not data.isascii():
        return None
    try:
        text = data.decode("utf-7")
    except UnicodeDecodeError:
        return None
    return text if _CURLY.search(text) and not _FOREIGN.search(text) else None


def _guessed(data: bytes, where: str) -> str:
    if len(_CONTROL.findall(data)) > _BINARY_SHARE * len(data):
        raise _no_text(where)
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    encoding = _charset(data)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass  # charset-normalizer looks at samples of a long text, so its word can still be wrong
    raise ReadError(
        f"{where}: its characters can't be made out in any encoding. Save it as UTF-8 and try again."
    )


def _damaged_utf8(data: bytes) -> str | None:
    """Decode UTF-8 with some broken bytes, which become U+FFFD; None where most of it is broken.

    A download that stops within a character must not turn every curly quotation mark into three letters.
    """
    text = data.decode("utf-8", "replace")
    whole = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return text if whole > text.count("\ufffd") else None


def _charset(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # only the odd file needs it

    beyond_ascii = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    if beyond_ascii <= _LATIN_SHARE * len(data):
        # English text holds too few accents and curly marks to tell Windows-1252 from its thirty cousins
        # by statistics alone; asked among all, charset-normalizer often names a Baltic or a Polish one.
        best = from_bytes(data, cp_isolation=_LATIN_CHARSETS).best()
        if best is not None:
            return best.encoding
    best = from_bytes(data).best()
    return None if best is None else best.encoding


def _no_text(where: str) -> ReadError:
    return ReadError(
        f"{where}: this is binary data, not text. Leave it out, or save its text as UTF-8 (.txt)."
    )
