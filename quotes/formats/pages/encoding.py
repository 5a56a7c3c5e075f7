"""The bytes of a page to text: what it says of its encoding counts, but not against its own bytes."""

from __future__ import annotations

import codecs
import re

from quotes.files.decoding import decode

# A page saved with what the server said before it: `curl -i` does so.
_HTTP_HEAD = re.compile(rb"\AHTTP/[\d.]+ \d{3}\b.*?\r?\n\r?\n", re.DOTALL)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# The HTML standard has browsers look at the first 1,024 bytes; pages in the wild say it later, too.
_DECLARED_WITHIN = 4096
# The HTML standard: pages that say so mean Windows's superset, whose curly marks the others lack.
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
# Some NULs are an accident; more of them are an encoding of two bytes a character, or no page at all.
_NULS = 8
_NUL_SHARE = 0.01
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def decode_page(data: bytes, where: str) -> str:
    r"""The text of an HTML file: line ends are ``\n``, and what XML has no room for is gone.

    A byte order mark decides; else bytes that are UTF-8 are taken as such, for pages copied from server to
    server often say otherwise; else what the page declares; else a guess. Raises ReadError where it is none.
    """
    head = _HTTP_HEAD.match(data[:65536])
    body = data[head.end() :] if head else data
    if 0 < body.count(b"\0") <= max(_NULS, _NUL_SHARE * len(body)):
        body = body.replace(b"\0", b"")
    said = _declared(head.group()) if head else None
    text = _as_declared(body, said or _declared(body[:_DECLARED_WITHIN]))
    if text is None:
        text = decode(body, where)
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _as_declared(data: bytes, encoding: str | None) -> str | None:
    if encoding is None or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    if b"\0" in data or _is_utf8(data):
        return None
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        # Windows-1252 has five bytes without a character; one of them is no reason to guess.
        return data.decode(encoding, "replace") if encoding.startswith("cp125") else None


def _declared(data: bytes) -> str | None:
    """The charset that a page, or its HTTP header, names; by the name that Python has for it."""
    match = _CHARSET.search(data)
    if match is None:
        return None
    try:
        found = codecs.lookup(match.group(1).decode("ascii", "replace"))
    except LookupError:
        return None
    # Python has codecs that are no charsets ("hex", "rot13"), and UTF-16 can't have been read so far.
    if not found._is_text_encoding or found.name.startswith(("utf-16", "utf-32", "idna", "punycode")):
        return None
    return _MEANT.get(found.name, found.name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
