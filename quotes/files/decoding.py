"""Bytes to text, once. All offsets are counted in the text that this module returns."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from quotes.errors import ReadError
from quotes.files.inputs import Input
from quotes.records import Document

# UTF-32 comes before UTF-16, because its mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# The first bytes of files that people mistake for text, so that the message can say what the file is.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich-text document (RTF)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)

# Text files contain tab, line feed, form feed, carriage return and escape, but hardly ever the others.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_BINARY_SHARE = 0.01

# Text with two or four bytes a character and no byte order mark: at least this share of its characters are
# Latin letters, digits, punctuation and spaces, and none is a character that no text contains.
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LATIN = re.compile("[\t\n\r -~\u00a0-\u024f\u2010-\u203a]")
_LATIN_TEXT = 0.9
_SAMPLE = 1_000_000
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")

# A text in UTF-7 contains curly quotation marks, and only letters, punctuation and currencies besides ASCII.
_CURLY = re.compile("[‘’“”]")
_FOREIGN = re.compile("[^\0-\u024f\u2000-\u2122]")

# With up to this share of bytes beyond ASCII, a text is taken to be in Latin letters.
_LATIN_SHARE = 0.3
_LATIN_CHARSETS = ["cp1252", "mac_roman"]


def decode(data: bytes, where: str) -> str:
    r"""Decode a whole file, drop its byte order mark and turn ``\r\n`` and ``\r`` into ``\n``.

    A byte order mark decides. Without one, UTF-16, UTF-7 and UTF-8 are tried, then the guess of
    charset-normalizer. `where` names the input in messages. Raises ReadError if the bytes are not text, or
    the encoding can't be determined.
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
                    f"{where}: begins like {name} and is damaged at byte {error.start}. "
                    "Save it as UTF-8 and try again."
                ) from None
    if b"\0" in data:
        text = _wide(data)
        if text is None:
            raise _binary(where)
        return text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data, where)
    return _utf7(data) or text


def _wide(data: bytes) -> str | None:
    """Decode UTF-16 or UTF-32 without a byte order mark; None if it is neither.

    It is recognized only if the text is mostly Latin: every other byte of English is 0.
    """
    for encoding in _WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if not _NOT_TEXT.search(text) and len(_LATIN.findall(sample)) >= _LATIN_TEXT * len(sample):
            return text
    return None


def _utf7(data: bytes) -> str | None:
    """Decode UTF-7, `+IBw-It rained,+IB0 she said.`; None if it is plain ASCII.

    In plain ASCII, plus signs hardly ever begin valid UTF-7, and all of them together hardly ever give curly
    quotation marks.
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
        raise _binary(where)
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged
    encoding = _charset(data)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass  # charset-normalizer looks only at samples of a long text, so it can be wrong
    raise ReadError(f"{where}: its encoding can't be determined. Save it as UTF-8 and try again.")


def _damaged_utf8(data: bytes) -> str | None:
    """Decode UTF-8 with some invalid bytes, which become U+FFFD; None if most of it is invalid.

    A download that ends within a character must not turn every curly quotation mark into three letters.
    """
    text = data.decode("utf-8", "replace")
    whole = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return text if whole > text.count("\ufffd") else None


def _charset(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # few files need it

    beyond_ascii = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    if beyond_ascii <= _LATIN_SHARE * len(data):
        # English text has too few accents and curly marks to tell Windows-1252 from thirty similar encodings
        # by statistics; among all of them, charset-normalizer often chooses a Baltic or a Polish one.
        best = from_bytes(data, cp_isolation=_LATIN_CHARSETS).best()
        if best is not None:
            return best.encoding
    best = from_bytes(data).best()
    return None if best is None else best.encoding


def _binary(where: str) -> ReadError:
    return ReadError(
        f"{where}: this is binary data, not text. Leave it out, or save its text as UTF-8 (.txt)."
    )


def read_plain_text(source: Input) -> Iterator[Document]:
    """The one article of a text file, in any encoding. Raises ReadError and OSError."""
    yield Document(doc_id=source.doc_id, text=decode(source.data(), source.where))
