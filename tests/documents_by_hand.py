"""Documents for the tests of writers: invented news with all that makes writing them hard."""

from __future__ import annotations

from builders import quotation, record, speaker
from hypothesis import strategies as st

from quotes.records import (
    Change,
    Document,
    DocumentRecord,
    Metadata,
    Quotation,
    Span,
    Speaker,
    Verification,
    parts_text,
    quote_id,
)

FLOOD = (
    "River 🌊 takes the *old* bridge\n\n"
    "“It rained all night,” Mayor Ada Quill said, "
    "“and the dam held. Ask Bram: he told me ‘run’ and I ran.”\n\n"
    "Quill wrote on her page: “Nobody was hurt.\n\n"
    "“Everybody is <b>wet</b> & cold.”\n\n"
    "A council official called the plan a “disgrace”. A sign read “NO FISHING.”\n"
)
_ADA = {"speaker_name": "Ada Quill"}
FLOOD_RECORD = record(
    "river-flood",
    FLOOD,
    quotation(
        FLOOD,
        "“It rained all night,”",
        "“and the dam held. Ask Bram: he told me ‘run’ and I ran.”",
        speaker="Mayor Ada Quill",
        cue="said",
        utterance_id="u-1",
        **_ADA,
    ),
    quotation(FLOOD, "‘run’", speaker=("Bram: ", "he"), cue="told", speaker_name="Bram Ostler", kind="mixed"),
    quotation(
        FLOOD,
        (FLOOD.index("“Nobody"), FLOOD.index(" & cold.”") + len(" & cold.”")),
        speaker=("\n\n", "Quill"),
        cue="wrote",
        channel="writing",
        **_ADA,
    ),
    quotation(
        FLOOD,
        "“disgrace”",
        speaker="A council official",
        speaker_kind="anonymous",
        cue="called",
        kind="mixed",
        confidence=0.35,
        in_boilerplate=True,
    ),
    quotation(FLOOD, "“NO FISHING.”", kind="unattributed", confidence=0.0),
    title='The river & the "bridge"',
    author="Ines Varga",
    date="2026-03-01",
    language="cy",
    outlet="Port Ellery Post",
    url="https://news.example/river?id=1&page=2",
)
TWEET = "We open the pier at noon. Bring a hat! 🎩"
TWEET_RECORD = record(
    "tweets/1",
    TWEET,
    quotation(
        TWEET,
        (0, len(TWEET)),
        channel="tweet",
        speaker_name="Port Ellery Harbour Board",
        speaker_kind="organization",
        rule="tweet-author",
        confidence=1.0,
        duplicate_of="0123456789abcdef",
    ),
    author="@portellery",
)
FORMULA = "=1+1 is what “=HYPERLINK(0)” gives, -2 said nobody.\n"
FORMULA_RECORD = record(
    "=cmd|calc",
    FORMULA,
    quotation(FORMULA, "=1+1", speaker="-2", cue="said", speaker_name="@portellery"),
    quotation(FORMULA, "“=HYPERLINK(0)”", kind="unattributed"),
    title="＋1",
)
PLAN = (
    "Ada Quill told the board that Bram Ostler thinks the plan is “mad” and ‘bound’ to fail.\n\n"
    "The *pier*, Noor Adeyemi, once a pilot here, did not say, would close. "
    "The board plans to sell it, though\nwho “knows”.\n"
)
BOTH = (
    "“We are <late>,” Mayor Ada Quill and a *pilot* said.\n\n"
    "“So we are,” they added, and Bram Ostler, 43, agreed.\n"
)
_PILOT = speaker(BOTH, "a *pilot*", None, "anonymous")
#: Several speakers: two mentions, and one word for two people.
BOTH_RECORD = record(
    "both",
    BOTH,
    quotation(
        BOTH,
        "“We are <late>,”",
        speaker="Ada Quill",
        cue="said",
        speakers=(speaker(BOTH, "Ada Quill", "Ada Quill"), _PILOT),
        speaker_role="mayor & *pilot*",
        speaker_id="Q42",
        name_confidence=0.97,
        **_ADA,
    ),
    quotation(
        BOTH,
        "“So we are,”",
        speaker="they",
        cue="added",
        speakers=(speaker(BOTH, "they", "Ada Quill"), speaker(BOTH, "they", "Bram Ostler")),
        name_confidence=0.5,
        **_ADA,
    ),
    title="Two of them",
)
_SAID, _THOUGHT = (
    "Bram Ostler thinks the plan is “mad” and ‘bound’ to fail",
    "the plan is “mad” and ‘bound’ to fail",
)
#: Reported speech: records within one another, in two ranges, over two paragraphs, and two that cross.
PLAN_RECORD = record(
    "plan",
    PLAN,
    quotation(
        PLAN,
        _SAID,
        kind="indirect",
        speaker="Ada Quill",
        cue="told",
        speaker_name="Ada Quill",
        attribution_type="assertion",
    ),
    quotation(
        PLAN,
        "“mad”",
        "‘bound’",
        kind="mixed",
        content=[_THOUGHT],
        speaker="Bram Ostler",
        cue="thinks",
        speaker_name="Bram Ostler",
        attribution_type="belief",
    ),
    quotation(
        PLAN,
        "The *pier*",
        "would close",
        kind="indirect",
        speaker="Noor Adeyemi",
        source="Noor Adeyemi, once a pilot here",
        cue="did not say",
        speaker_name="Noor Adeyemi",
        attribution_type="assertion",
        negated=True,
    ),
    quotation(
        PLAN,
        "to sell it, though\nwho “knows”",
        kind="indirect",
        speaker="The board",
        cue="plans",
        speaker_kind="group",
        attribution_type="eventuality",
        confidence=0.4,
    ),
    quotation(
        PLAN,
        "“knows”",
        kind="mixed",
        content=["though\nwho “knows”."],
        speaker="The board",
        speaker_kind="group",
    ),
    author="Ines Varga",
)
EMPTY = record("empty", "")
SILENT = record("silent", "Nobody said a word.\n\nThe end.\n")

RECORDS = (FLOOD_RECORD, EMPTY, SILENT, TWEET_RECORD, FORMULA_RECORD, PLAN_RECORD, BOTH_RECORD)

#: Ids that a file name can't or must not be.
TRICKY_IDS = (
    "../../x",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "a_b",
    "A_b",
    "nul\0byte",
    "x" * 5000,
    "x" * 5001,
    "con",
    "LPT1.txt",
    "..",
    ".",
    "",
    "-rf",
    ".hidden",
    "SHA256SUMS",
    "annotation",
    "naïve 🌊",
    "new\nline",
    "documents",
    "trailing. ",
)

_KINDS = st.sampled_from(["person", "organization", "group", "anonymous", "unknown"])
_CHARACTERS = st.sampled_from(
    "ab .,:“”‘’\"'\n\n\t\r\x0b\x85\u2028é🌊<&>]*_[`#-=+@{|\\\ufeff\x00\x1b\u202e\ufffe"
)
# Text that JSON, XML, Markdown, HTML and brat must each treat with care, or nearly anything.
TEXTS = st.text(_CHARACTERS, max_size=60) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def _ranges(draw: st.DrawFn, size: int, most: int = 3) -> tuple[tuple[int, int], ...]:
    cuts = sorted(draw(st.sets(st.integers(0, size), min_size=2, max_size=2 * most)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def verifications(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Verification:
    """What `quotes verify` could find, with a place in a source or without one."""
    place: dict[str, object] = {}
    if draw(st.booleans()):
        words, start = draw(texts), draw(st.integers(0, 2**40))
        place = {"source": draw(texts), "start": start, "end": start + len(words), "text": words}
    change = st.builds(
        Change, kind=st.sampled_from(["number", "words", "left_out"]), source=texts, quoted=texts
    )
    return Verification(
        verdict=draw(st.sampled_from(["verbatim", "altered", "not_found"])),
        date=draw(st.none() | texts),
        url=draw(st.none() | texts),
        speaker=draw(st.none() | texts),
        changes=tuple(draw(st.lists(change, max_size=2))),
        probability=draw(st.floats(0, 1)),
        **place,
    )


@st.composite
def records(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> DocumentRecord:
    """A record that fits its text: spans anywhere in it, nested, crossing and adjacent."""
    text = draw(texts)
    sha256 = Document(doc_id="", text=text).text_sha256
    names = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    found = []
    for _ in range(draw(st.integers(0, 4)) if text else 0):
        # White space alone is nobody's words: no reader and no matcher makes a quotation of it.
        parts = tuple(part for part in draw(_ranges(len(text))) if text[slice(*part)].strip())
        if not parts:
            continue
        spans = st.none() | _ranges(len(text), 1).map(lambda ranges: Span.of(text, *ranges[0]))
        speaker, cue, source = (
            span if span is not None and span.text.strip() else None
            for span in (draw(spans), draw(spans), draw(spans))
        )
        name, kind = draw(names), draw(_KINDS)
        speakers = None
        if speaker is not None and draw(st.booleans()):
            mentions = [speaker, *(one for one in (cue, source) if one is not None), speaker]
            told = [(name, kind), *((draw(names), draw(_KINDS)) for _ in mentions[1:])]
            speakers = tuple(
                Speaker(**mention.model_dump(), name=called, kind=of)
                for mention, (called, of) in zip(mentions, told, strict=True)
            )
        content = draw(st.none() | _ranges(len(text)))
        content = tuple(words for words in content or () if text[slice(*words)].strip()) or None
        found.append(
            Quotation(
                quote_id=quote_id(sha256, parts),
                kind=draw(st.sampled_from(["direct", "mixed", "indirect", "unattributed"])),
                channel=draw(st.sampled_from(["speech", "writing", "tweet"])),
                parts=parts,
                text=parts_text(text, parts),
                speaker=speaker,
                speaker_name=name,
                speaker_kind=kind,
                speakers=speakers,
                speaker_role=draw(names),
                speaker_id=draw(st.sampled_from([None, "Q76"])),
                name_confidence=draw(st.none() | st.floats(0, 1)),
                cue=cue,
                rule=draw(st.sampled_from(["clause", "review:ada"])),
                confidence=draw(st.floats(0, 1)),
                content=content,
                source=source,
                attribution_type=draw(st.sampled_from([None, "assertion", "belief", "fact", "eventuality"])),
                negated=draw(st.booleans()),
                in_boilerplate=draw(st.booleans()),
                duplicate_of=draw(names),
                utterance_id=draw(names),
                verification=draw(st.none() | verifications(st.text(max_size=9))),
            )
        )
    metadata = Metadata(title=draw(names), author=draw(names), url=draw(names))
    doc_id = draw(st.sampled_from(TRICKY_IDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=9))
    return DocumentRecord(
        doc_id=doc_id, text_sha256=sha256, quotations=tuple(found), metadata=metadata, text=text
    )
