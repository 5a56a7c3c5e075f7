"""From a parsed window to its cues: the words that introduce quotations, each with its source.

“…,” said Ada Quill, the mayor, adding “…”   →   said ← Ada Quill;  adding ← Ada Quill
according to two aides                       →   according to ← two aides
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import Literal, NamedTuple

from quotes import data
from quotes.attribution.clauses import Clauses
from quotes.attribution.inverted import Inverted, first_words, inverted
from quotes.parsing import Window
from quotes.parsing.mentions import CALENDAR, PEOPLE, Mention, is_age, is_misread_name, mention_at, possessive
from quotes.parsing.tokens import Token

Strength = Literal["strong", "weak", "none"]
Link = Literal["subject", "inverted", "shared", "participle", "modifier", "agent", "phrase", "noun", "outer"]
Verbs = Mapping[str, data.Cue]
"""Cue verbs by their lower-cased written forms."""

_STOPS = frozenset([".", "?", "!"])
_VERBS = frozenset(["VB", "VBD", "VBG", "VBN", "VBP", "VBZ"])
_COMMON_NOUNS = frozenset(["NN", "NNS"])
_AUXILIARIES = frozenset(["aux", "auxpass"])
_PARTICIPLES = frozenset(["advcl", "xcomp", "pcomp", "prep", "ccomp", "dep", "aux"])
# The steps from a verb up to the clause whose subject it shares.
_CLAUSES_ABOVE = 6
_DOUBTFUL_OBJECTS = ("dobj", "attr", "oprd", "npadvmod", "dep", "appos", "dative", "nmod", "acomp", "pobj")


class Cue(NamedTuple):
    """A cue and the source that the syntax gives it.

    [start, end) are code points of the document; [verb, last) and [left, right) are tokens of one window.
    """

    start: int
    end: int
    verb: int
    """The cue's first token, which heads it; of a phrase or a noun, too."""
    last: int
    lemma: str
    strength: Strength
    channel: str
    source: Mention | None
    link: Link
    left: int
    """The clause's own extent, cue and source: [left, right)."""
    right: int
    passive: bool = False
    describes: bool = False
    """The verb takes the quoted words into its own clause: "call", "describe", "dub"."""


_place = attrgetter("verb")


def cues(window: Window, verbs: Verbs | None = None) -> list[Cue]:
    """Every cue among the writer's own words, in text order; verbs that are not cues have strength "none".

    `verbs` are the cue verbs by their written forms; by default, those that ship.
    """
    verbs = data.cues().verbs if verbs is None else verbs
    clauses, telling = Clauses.of(window), _telling(window, verbs)
    phrases = _phrases(window, telling)
    # The verbs that begin words that are no cue: "gasped for air".
    otherwise = {i for i, phrase in phrases.items() if phrase.strength == "none"}
    found = list(_phrase_cues(clauses, phrases, verbs))
    taken = {i for cue in found for i in range(cue.verb, cue.last)}
    for token in telling:
        if token.i in taken:
            continue
        verb = verbs.get(token.lower_)
        if token.tag_ in _VERBS or (verb is not None and _is_mistagged(token, verb)):
            found += _verb_cues(clauses, token, verb if token.i not in otherwise else None, verbs)
        elif token.tag_ in _COMMON_NOUNS:
            found += _noun_cue(window, token)
    if window.where:  # an inverted cue touches a quotation
        found = _with_inverted(window, found, telling, verbs)
    return sorted(found, key=_place)


def _telling(window: Window, verbs: Verbs) -> list[Token]:
    """The writer's verbs, and the other words that may be a cue or begin one: three words in ten."""
    openings = _openings()
    return [
        token
        for token, segment in zip(window.tokens, window.segment_at, strict=True)
        if segment < 0 and (token.tag_ in _VERBS or token.lower_ in openings or token.lower_ in verbs)
    ]


@cache
def _openings() -> frozenset[str]:
    """The words that begin a phrase or an inverted cue, and the nouns for what is said."""
    lexicon = data.cues()
    return frozenset([*lexicon.phrases, *lexicon.nouns, *first_words()])


def _with_inverted(window: Window, found: list[Cue], telling: list[Token], verbs: Verbs) -> list[Cue]:
    """The cues, with those whose source only the order of the words tells."""
    sourced = {cue.verb for cue in found if cue.source is not None and cue.strength != "none"}
    hidden = list(inverted(window, [token for token in telling if token.i not in sourced], verbs))
    if not hidden:
        return found
    places = {one.first for one in hidden}
    return [cue for cue in found if cue.verb not in places] + [
        _hidden_cue(window, one, verbs) for one in hidden
    ]


def _hidden_cue(window: Window, one: Inverted, verbs: Verbs) -> Cue:
    verb = verbs.get(window.tokens[one.first].lower_) if one.last == one.first + 1 else None
    return Cue(
        *window.range(one.first, one.last), one.first, one.last, one.lemma,
        verb.strength if verb else "strong", verb.channel if verb else "speech",
        one.source, "inverted", one.first, one.right,
    )  # fmt: skip


def _is_mistagged(token: Token, verb: data.Cue) -> bool:
    """A cue verb that the tagger took for a noun, though the parser uses it as a verb: ", posting: “…”"."""
    if verb.form == "base" or token.dep_ not in ("advcl", "ccomp", "ROOT", "conj", "acl"):
        return False
    return not any(child.dep_ in ("det", "poss", "amod", "compound") for child in token.lefts)


def _verb_cues(clauses: Clauses, token: Token, verb: data.Cue | None, verbs: Verbs) -> tuple[Cue, ...]:
    """The cues that a verb makes; `verb` is its entry in the list, None if it has none or means otherwise."""
    if token.dep_ in _AUXILIARIES:
        return ()
    source, link = _source(clauses, token, verbs)
    if link != "agent" and token.i in clauses.passive:
        return ()  # who was asked, or voted “player of the match”, said nothing
    if source is None:
        if verb is None:
            return ()
        if verb.strength == "strong":
            source, link = _neighbour(clauses.window, token), "subject"
    found = _clause(clauses, token, verb, source, link)
    if verb is None and found.source is None:
        return ()
    if link == "agent" and found.source is not None and not speaks(found.source):
        return ()  # “the Saucer” by the river
    if verb is None or source is None:
        return (found,)
    if link == "participle":
        return (found, *_outer_cue(clauses, token, verb, source))
    if link == "subject" and max(clauses.window.segment_at[source.i : token.i]) >= 0:
        # “…,” said Quill: the parser may find the subject in front of the quotation instead.
        behind = _inverted(clauses.window, token, verbs)
        if behind is not None:
            return (found, _clause(clauses, token, verb, behind, "inverted"))
    return (found,)


def speaks(agent: Mention) -> bool:
    """Whether who stands after "by" may speak: a name or a noun for people, not a day, a means or a place."""
    if agent.form == "name":
        return agent.head not in CALENDAR
    return agent.form == "pronoun" or agent.head in PEOPLE or data.fold(agent.head) in data.titles().nouns


def _clause(clauses: Clauses, token: Token, verb: data.Cue | None, source: Token | None, link: Link) -> Cue:
    """The cue that a verb and its source make."""
    window, tokens = clauses.window, clauses.window.tokens
    first, last = token.i, token.i + 1
    while last < len(tokens) and tokens[last].dep_ == "prt" and tokens[last].head_i == first:
        last += 1
    left, right = first, last
    who = None
    if source is not None:
        who, begin, end = clauses.source(source)
        who = _owner(window, source, said=verb is not None) or who
        left = min(first, begin)
        right = max(last, end) if source.i >= last else last
    return Cue(
        *window.range(first, last), first, last,
        verb.lemma if verb else token.lower_, verb.strength if verb else "none",
        verb.channel if verb else "speech",
        who, link, left, right, first in clauses.passive, verb is not None and verb.describes,
    )  # fmt: skip


def _owner(window: Window, noun: Token, *, said: bool) -> Mention | None:
    """Whose voice, eyes, hands or chair it is: "Her eyes filled", "Quill's voice shook".

    `said` tells whether the verb is one of saying: then the council's chair is a person.
    """
    thing = not said and noun.lower_ in data.titles().things_too
    if not thing and noun.lower_ not in data.cues().body:
        return None
    owner = next((child for child in noun.lefts if child.dep_ == "poss"), None)
    if owner is None:
        return None
    return possessive(window, owner) if owner.tag_ == "PRP$" else mention_at(window, owner)


def _neighbour(window: Window, verb: Token) -> Token | None:
    """The noun right before a verb that the parser left without a subject, past an aside between commas."""
    doc, i = verb.doc, verb.i - 1
    while (
        i >= 0 and window.segment_at[i] < 0 and doc[i].tag_ in ("RB", "MD", "VBD", "VBZ") and i > verb.i - 4
    ):
        i -= 1
    if i > 0 and doc[i].text == ",":
        opening = next((k for k in range(i - 1, max(0, i - 14), -1) if doc[k].text == ","), 0)
        i = opening - 1
    if i < 0 or window.segment_at[i] >= 0:
        return None
    token = doc[i]
    found = token.tag_ in ("NNP", "NNPS", "NN", "NNS", "PRP") or is_age(token)
    return token if found or is_misread_name(window, token) else None


def _outer_cue(clauses: Clauses, token: Token, verb: data.Cue, inner: Token) -> Iterator[Cue]:
    """Quill said he had asked, adding “…”: besides "he", the subject of the outer clause."""
    window, clause = clauses.window, inner.head
    if clause.dep_ not in ("ccomp", "advcl") or clause.head_i == clause.i:
        return
    outer = clauses.subjects.get(clause.head_i)
    source = mention_at(window, outer) if outer is not None else None
    if source is not None:
        yield Cue(
            *window.range(token.i, token.i + 1), token.i, token.i + 1, verb.lemma, verb.strength,
            verb.channel, source, "outer", token.i, token.i + 1,
        )  # fmt: skip


def _source(clauses: Clauses, verb: Token, verbs: Verbs) -> tuple[Token | None, Link]:
    """The token that heads the source of a verb, and the link between them."""
    if verb.dep_ == "xcomp" and verb.head.lower_ == "used":
        verb = verb.head  # "her father used to say": no more than a tense
    agent = clauses.agent(verb)
    if agent is not None:
        return agent, "agent"
    subject = clauses.subjects.get(verb.i)
    if subject is not None:
        return subject, "subject" if subject.i < verb.i else "inverted"
    inverted = _inverted(clauses.window, verb, verbs)
    if inverted is not None:
        return inverted, "inverted"
    return _shared(clauses, verb)


def _shared(clauses: Clauses, verb: Token) -> tuple[Token | None, Link]:
    """The source that a verb without a subject has from a clause above: Quill left, saying “…”."""
    token = verb
    link: Link = "shared"
    for _ in range(_CLAUSES_ABOVE):
        if token.dep_ in ("acl", "relcl") and token.tag_ in ("VBG", "VBN"):
            return token.head, "modifier"
        if token.dep_ in _PARTICIPLES:
            link = "participle"
        elif token.dep_ != "conj":
            break
        head = token.head
        if head is token:
            break
        if head.lower_ in data.cues().quoting and (quoted := _quoted_one(clauses, token)) is not None:
            return quoted, link
        token = head
        if token.tag_ in _VERBS or token.dep_ in ("ROOT", "relcl", "ccomp"):
            subject = clauses.subjects.get(token.i)
            if subject is not None:
                return subject, link
    return None, "shared"


def _inverted(window: Window, verb: Token, verbs: Verbs) -> Token | None:
    """“…,” said Quill. Said Quill: “…”. The parser may call the subject an object; the verb's place tells."""
    if verb.lower_ not in verbs:
        return None
    i = verb.i - 1
    while i >= 0 and window.segment_at[i] < 0 and window.tokens[i].text in (",", "-", "–", "—"):
        i -= 1
    opens = verb.tag_ != "VBG" and (verb.i == 0 or verb.doc[verb.i - 1].text in _STOPS)
    if not (opens or (i >= 0 and window.segment_at[i] >= 0)):
        return None
    for child in verb.rights:
        if child.dep_ in _DOUBTFUL_OBJECTS and child.tag_ in ("NNP", "NNPS", "NN", "NNS", "PRP"):
            return child
    return None


def _phrases(window: Window, telling: list[Token]) -> dict[int, data.Phrase]:
    """The phrases that begin with one of the tokens `telling`, by their first tokens."""
    lexicon, seconds, tokens = data.cues(), _second_words(), window.tokens
    found: dict[int, data.Phrase] = {}
    for token in [token for token in telling if token.lower_ in seconds]:
        second, i = seconds[token.lower_], token.i
        if second and not (i + 1 < len(tokens) and tokens[i + 1].lower_ in second):
            continue
        longest = len(lexicon.phrases[token.lower_][0].words)
        phrase = lexicon.phrase_at([one.lower_ for one in tokens[i : i + longest]], 0)
        if phrase is not None:
            found[i] = phrase
    return found


@cache
def _second_words() -> Mapping[str, frozenset[str]]:
    """The words behind each word that begins a phrase: "to" behind "according"; none if any may follow."""
    return {
        word: frozenset(phrase.words[1] for phrase in phrases if len(phrases[-1].words) > 1)
        for word, phrases in data.cues().phrases.items()
    }


def _phrase_cues(clauses: Clauses, phrases: Mapping[int, data.Phrase], verbs: Verbs) -> Iterator[Cue]:
    """Cues of several words: according to X, in the words of X, X was quoted as saying."""
    window = clauses.window
    for i, phrase in phrases.items():
        if phrase.strength == "none":
            continue
        end = i + len(phrase.words)
        if phrase.side == "after":
            token = _noun_phrase_at(window, end)
        else:
            quoted = _quoted_one(clauses, window.tokens[i]) if phrase.words[0] == "as" else None
            token = quoted or _subject_of(clauses, i, end, verbs)
        source = mention_at(window, token) if token is not None else None
        if token is None or source is None:
            continue
        left, right = (i, token.extent[1]) if phrase.side == "after" else (min(token.extent[0], i), end)
        yield Cue(
            *window.range(i, end), i, end, phrase.text, phrase.strength, phrase.channel, source, "phrase",
            left, max(right, end),
        )  # fmt: skip


def _noun_phrase_at(window: Window, start: int) -> Token | None:
    """The head of the noun phrase that starts at token `start`."""
    for i in range(start, min(start + 14, len(window.tokens))):
        token = window.tokens[i]
        if window.segment_at[i] >= 0:
            return None
        if token.tag_ in ("NN", "NNS", "NNP", "NNPS", "PRP"):
            while token.head.i > token.i and token.dep_ in ("compound", "nmod", "amod", "poss", "det"):
                token = token.head
            return token
        if token.is_punct:
            return None
    return None


def _quoted_one(clauses: Clauses, token: Token) -> Token | None:
    """Quill in "the Times quoted Quill as saying": the object of the verb on which "as" or "saying" hangs.

    In "she cited the report, saying", with a comma, it is she who says it.
    """
    verb, before = token.head, token.doc[max(0, token.i - 1)]
    passive = verb.i in clauses.passive
    if verb.tag_ not in _VERBS or passive or (token.lower_ != "as" and before.text == ","):
        return None
    return next((child for child in verb.rights if child.dep_ == "dobj" and child.i < token.i), None)


def _subject_of(clauses: Clauses, start: int, end: int, verbs: Verbs) -> Token | None:
    """The subject of the verb in tokens [start, end): "Quill was quoted as saying"."""
    for token in clauses.window.tokens[start:end]:
        if token.tag_ in _VERBS and token.dep_ not in _AUXILIARIES:
            found, _ = _source(clauses, token, verbs)
            if found is not None:
                return found
    return None


def _noun_cue(window: Window, token: Token) -> Iterator[Cue]:
    """Quill's claim that “…”; the mayor’s statement, “…”."""
    noun = data.cues().nouns.get(token.lower_)
    if noun is None:
        return
    for child in token.lefts:
        if child.dep_ == "poss":
            source = mention_at(window, child) if child.tag_ != "PRP$" else possessive(window, child)
            if source is not None:
                yield Cue(
                    *window.range(token.i, token.i + 1), token.i, token.i + 1,
                    noun.lemma, "weak", noun.channel, source, "noun",
                    child.extent[0], token.i + 1,
                )  # fmt: skip
            return
