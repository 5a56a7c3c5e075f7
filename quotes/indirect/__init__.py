"""Between stages 3 and 4, Parse and Claims → Reported: what is reported without marks, and around them.

Quill said the pier would close   →   cue "said", source "Quill", content "the pier would close"

Each step is a fitted model over features with readable names: which words are a cue, which phrase is its
source, where its content begins and ends, and whether the whole is right.
"""

from __future__ import annotations

from quotes.attribution import Claims
from quotes.indirect.headlines import headline
from quotes.indirect.merging import NOTHING, Reported, merge, nested, passed_on
from quotes.indirect.reports import find_reports
from quotes.indirect.sentences import may_report
from quotes.indirect.weights import shipped
from quotes.parsing import Parse

__all__ = ["NOTHING", "Reported", "may_report", "report"]


def report(parse: Parse, claims: Claims) -> tuple[Claims, Reported]:
    """What a document reports; the claims, too, since a report tells who speaks in the next paragraph."""
    models = shipped()
    found = [*find_reports(parse, claims, models), *headline(parse.segments)]
    claims = passed_on(nested(claims, found), found)
    return claims, merge(claims, found)
