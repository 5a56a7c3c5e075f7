"""The agent of a passive verb said the words, not its subject.

The plan was described as “reckless” by the mayor.      agent: the mayor
The report was dismissed by critics as “a fairy tale”.  agent: critics
The bridge, branded “a death trap” by residents, …      agent: residents

"By Friday", "by phone" and "by calling it “…”" name no agent.
"""

from __future__ import annotations

from collections.abc import Iterator

from quotes import data
from quotes.attribution.cues import Cue, speaks
from quotes.attribution.scene import Candidate, Decided, Scene
from quotes.parsing import Window
from quotes.parsing.mentions import Mention, mention_at
from quotes.parsing.tokens import Token

AGENT = "agent"
#: This word stands before every agent.
BY = frozenset(["by"])

# Between the verb and the quoted words stand only a preposition and an article: an object makes it active.
_TIES = frozenset("as to of with for being a an the be having and or both , :".split())
# The farthest tokens, from the verb to the words, and from the words to "by".
_REACH = 8
# The same in code points, to skip at once what has no "by".
_NEARBY = 150
_BEFORE_NAMES = frozenset(
    ["NN", "NNS", "JJ", "CD", "VBN", "VBG", "NNP", "NNPS", "DT", "PRP$", "HYPH", "POS", "RB"]
)
_AUXILIARIES = frozenset("be been being is are was were am get gets got getting 's 're".split())


def agent(scene: Scene, segment: int, _: Decided) -> Iterator[Candidate]:
    """Described as “reckless” by the mayor: who stands after the "by" of a passive verb."""
    layout, this = scene.layout_of.get(segment), scene.segments.items[segment]
    near = max(0, this.start - _NEARBY), this.end + _NEARBY
    if layout is None or scene.segments.text.find(" by ", *near) < 0:
        return
    window = layout.window
    by, last = window.where[segment]
    found = _by_behind(window, last)
    if found is None:
        between = _by_before(window, by)
        if between is None:
            return
        by, found = between
    verb = _verb_before(window, by)
    if verb is None or not _is_passive(verb):
        return
    known = data.cues().verbs[verb.lower_]
    cue = Cue(
        *window.range(verb.i, verb.i + 1), verb.i, verb.i + 1, known.lemma, known.strength, known.channel,
        found, "agent", verb.i, verb.i + 1, passive=True, describes=known.describes,
    )  # fmt: skip
    yield Candidate(segment, AGENT, found, cue)


def _verb_before(window: Window, end: int) -> Token | None:
    """A cue verb's participle, with nothing but ties and other quotations between it and token `end`."""
    for i in range(end - 1, max(-1, end - 1 - _REACH), -1):
        token = window.tokens[i]
        if window.segment_at[i] >= 0 or token.lower_ in _TIES:
            continue
        verb = data.cues().verbs.get(token.lower_)
        past = verb is not None and verb.form in ("past", "participle")
        return token if past and token.tag_ in ("VBN", "VBD", "JJ", "NN") else None
    return None


def _is_passive(verb: Token) -> bool:
    """Was described, been likened; or a participle that opens its clause: branded “a trap” by residents."""
    known = data.cues().verbs[verb.lower_]
    before = [token.lower_ for token in verb.doc[max(0, verb.i - 4) : verb.i]]
    if not _AUXILIARIES.isdisjoint(before):
        return known.describes or known.strength == "strong"
    return known.describes


def _by_behind(window: Window, start: int) -> Mention | None:
    """Who stands after a "by" behind a quotation and those that are joined to it."""
    tokens = window.tokens
    for i in range(start, min(start + _REACH, len(tokens))):
        if window.segment_at[i] >= 0 or tokens[i].lower_ in ("and", "or", ",", "as"):
            continue
        return _agent_at(window, i + 1) if tokens[i].lower_ == "by" else None
    return None


def _by_before(window: Window, first: int) -> tuple[int, Mention] | None:
    """The "by" before a quotation, and who stands between: dismissed by critics as “…”."""
    tokens = window.tokens
    for i in range(first - 1, max(-1, first - 1 - 2 * _REACH), -1):
        if window.segment_at[i] >= 0 or tokens[i].text in ".?!;":
            return None
        if tokens[i].lower_ == "by":
            who = _agent_at(window, i + 1)
            end = tokens[first - 1]
            joined = end.lower_ in ("as", "of", "a", "an", "the", "for", "to")
            return (i, who) if who is not None and joined else None
    return None


def _agent_at(window: Window, start: int) -> Mention | None:
    """The mention that begins at a token, if it is somebody who can speak."""
    tokens = window.tokens
    for i in range(start, min(start + _REACH, len(tokens))):
        token = tokens[i]
        if window.segment_at[i] >= 0 or (token.tag_ not in _BEFORE_NAMES and token.lower_ != "both"):
            return None
        if token.tag_ in ("NN", "NNS", "NNP", "NNPS") and not _goes_on(tokens, i):
            found = mention_at(window, token)
            return found if found is not None and speaks(found) else None
    return None


def _goes_on(tokens: list[Token], i: int) -> bool:
    """Whether the noun phrase goes on: "one former union" in "one former union leader"."""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    return after is not None and after.tag_ in ("NN", "NNS", "NNP", "NNPS", "POS", "HYPH")
