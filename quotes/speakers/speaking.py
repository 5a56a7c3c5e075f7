"""Stage 4, Claims → Entities: whom claims, reports, turns and posts name, resolved in text order.

“…,” said Ada Quill.   →   Ada Quill
MR. RENN: …            →   whom the label means
RT @lowmarsh_mayor: …  →   whose account it is
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from operator import itemgetter

from quotes import data
from quotes.attribution.claims import Claims
from quotes.attribution.labels import SPEAKER_LABEL, TWEET_FOOTER, named, turn_mention
from quotes.attribution.scene import Claim
from quotes.data import Registry
from quotes.indirect.merging import NOTHING, Reported
from quotes.parsing.mentions import Mention
from quotes.records import SpeakerKind
from quotes.speakers import interviews
from quotes.speakers.entities import Entities, Resolution, Resolver, unnamed_kind
from quotes.speakers.learned import Learned, Told
from quotes.speakers.people import Person
from quotes.text.marks import Range
from quotes.text.segments import Segments
from quotes.text.transcripts import ANSWERS, ASKS, Turn
from quotes.tweets.embedded import footer_of
from quotes.tweets.posts import Post

# Lemmas of cues whose speaker was spoken to.
_ANSWERS = frozenset(["answer", "reply", "respond", "retort", "rejoin"])
# "wrote in a long report"
_IN_DOCUMENT = re.compile(r"(?: \w+)?,? in (?:an?|its) (?:[a-z-]+ ){0,2}?([a-z]+)\b")
# So far behind a cue its hearer is looked for, in code points.
_TO_WHOM = 20


def resolve(
    claims: Claims,
    registry: Registry,
    *,
    reported: Reported = NOTHING,
    date: str | None = None,
    post: Post | None = None,
) -> Entities:
    """Resolve the speaker of every quotation, in text order, since earlier speakers help to find later ones.

    The sources of reports come after that, so that quotations have the same speakers with them and without.
    `date` is the document's, in ISO 8601, if it is known; `post` is the layout of a post.
    """
    segments = claims.segments
    claimed = [claim.candidate.mention for claim in claims.of_segment if claim is not None]
    resolver = Speakers(segments, registry, claims.subjects, date, claims.topics, claimed)
    learned = Learned()
    speakers = []
    for group in claims.quotations:
        claim = claims.first(group)
        words = [(segments[number].start, segments[number].end) for number in group]
        speakers.append(None if claim is None else resolver.speaker(claim, learned, words))
    others = (
        [resolver.resolve(_mention(segments, one.mention), learned) for one in post.others] if post else []
    )
    return Entities(
        speakers=tuple(speakers),
        reported=tuple(_of_reports(resolver, claims, reported)),
        others=tuple(others),
        owner=resolver.owner(post.account, post.author) if post else None,
        turns=tuple(resolver.turn(one, learned) for one in segments.transcript.unmarked),
        names={} if not any(speakers) and not reported.others else resolver.people.names(),
    )


def _of_reports(resolver: Speakers, claims: Claims, reported: Reported) -> list[Resolution | None]:
    """The sources of reports, resolved in text order together with the speakers of the quotations."""
    found: list[Resolution | None] = [None] * len(reported.others)
    waiting: list[tuple[int, int, Claim | Mention]] = [
        (report.mention.start, number, report.mention)
        for number, (report, _) in enumerate(reported.others)
        if report.mention is not None
    ]
    firsts = (claims.first(group) for group in claims.quotations) if waiting else ()
    waiting += ((claim.candidate.mention.start, -1, claim) for claim in firsts if claim is not None)
    learned = Learned()
    for _, number, one in sorted(waiting, key=itemgetter(0, 1)):
        if isinstance(one, Claim):
            resolver.speaker(one, learned)
        else:
            found[number] = resolver.with_others(one, resolver.resolve(one, learned), learned)
    return found


def _mention(segments: Segments, words: Range) -> Mention:
    """The mention that a post's layout names, such as the account after "RT"."""
    paragraph = bisect_right(segments.paragraphs, words[0], key=itemgetter(1)) % len(segments.paragraphs)
    return named(segments.text, *words, paragraph)


class Speakers(Resolver):
    """Who speaks, by claims, labels and accounts: what stands around a mention tells more than its words."""

    def speaker(self, claim: Claim, learned: Learned, words: Sequence[Range] = ()) -> Resolution:
        """Who said these words; for an embedded tweet, whose account it is, if that is known."""
        mention = claim.candidate.mention
        if (
            claim.candidate.rule == TWEET_FOOTER
            and (footer := footer_of(self.text, mention.start)) is not None
        ):
            known = self.known_account(footer.handle, footer.day)
            if known is not None:
                return known._replace(mention=self._whole(mention))
        if claim.candidate.rule == SPEAKER_LABEL:
            key = self._keys.get(mention.start, "")
            known = self._of_key(key, mention, learned) or self._labelled(mention)
            known = known or (self._of_role(mention, learned) if key else None)
            if known is not None:
                return known
        cue = claim.candidate.cue
        found = self.resolve(mention, learned, words, answers=cue is not None and cue.lemma in _ANSWERS)
        if claim.candidate.rule == SPEAKER_LABEL and cue is not None and found.kind == "unknown":
            found = found._replace(kind="person")  # a member of a forum
        self._tell(claim, found, learned, words)
        self._publish(claim, found, learned)
        return self.with_others(mention, found, learned)

    def _publish(self, claim: Claim, found: Resolution, learned: Learned) -> None:
        """Remember whose document it is: "the board wrote in a report"; later, "the report" is the board."""
        cue = claim.candidate.cue
        if cue is None or found.kind != "organization" or found.name is None or not learned.spoke:
            return
        found_in = _IN_DOCUMENT.match(self.text, cue.end)
        noun = data.titles().nouns.get(found_in[1]) if found_in else None
        at, person = learned.spoke[-1]
        if found_in and noun is not None and noun.kind == "document" and at == claim.candidate.mention.start:
            learned.publishers[found_in[1]] = person

    def _tell(self, claim: Claim, found: Resolution, learned: Learned, words: Sequence[Range]) -> None:
        """Remember who said it to whom: the next may answer."""
        if found.name is None or not learned.spoke or learned.spoke[-1][0] != claim.candidate.mention.start:
            learned.told = None
        else:
            learned.told = partial(self._told, claim, learned.spoke[-1][1], words)

    def _told(self, claim: Claim, speaker: Person, words: Sequence[Range]) -> Told:
        """Who said it to whom, and whether it was a question."""
        mention, cue = claim.candidate.mention, claim.candidate.cue
        hearer = None
        if cue is not None:
            end = max(mention.end, cue.end)
            for name, person in self.people.between(end, end + _TO_WHOM):
                linked = self.text[end : name.run].strip()
                if linked == "to" or (not linked and mention.end <= cue.start):
                    hearer = person
                break
        asked = any("?" in self.text[max(0, end - 3) : end] for _, end in words[-1:])
        return Told(mention.start, speaker, hearer, asked)

    def turn(self, turn: Turn, learned: Learned) -> Resolution | None:
        """Whose a turn of a transcript is: whom its label names, or who asks or answers in an interview.

        None where nobody is known to answer: questions and answers without a person are no interview.
        """
        if turn.key in (ASKS, ANSWERS) and self._segments.transcript.answers and not self._interview.answers:
            return None
        if turn.label is None:
            name = self._interview.introduces(turn.key, turn.words[0][0])
            return name and self.resolve(named(self.text, name.start, name.end, turn.paragraph), learned)
        mention = turn_mention(self.text, turn)
        known = self._of_key(turn.key, mention, learned) or self._labelled(mention)
        if mention.form == "name" and self.text[mention.start : mention.end].startswith("The "):
            body = self.people.at(mention.start, mention.end)  # "The Courier": people have no article
            if body is not None:
                learned.kinds[body] = "organization"
        found = known or self._of_role(mention, learned) or self.resolve(mention, learned)
        return found._replace(mention=turn.label)

    def _of_role(self, mention: Mention, learned: Learned) -> Resolution | None:
        """Whom a label means that is a role, "THE COURT": not somebody of that name. None for a name."""
        if mention.form != "nominal":
            return None
        if mention.head == "court" and (judge := self.roles.holder("the judge", "judge", mention.start)):
            return self._standing_for(judge, mention, learned)
        found = self.resolve(mention, learned)
        words = data.fold(self.text[mention.start : mention.end]).split()
        if found.name is None or not set(data.fold(found.name).split()) <= set(words):
            return found
        return Resolution(None, unnamed_kind(mention), found.chain[:1], found.mention)

    def _of_key(self, key: str, mention: Mention, learned: Learned) -> Resolution | None:
        """The person for whom "A", "Q" or initials stand; None for a label that is a name."""
        text = self.text[mention.start : mention.end]
        asks_or_answers = key in (ASKS, ANSWERS)
        if asks_or_answers:
            person = self._interview.of(key)
        else:
            person = interviews.with_initials(text, self.people.all) if key else None
        if person is None:
            nobody = Resolution(None, "anonymous", (text,), (mention.start, mention.end))
            return nobody if asks_or_answers else None
        return self._standing_for(person, mention, learned)

    def _standing_for(self, person: Person, mention: Mention, learned: Learned) -> Resolution:
        """The person for whom a label stands that isn't the name."""
        learned.spoke.append((mention.start, person))
        kind: SpeakerKind = "organization" if learned.kind(person) == "organization" else "person"
        return self._as(person, kind, mention, (mention.start, mention.end), {"interview": 1.0})

    def _labelled(self, mention: Mention) -> Resolution | None:
        """The registry's speaker whom a transcript's label means: "MR. SPICER:".

        The document must not have the full name, and must name one of the speaker's roles.
        """
        text = self.text[mention.start : mention.end]
        person = self.people.at(mention.start, mention.end)
        if not text.isupper() or " " in text or (person is not None and len(person.words) > 1):
            return None
        before = self.text[max(0, mention.start - 10) : mention.start].split()[-1:]
        gender, surname = data.titles().gender(data.fold(before[0])) if before else None, data.fold(text)
        found = [
            known
            for known in self._registry.speakers
            if known.kind == "person"
            and data.fold(known.name.rsplit(maxsplit=1)[-1]) == surname
            and gender in (known.gender, None)
        ]
        if len(found) != 1 or not any(role.casefold() in self._small for role in found[0].roles):
            return None
        return Resolution(
            found[0].name, "person", (text, f"{found[0].name} (registry)"), (mention.start, mention.end),
            wikidata=found[0].wikidata, evidence={"label": 1.0},
        )  # fmt: skip

    @cached_property
    def _small(self) -> str:
        return self.text.casefold()

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        return self._segments.transcript.keys

    def known_account(self, handle: str, day: str | None) -> Resolution | None:
        """Whose account it is on that day, if the registry knows it."""
        known = self._tweeting(handle, day)
        if known is None:
            return None
        steps = (handle, f"{known.name} (registry)")
        return Resolution(known.name, known.kind, steps, wikidata=known.wikidata, evidence={"account": 1.0})

    def owner(self, handle: str, display: str | None) -> Resolution:
        """Whose account it is: by the registry, else by its display name, else by its handle."""
        if (known := self.known_account(handle, self._date)) is not None:
            return known
        name = display or handle
        words = [data.fold(word) for word in name.split()]
        bodies = data.titles()
        nouns = [noun for word in words if (noun := bodies.nouns.get(word))]
        if any(noun.kind == "organization" for noun in nouns) or bodies.organization_endings & set(words):
            return Resolution(name, "organization", (handle, name), evidence={"account": 1.0})
        person = len(words) > 1 and words[0] in data.first_names()
        kind: SpeakerKind = "person" if person else "unknown"
        return Resolution(name, kind, (handle, name), evidence={"account": 1.0})
