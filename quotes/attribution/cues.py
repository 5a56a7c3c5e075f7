"""From a parsed window to its cues: the words that introduce quotations, each with its source.

“…,” said Ada Quill, the mayor, adding “…”   →   said ← Ada Quill;  adding ← Ada Quill
according to two aides                       →   according to ← two aides
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from quotes import data
from quotes.attribution.inverted import Inverted, inverted
from quotes.parsing import Window
from quotes.parsing.mentions import CALENDAR, PEOPLE, Mention, is_age, is_misread_name, mention_at, possessive
from quotes.parsing.tokens import Token

Strength = Literal["strong", "weak", "none"]
Link = Literal["subject", "inverted", "shared", "participle", "modifier", "agent", "phrase", "noun", "outer"]
Verbs = Mapping[str, data.Cue]
"""Cue verbs by their lower-cased written forms."""

_STOPS = frozenset([".", "?", "!"])
# Of a phrase that is no cue, in tokens.
_LONGEST_PHRASE = 4
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
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


def cues(window: Window, verbs: Verbs | None = None) -> list[Cue]:
    """Every cue among the writer's own words, in text order; verbs that are not cues have strength "none".

    `verbs` are the cue verbs by their written forms; by default, those that ship.
    """
    verbs = data.cues().verbs if verbs is None else verbs
    found: list[Cue] = list(_phrases(window, verbs))
    taken = {i for cue in found for i in range(cue.verb, cue.last)}
    for token in window.tokens:
        if window.segment_at[token.i] >= 0 or token.i in taken:
            continue
        if token.tag_[0] == "V" or _is_mistagged(token, verbs):
            found.extend(_verb_cue(window, token, verbs))
        elif token.tag_ in ("NN", "NNS"):
            found.extend(_noun_cue(window, token))
    return sorted(_with_inverted(window, found, verbs), key=lambda cue: cue.verb)


def _with_inverted(window: Window, found: list[Cue], verbs: Verbs) -> list[Cue]:
    """The cues, with those whose source only the order of the words tells."""
    sourced = {cue.verb for cue in found if cue.source is not None and cue.strength != "none"}
    hidden = [one for one in inverted(window, verbs) if one.first not in sourced]
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


def _is_mistagged(token: Token, verbs: Verbs) -> bool:
    """A cue verb that the tagger took for a noun, though the parser uses it as a verb: ", posting: “…”"."""
    verb = verbs.get(token.lower_)
    if verb is None or verb.form == "base" or token.dep_ not in ("advcl", "ccomp", "ROOT", "conj", "acl"):
        return False
    return not any(child.dep_ in ("det", "poss", "amod", "compound") for child in token.lefts)


def _verb_cue(window: Window, token: Token, verbs: Verbs) -> Iterator[Cue]:
    if token.dep_ in ("aux", "auxpass"):
        return
    verb = None if _means_otherwise(token) else verbs.get(token.lower_)
    source_token, link = _source(window, token, verbs)
    if link != "agent" and _is_passive(token):
        return  # who was asked, or voted “player of the match”, said nothing
    if source_token is None and verb is not None and verb.strength == "strong":
        source_token, link = _neighbour(window, token), "subject"
    found = _clause(window, token, verb, source_token, link)
    if verb is None and found.source is None:
        return
    if link == "agent" and found.source is not None and not speaks(found.source):
        return  # “the Saucer” by the river
    yield found
    if verb is None or source_token is None:
        return
    if link == "participle":
        yield from _outer_cue(window, token, verb, source_token)
    elif link == "subject" and any(s >= 0 for s in window.segment_at[source_token.i : token.i]):
        # “…,” said Quill: the parser may find the subject in front of the quotation instead.
        behind = _inverted(window, token, verbs)
        if behind is not None:
            yield _clause(window, token, verb, behind, "inverted")


def _means_otherwise(verb: Token) -> bool:
    """Whether a verb begins words that are no cue: "gasped for air"."""
    lexicon = data.cues()
    if verb.lower_ not in lexicon.phrases:
        return False
    phrase = lexicon.phrase_at([token.lower_ for token in verb.doc[verb.i : verb.i + _LONGEST_PHRASE]], 0)
    return phrase is not None and phrase.strength == "none"


def speaks(agent: Mention) -> bool:
    """Whether who stands after "by" may speak: a name or a noun for people, not a day, a means or a place."""
    if agent.form == "name":
        return agent.head not in CALENDAR
    return agent.form == "pronoun" or agent.head in PEOPLE or data.fold(agent.head) in data.titles().nouns


def _is_passive(verb: Token) -> bool:
    return any(child.dep_ == "auxpass" for child in verb.lefts)


def _clause(window: Window, token: Token, verb: data.Cue | None, source: Token | None, link: Link) -> Cue:
    """The cue that a verb and its source make."""
    first, last = token.i, token.i + 1
    for child in token.rights:
        if child.dep_ == "prt" and child.i == last:
            last += 1
    left, right = first, last
    who = None
    if source is not None:
        who = _owner(window, source, said=verb is not None) or mention_at(window, source)
        begin, end = source.extent
        left = min(first, begin)
        right = max(last, end) if source.i >= last else last
    return Cue(
        *window.range(first, last), first, last,
        verb.lemma if verb else token.lower_, verb.strength if verb else "none",
        verb.channel if verb else "speech",
        who, link, left, right, passive=_is_passive(token),
        describes=verb is not None and verb.describes,
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


def _outer_cue(window: Window, token: Token, verb: data.Cue, inner: Token) -> Iterator[Cue]:
    """Quill said he had asked, adding “…”: besides "he", the subject of the outer clause."""
    clause = inner.head
    if clause.dep_ not in ("ccomp", "advcl") or clause.head == clause:
        return
    outer = _subject(window, clause.head)
    source = mention_at(window, outer) if outer is not None else None
    if source is not None:
        yield Cue(
            *window.range(token.i, token.i + 1), token.i, token.i + 1, verb.lemma, verb.strength,
            verb.channel, source, "outer", token.i, token.i + 1,
        )  # fmt: skip


def _source(window: Window, verb: Token, verbs: Verbs) -> tuple[Token | None, Link]:
    """The token that heads the source of a verb, and the link between them."""
    if verb.dep_ == "xcomp" and verb.head.lower_ == "used":
        verb = verb.head  # "her father used to say": no more than a tense
    for child in verb.children:
        if child.dep_ == "agent":
            for inner in child.children:
                if inner.dep_ == "pobj":
                    return inner, "agent"
    subject = _subject(window, verb)
    if subject is not None:
        return subject, "subject" if subject.i < verb.i else "inverted"
    inverted = _inverted(window, verb, verbs)
    if inverted is not None:
        return inverted, "inverted"
    token = verb
    link: Link = "shared"
    for _ in range(6):
        if token.dep_ in ("acl", "relcl") and token.tag_ in ("VBG", "VBN"):
            return token.head, "modifier"
        if token.dep_ in ("advcl", "xcomp", "pcomp", "prep", "ccomp", "dep", "aux"):
            link = "participle"
        elif token.dep_ != "conj":
            return None, "shared"
        if token.head == token:
            return None, "shared"
        if token.head.lower_ in data.cues().quoting and (quoted := _quoted_one(token)) is not None:
            return quoted, link
        token = token.head
        if token.tag_[0] == "V" or token.dep_ in ("ROOT", "relcl", "ccomp"):
            subject = _subject(window, token)
            if subject is not None:
                return subject, "participle" if link == "participle" else "shared"
    return None, "shared"


def _subject(window: Window, verb: Token) -> Token | None:
    best = None
    for child in verb.children:
        if child.dep_ in _SUBJECTS and window.segment_at[child.i] < 0 and child.tag_ not in ("EX",):
            best = child
            if child.i < verb.i:
                continue
            break
    return best


def _inverted(window: Window, verb: Token, verbs: Verbs) -> Token | None:
    """“…,” said Quill. Said Quill: “…”. The parser may call the subject an object; the verb's place tells."""
    i = verb.i - 1
    while i >= 0 and window.segment_at[i] < 0 and window.tokens[i].text in (",", "-", "–", "—"):
        i -= 1
    opens = verb.tag_ != "VBG" and (verb.i == 0 or verb.doc[verb.i - 1].text in _STOPS)
    if verb.lower_ not in verbs or not (opens or (i >= 0 and window.segment_at[i] >= 0)):
        return None
    for child in verb.rights:
        if child.dep_ in _DOUBTFUL_OBJECTS and child.tag_ in ("NNP", "NNPS", "NN", "NNS", "PRP"):
            return child
    return None


def _phrases(window: Window, verbs: Verbs) -> Iterator[Cue]:
    """Cues of several words: according to X, in the words of X, X was quoted as saying."""
    lexicon = data.cues()
    lower = [token.lower_ for token in window.tokens]
    for i, word in enumerate(lower):
        if word not in lexicon.phrases or window.segment_at[i] >= 0:
            continue
        phrase = lexicon.phrase_at(lower, i)
        if phrase is None or phrase.strength == "none":
            continue
        end = i + len(phrase.words)
        if phrase.side == "after":
            token = _noun_phrase_at(window, end)
        else:
            quoted = _quoted_one(window.tokens[i]) if word == "as" else None
            token = quoted or _subject_of(window, i, end, verbs)
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


def _quoted_one(token: Token) -> Token | None:
    """Quill in "the Times quoted Quill as saying": the object of the verb on which "as" or "saying" hangs.

    In "she cited the report, saying", with a comma, it is she who says it.
    """
    verb, before = token.head, token.doc[max(0, token.i - 1)]
    if verb.tag_[0] != "V" or _is_passive(verb) or (token.lower_ != "as" and before.text == ","):
        return None
    return next((child for child in verb.rights if child.dep_ == "dobj" and child.i < token.i), None)


def _subject_of(window: Window, start: int, end: int, verbs: Verbs) -> Token | None:
    """The subject of the verb in tokens [start, end): "Quill was quoted as saying"."""
    for token in window.tokens[start:end]:
        if token.tag_[0] == "V" and token.dep_ not in ("aux", "auxpass"):
            found, _ = _source(window, token, verbs)
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
