"""Sources that are read off the words alone, where there is no parse, or a wrong one.

the editorial read   →   a mention: "the editorial"
Mayor Ada Quill      →   a mention: "Ada Quill"
"""

from __future__ import annotations

from quotes import data
from quotes.parsing.mentions import Form, Mention, title_length

_CAPITAL = r"[^\W\d_a-z][\w.’'-]*(?<![.’'])"
#: A name, with the titles before it, or a noun phrase with its article, or a pronoun.
NAME = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Sgt|Capt|Col|St|Rev|Hon)\. )?{_CAPITAL}"
    rf"(?:[ \u00a0](?:[A-Z]\.|{_CAPITAL}|of|de|von|van|der|del|bin|al|la|the|&)){{0,6}}(?<! of)(?<! the)"
)
_DETERMINERS = frozenset(
    "a an another both her his its many one several some that the their these this two".split()
)
NOMINAL = (
    r"(?:[Aa]n?|[Aa]nother|[Bb]oth|[Hh]er|[Hh]is|[Ii]ts|[Oo]ne|[Ss]ome|[Tt]he|[Tt]heir|[Tt]his|[Tt]wo)"
    r"(?: [\w’'-]+){1,6}?"
)
PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|[Aa]nother|[Oo]thers|[Oo]ne|[Ss]ome|[Mm]any)\b"
#: What may stand between a name and its verb: a role between commas, a party in brackets.
APPOSITION = r"(?:, [^,.!?“”\":\n]{2,80},| \([^()\n]{1,40}\))?"
SOURCE = rf"(?:{PRONOUN}|{NOMINAL}|{NAME})"

_TIES = frozenset(["of", "for", "at", "in", "from", "with", "to", "on"])
_PLURAL = frozenset(["they", "we", "two", "both", "many", "others", "several", "some"])
_PERSONAL = frozenset(["he", "she", "they", "it", "i", "we", "him", "her", "them"])
_ALONE = _PERSONAL | {"another", "others", "one", "some", "many"}


def mention(text: str, start: int, end: int, paragraph: int) -> Mention | None:
    """The mention in [start, end), without titles; None if it is nobody who can speak."""
    words = text[start:end].split()
    lower = [word.lower() for word in words]
    if len(words) == 1 and lower[0] in _ALONE:
        form: Form = "pronoun" if lower[0] in _PERSONAL else "nominal"
        return _made(start, end, form, lower[0], paragraph, plural=lower[0] in _PLURAL)
    if lower[0] == "the" and len(words) > 1 and all(word[0].isupper() for word in words[1:]):
        return mention(text, text.index(words[1], start), end, paragraph)
    if lower[0] in _DETERMINERS:
        if len(words) == 1:
            return None
        tie = next((i for i, word in enumerate(lower) if i > 1 and word in _TIES), len(words))
        if any(word in data.cues().verbs and data.cues().verbs[word].form != "base" for word in lower[1:tie]):
            return None
        head = lower[tie - 1]
        noun = data.titles().nouns.get(data.fold(head))
        plural = noun.plural if noun else lower[0] in _PLURAL
        return _made(start, end, "nominal", head, paragraph, plural=plural)
    skipped = min(title_length(words), len(words) - 1)
    for word in words[:skipped]:
        start = text.index(word, start) + len(word)
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return _made(start, end, "name", lower[-1], paragraph, plural=False)


def _made(start: int, end: int, form: Form, head: str, paragraph: int, *, plural: bool) -> Mention:
    return Mention(start, end, form, head, plural, -1, paragraph)
