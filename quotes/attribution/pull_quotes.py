"""Pull quotes: whose the words are, the running text tells.

“We will rebuild the pier, and soon.”                        pull-quote: Quill, who says it further down
“We will rebuild the pier, and soon,” Quill said. “By May.”
"""

from __future__ import annotations

from quotes.attribution.scene import Candidate, Claim, Decided

#: The rule of a pull quote. It is certain that the words are the same, so the ranker doesn't weigh it.
PULL_QUOTE = "pull-quote"


def pull_quote(segment: int, original: int, decided: Decided) -> Claim | None:
    """The claim for a pull quote: whoever says the same words in the running text, wherever that is."""
    claim = decided[original]
    if claim is None:
        return None
    return Claim(
        Candidate(segment, PULL_QUOTE, claim.candidate.mention, inherited_from=original), claim.probability
    )
