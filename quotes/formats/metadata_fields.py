"""What files say of their author and title, cleaned; what is doubtful counts as nothing.

"By GILLIAN MOHNEY March 5, 2017" → "GILLIAN MOHNEY"; "Username" and "Microsoft Word - x.doc" → None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from quotes.files.apart import one_line
from quotes.files.dates import MONTH

#: What a program, a form or a device writes where nobody wrote a name.
_NOBODY: Final = frozenset(
    " ".join(word.split())
    for word in """
    admin, administrator, anonymous, apple, author, author name, by, default, dell, editor, editors,
    first last, firstname lastname, guest, guest author, hp, hp inc, ibm, imac, lenovo, mac, macbook,
    microsoft, microsoft office user, n a, name, newsroom, none, null, owner, pc, preview, python docx,
    read more, root, scanner, site admin, staff, super user, test, test user, the editors, undefined,
    unknown, user, user name, username, view all posts, web, web admin, webmaster, windows user, your name
    """.split(",")
)
# One word is more often an account's name than a signature, but for those of agencies and for "AFP".
_AGENCIES: Final = frozenset(["bloomberg", "dpa", "reuters", "tass", "xinhua"])
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_ROLES: Final = frozenset(
    "columnist contributor correspondent editor journalist photographer producer reporter reports staff "
    "writer writers".split()
)
_ADDRESS = re.compile(r"[(<\[]?(?:\S+@[\w.-]+|@\w+|(?:https?://|www\.)\S*)[)>\]]?", re.IGNORECASE)
_BY = re.compile(
    r"\A\W*(?:(?:written|posted|published|reported|compiled|edited|story|words|text|report)\s+)?by\b[:\s]*",
    re.IGNORECASE,
)
# A day behind two words or more: "Bo Fenwick May 5", "Bo Fenwick Monday"; but "Ada May", "Ada Jane May".
_DAY = re.compile(
    rf"(?<=\w)\W+(?:on\s+)?(?:(?:{MONTH})\.?\s+\d.*|\d{{1,2}}\.?\s+(?:{MONTH})\b.*|\d{{1,4}}[-/.]\d.*"
    rf"|(?:(?!may\b)(?:{MONTH})\.?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:published|updated|posted)\b.*)\Z",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*(?:[;|•·]|,(?=\s)|/|\s[–—-]\s)\s*")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_ODD = re.compile(r"[{}\[\]<>%=\\_#*?!:/]|\A\d|\d{3}|[^\W\d_]\d|\d[^\W\d_]")
_ONLY_DAY = re.compile(rf"(?:{MONTH})\.?\s+\d.*", re.IGNORECASE)
_MOST_WORDS = 8

_FILE_NAME = re.compile(r"\S\.(?:docx?|pdf|indd|qxp|qxd|html?|txt|rtf|odt|pages|pptx?)\Z", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint) - .*|about:blank|https?://\S*|untitled\b.{0,12}"
    r"|(?:document|layout|slide) ?\d*"
    r"|powerpoint presentation|full page photo|print(?:ed)?(?: version)?|title",
    re.IGNORECASE,
)


def key(name: str) -> str:
    """What names that differ only in case, dots and spaces have in common."""
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def authors(sources: Iterable[Sequence[str]], outlets: Iterable[str] = ()) -> str | None:
    """The names of the first source that has any, parted by "; "; None where each of them is doubtful.

    `sources` are the most trusted first. A name in capitals is written as another source writes it. The
    name of one of `outlets` signs nothing.
    """
    unsigned = _NOBODY | {key(name) for name in outlets}
    found = [list(_names(source, unsigned)) for source in sources]
    written: dict[str, str] = {}
    for name in (name for names in found for name in names):
        if key(name) not in written or (written[key(name)].isupper() and not name.isupper()):
            written[key(name)] = name
    chosen = next((names for names in found if names), [])
    return one_line("; ".join(dict.fromkeys(written[key(name)] for name in chosen)))


def file_title(title: object) -> str | None:
    """The title in a file's properties; None for what programs make of a file's name."""
    text = one_line(title)
    return None if text is None or _NO_TITLE.fullmatch(text) or _FILE_NAME.search(text) else text


def _names(source: Sequence[str], unsigned: frozenset[str]) -> Iterator[str]:
    for signature in source:
        line = one_line(signature) or ""  # no longer than a field
        for part in _PARTED.split(_ADDRESS.sub(" ", line)):
            pieces = [_name(piece) for piece in _AND.split(part)]
            # "Bo and Ada Quill" and "Ministry of Health and Welfare" stay whole.
            for name in pieces if all(_is_name(piece, unsigned) for piece in pieces) else [_name(part)]:
                if _is_name(name, unsigned):
                    yield name


def _name(text: str) -> str:
    name = _BY.sub("", " ".join(text.split()), count=1)
    without = _DAY.sub("", name)
    bare = _DAY.sub("", without)  # "Monday, March"
    name = next((shorter for shorter in (bare, without) if " " in shorter), name)
    return name.strip(" ,;:-–—()“”\"'")


def _is_name(name: str, unsigned: frozenset[str]) -> bool:
    words = key(name).split()
    if not words or key(name) in unsigned or words[-1] in _ROLES or len(words) > _MOST_WORDS:
        return False
    if (
        _ODD.search(name)
        or _ONLY_DAY.fullmatch(name)
        or (name == name.lower() and name != name.upper() and words[0] not in _AGENCIES)
    ):
        return False
    if len(words) > 1:
        return any(len(word) > 1 for word in words)
    return words[0] in _AGENCIES or _ABBREVIATION.fullmatch(name) is not None
