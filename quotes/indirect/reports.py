"""Parse → reports: everything that the writer attributes to somebody, in marks or not.

Ana Cruz, the mayor, said the pier would close.
    →   cue "said", source "Ana Cruz, the mayor", content "the pier would close", an assertion
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from quotes import data
from quotes.attribution import Claims
from quotes.indirect import contents, cues, sources
from quotes.indirect.acceptance import Proposal, evidence
from quotes.indirect.contents import Attribution
from quotes.indirect.grammar import Grammar, lemma
from quotes.indirect.sources import Source
from quotes.indirect.weights import Models
from quotes.parsing import Parse, Window
from quotes.parsing.mentions import Mention, mention_at, possessive
from quotes.parsing.tokens import Token
from quotes.records import AttributionType
from quotes.text.marks import Range
from quotes.text.segments import Segments

# A token that is less probably a cue isn't asked for its source and content.
_LEAST_CUE = 0.15
# So many cues of one sentence are followed, the most probable ones: a page of "said said said" has no end.
_MOST_CUES = 12
# Lemmas of the verbs that may have an object and report nothing, and what would be reported behind them.
_WITH_OBJECTS = frozenset(["say", "writ"])
_REPORTED = frozenset(["oprd", "xcomp", "ccomp", "acomp", "prt", "dative", "advcl", "attr"])
_NEGATING = frozenset(["not", "n't", "n’t", "never", "nor"])


@dataclass(frozen=True, slots=True)
class Report:
    """One attribution. All ranges are half-open, in code points of the document, and in text order."""

    content: tuple[Range, ...]
    """All that is reported."""
    cue: Range | None
    source: Range | None
    """The whole phrase that names the source."""
    speaker: Range | None
    """The mention in it: of "who", itself."""
    mention: Mention | None
    """Whom the mention refers to, for the next stage: of "who", its antecedent."""
    type: AttributionType
    negated: bool
    confidence: float
    accepted: bool
    """Whether it is probable enough by itself; if not, it only tells more of a quotation with its cue."""


def proposals(window: Window, models: Models, known: Set[int] = frozenset()) -> list[Proposal]:
    """The attributions of a window, more of them than are right, in the order of their cues.

    `known` are the places of words that are known to be cues: they are followed, however improbable.
    """
    if not window.tokens:
        return []
    grammar = Grammar.of(window)
    found = []
    probable = list(_followed(grammar, list(cues.heads(grammar, models, _LEAST_CUE))))
    followed = {head for head, _ in probable}
    probable += (
        cues.CueHead(token.i, models.cues.probability(cues.features(grammar, token)))
        for token in grammar.tokens
        if window.starts[token.i] in known and token.i not in followed and not grammar.quoted(token.i)
    )
    for head, probability in sorted(probable):
        cue = cues.extent(grammar, head, lambda names, _: models.extents.score(names) > 0)
        source, source_probability = sources.choose(grammar, head, cue, models)
        attribution = Attribution(grammar, head, cue, source)
        content = contents.choose(attribution, models)
        if content is not None:
            proposal = Proposal(attribution, content, probability, source_probability)
            if _says_something(proposal):
                found.append(proposal)
    return found


def _says_something(proposal: Proposal) -> bool:
    """Whether a proposal has a content and a source: "said goodbye" hasn't, nor "according to plan"."""
    attribution = proposal.attribution
    grammar, source = attribution.grammar, attribution.source
    said = [grammar.words[i] for i in proposal.tokens if grammar.quoted(i) or not grammar.tokens[i].is_punct]
    if len(said) < 2 and (not said or said[0] in data.attribution_words().no_content):
        return False
    if _is_object_alone(proposal):
        return False
    if source is None or source.last - source.first > 1 or grammar.words[attribution.head] != "according":
        return True
    return grammar.words[source.head] not in data.attribution_words().no_source


def _is_object_alone(proposal: Proposal) -> bool:
    """Whether a verb has an object and nothing else that could be reported.

    wrote a novel, said goodbye at the gate   →   nothing is reported
    wrote that it rained, said it rained      →   something is
    """
    attribution = proposal.attribution
    grammar, head = attribution.grammar, attribution.grammar.tokens[attribution.head]
    kind = attribution.lemma
    if kind not in _WITH_OBJECTS or head.tag_[0] != "V":
        return False
    if any(child.dep_ in _REPORTED for child in head.rights) or any(
        grammar.quoted(i) or grammar.tokens[i].tag_[0] in "VM" for i in proposal.tokens
    ):
        return False
    if kind == "say":
        return any(child.lower_ in data.attribution_words().greetings for child in head.rights)
    object_ = next((child.lower_ for child in head.rights if child.dep_ == "dobj"), None)
    return object_ is not None and not {object_, object_.removesuffix("s")}.isdisjoint(data.marks().named)


def _followed(grammar: Grammar, heads: Sequence[cues.CueHead]) -> Iterator[cues.CueHead]:
    """The most probable cues of each sentence, in text order."""
    of_sentence: dict[int, list[cues.CueHead]] = {}
    for head in heads:
        of_sentence.setdefault(grammar.root[head.head], []).append(head)
    for group in of_sentence.values():
        yield from sorted(sorted(group, key=lambda one: -one.probability)[:_MOST_CUES])


def find_reports(parse: Parse, claims: Claims, models: Models) -> Iterator[Report]:
    """The attributions of a document that are probable enough, and those of the cues of claims."""
    firsts = (claims.first(group) for group in claims.quotations)
    known = {claim.candidate.cue.start for claim in firsts if claim and claim.candidate.cue}
    for window in parse.every():
        found = proposals(window, models, known)
        features = [evidence(one, found, models) for one in found]
        for proposal, confidence in zip(found, models.acceptance.confidences(features), strict=True):
            accepted = confidence >= models.threshold
            if accepted or window.starts[proposal.attribution.head] in known:
                yield _report(proposal, parse.segments, confidence, accepted)


def _report(proposal: Proposal, segments: Segments, confidence: float, accepted: bool) -> Report:
    attribution = proposal.attribution
    grammar, source = attribution.grammar, attribution.source
    window = grammar.window
    mention = _mention(grammar, source) if source is not None else None
    whole = window.range(source.first, source.last) if source is not None else None
    speaker = (mention.start, mention.end) if mention is not None else None
    if whole is not None and (speaker is None or not whole[0] <= speaker[0] < speaker[1] <= whole[1]):
        speaker = whole  # "who" names Quill, but Quill is not in its phrase
    return Report(
        content=tuple(_ranges(window, segments, proposal.tokens)),
        cue=window.range(*attribution.cue),
        source=whole,
        speaker=speaker,
        mention=mention,
        type=attribution_type(attribution),
        negated=is_negated(grammar, attribution),
        confidence=confidence,
        accepted=accepted,
    )


def _mention(grammar: Grammar, source: Source) -> Mention:
    window, token = grammar.window, grammar.tokens[source.head]
    found = possessive(window, token) if token.tag_ == "PRP$" else mention_at(window, token)
    if found is not None:
        return found
    start, end = window.range(source.first, source.last)
    plural = token.tag_ in ("NNS", "NNPS")
    return Mention(start, end, "nominal", token.lower_, plural, token.i, window.paragraph)


def _ranges(window: Window, segments: Segments, tokens: Sequence[int]) -> Iterator[Range]:
    """The ranges of the document that runs of tokens stand for, with the marks of quotations."""
    for first, last in _runs(tokens):
        while first < last and window.tokens[first].is_punct and window.segment_at[first] < 0:
            first += 1
        while first < last and window.tokens[last - 1].is_punct and window.segment_at[last - 1] < 0:
            last -= 1
        if first == last:
            continue
        start, end = window.range(first, last)
        opening, closing = window.segment_at[first], window.segment_at[last - 1]
        if opening >= 0 and window.where[opening][0] == first:
            start = segments[opening].start
        if closing >= 0 and window.where[closing][1] == last:
            end = segments[closing].end
        yield start, end


def _runs(tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = tokens[0]
    for token, following in zip(tokens, [*tokens[1:], -1], strict=True):
        if following != token + 1:
            yield first, token + 1
            first = following


def attribution_type(attribution: Attribution) -> AttributionType:
    """What a cue says of its source.

    promised to close it, asked Quill to close it   →   eventuality
    promised that it would close, declined to say whether it would   →   assertion
    """
    grammar, (first, last) = attribution.grammar, attribution.cue
    verbs = [grammar.words[i] for i in range(first, last) if grammar.words[i] in data.cues().verbs]
    given = _types().get(attribution.lemma, "assertion")
    if _is_infinitive(attribution):
        done = given == "assertion" and attribution.lemma not in _said_to_be()
        return "eventuality" if done else given
    # The last verb of the cue tells what was done: "declined to say".
    return "assertion" if given == "eventuality" and verbs and _has_clause(attribution) else given


def _is_infinitive(attribution: Attribution) -> bool:
    """Whether what the cue governs behind it is an infinitive with "to"."""
    verbs = (child for child in _cue_children(attribution) if child.dep_ in ("xcomp", "ccomp"))
    first = next(verbs, None)
    return first is not None and any(child.tag_ == "TO" for child in first.lefts)


def _has_clause(attribution: Attribution) -> bool:
    """Whether the cue governs a finite clause behind it: "that it closes", "whether it closes"."""
    return any(child.dep_ == "ccomp" for child in _cue_children(attribution))


def _cue_children(attribution: Attribution) -> Iterator[Token]:
    first, last = attribution.cue
    for token in attribution.grammar.tokens[first:last]:
        yield from (child for child in token.rights if child.i >= last)


@cache
def _types() -> Mapping[str, AttributionType]:
    return {lemma(word): type_ for word, type_ in data.attribution_words().types.items()}


@cache
def _said_to_be() -> frozenset[str]:
    return frozenset(map(lemma, data.attribution_words().said_to_be))


def is_negated(grammar: Grammar, attribution: Attribution) -> bool:
    """Whether a cue is denied: "did not say", "never said"."""
    head = grammar.tokens[attribution.head]
    return any(child.dep_ == "neg" or child.lower_ in _NEGATING for child in head.lefts) or any(
        grammar.word(i) in _NEGATING for i in range(*attribution.cue)
    )
