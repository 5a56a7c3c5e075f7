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

# Up to this share of bytes beyond ASCII, a text is written in Latin letters.
_LATIN_SHARE = 0.3
_LATIN_CHARSETS = ["cp1252", "mac_roman"]


def decode(data: bytes, where: str) -> str:
    r"""Decode a whole file, drop its byte order mark and turn ``\r\n`` and ``\r`` into ``\n``.

    A byte order mark decides; else UTF-8 is tried, then what charset-normalizer makes of it. `where` names
    the input in messages. Raises ReadError where the bytes are no text, or nobody can tell which.
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
        raise _no_text(where)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data, where)


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
