"""TEI P5: the texts with <said who> and <quote>, and their speakers in the headers, for editors.

A file is a <teiCorpus> with a <TEI> for each document. A quotation is <said> if it was spoken, <quote> if it
was written or posted, and <q> if it has no speaker; @ana names the type of the attribution. Mentions are
<rs>, cues <seg type="cue">; the whole source, where it is more, is <rs type="source">, and all that is
reported <seg type="content">. A quotation of several parts, or one that crosses a paragraph or another mark,
is several elements, linked by @next and @prev. The text within <body> is the document's, character for
character, but characters that XML forbids become U+FFFD. Fields such as `kind` and `rule` are left out; JSON
Lines has everything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from quotes.files.whole_file import WholeFile
from quotes.formats.marked_text import Piece, Range, Speaker, Speakers, nested, speakers_of, walk
from quotes.formats.writers import PieceWriter, WriteOptions, Writer, text_of
from quotes.records import DocumentRecord, Quotation
from quotes.text.marks import paragraphs

#: The characters that XML 1.0 forbids, even as references.
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_HEADER: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader><fileDesc>
<titleStmt><title>Quotations and their speakers</title></titleStmt>
<publicationStmt><p>Extracted by quotes; not published.</p></publicationStmt>
<sourceDesc><p>Each document names its own source.</p></sourceDesc>
</fileDesc>
<encodingDesc><classDecl><taxonomy>
<category xml:id="assertion"><catDesc>The source said it.</catDesc></category>
<category xml:id="belief"><catDesc>The source believes it.</catDesc></category>
<category xml:id="fact"><catDesc>The source knows it for a fact.</catDesc></category>
<category xml:id="eventuality"><catDesc>The source wants or intends it.</catDesc></category>
<category xml:id="negated"><catDesc>The cue is denied.</catDesc></category>
</taxonomy></classDecl></encodingDesc></teiHeader>
"""
_FOOTER: Final = "</teiCorpus>\n"

_PERSON: Final = {"organization": ("org", "orgName"), "group": ("personGrp", "name")}


class _Mark(NamedTuple):
    """A stretch of the text that becomes an element: its tag, attributes without links, and chain."""

    range: Range
    tag: str
    attributes: str
    chain: str
    """The pieces of a chain are linked."""


@contextmanager
def opened(path: Path, options: WriteOptions) -> Iterator[Writer]:
    """Open a writer. Documents are numbered, so that every xml:id of the file is unique."""
    del options
    numbers = count(1)
    with WholeFile(path, _HEADER.encode(), _FOOTER.encode()) as file:
        yield PieceWriter(file, lambda record: encode(record, f"d{next(numbers)}"))


def encode(record: DocumentRecord, key: str) -> bytes:
    """The record as a <TEI> element, whose xml:ids begin with `key`. Raises OutputError if it has no text."""
    text = NOT_XML.sub("\ufffd", text_of(record))
    speakers = speakers_of(record.quotations)
    body = "".join(_body(text, _marks(record.quotations, speakers, key)))
    tei = (
        f'<TEI xml:id="{key}">\n{_header(record, speakers, key)}'
        f'<text><body xml:space="preserve">{body}</body></text>\n</TEI>\n'
    )
    return tei.encode()


def _header(record: DocumentRecord, speakers: Speakers, key: str) -> str:
    known = record.metadata
    author = "" if known.author is None else f"<author>{_text(known.author)}</author>"
    bibl = [f"<title>{_text(known.title or record.doc_id)}</title>", author]
    if known.outlet is not None:
        bibl.append(f"<publisher>{_text(known.outlet)}</publisher>")
    if known.date is not None:
        bibl.append(f"<date{_when(known.date)}>{_text(known.date)}</date>")
    if known.url is not None:
        bibl.append(f"<ref target={quoteattr(NOT_XML.sub('', known.url))}>{_text(known.url)}</ref>")
    bibl.append(f'<idno type="doc_id">{_text(record.doc_id)}</idno>')
    bibl.append(f'<idno type="sha256">{_text(record.text_sha256)}</idno>')
    people = "".join(_speaker(speaker, key) for speaker in speakers.all)
    listed = f"<particDesc><listPerson>\n{people}</listPerson></particDesc>"
    language = "" if known.language is None else _language(known.language)
    found = language + (listed if people else "")
    profile = f"<profileDesc>{found}</profileDesc>\n" if found else ""
    return (
        f"<teiHeader>\n<fileDesc><titleStmt><title>{_text(known.title or record.doc_id)}</title>{author}"
        "</titleStmt>\n<publicationStmt><p>Quotations marked by quotes.</p></publicationStmt>\n"
        f"<sourceDesc><bibl>{''.join(bibl)}</bibl></sourceDesc></fileDesc>\n{profile}</teiHeader>\n"
    )


def _when(date: str) -> str:
    """The @when of a date that is valid by XML Schema."""
    fits = re.fullmatch(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?)?)?", date)
    return f' when="{date}"' if fits else ""


def _language(code: str) -> str:
    ident = quoteattr(NOT_XML.sub("", code))
    return f"<langUsage><language ident={ident}>{_text(code)}</language></langUsage>"


def _speaker(speaker: Speaker, key: str) -> str:
    element, name = _PERSON.get(speaker.kind, ("person", "persName"))
    shown = f"<{name}>{_text(speaker.name)}</{name}>"
    role = ' role="unnamed"' if not speaker.named and element == "person" else ""
    # The content of a group is other than that of a person, and has no place for these.
    if speaker.role and element == "person":
        shown += f"<occupation>{_text(speaker.role)}</occupation>"
    if speaker.speaker_id and element != "personGrp":
        shown += f'<idno type="Wikidata">{_text(speaker.speaker_id)}</idno>'
    return f'<{element} xml:id="{key}.s{speaker.number}"{role}>{shown}</{element}>\n'


def _marks(quotations: Sequence[Quotation], speakers: Speakers, key: str) -> list[_Mark]:
    marks = []
    for number, (quotation, owners) in enumerate(zip(quotations, speakers.of, strict=True)):
        chain = f"{key}.q{number + 1}"
        owner = " ".join(f"#{key}.s{speaker.number}" for speaker, _ in owners) or None
        tag, attributes = _element(quotation, owner)
        ref = f" ref={quoteattr(owner)}" if owner else ""
        content = f' type="content" corresp="#{chain}"'
        # Before the parts, so that it is around those of the same range.
        marks += [_Mark(words, "seg", content, f"{chain}.content") for words in quotation.content or ()]
        marks += [_Mark(part, tag, attributes, chain) for part in quotation.parts]
        if quotation.source is not None:
            span = (quotation.source.start, quotation.source.end)
            marks.append(_Mark(span, "rs", f' type="source"{ref}', f"{chain}.source"))
        for place, (speaker, mention) in enumerate(owners):
            if mention is not None:
                also = f".also{place}" if place else ""
                who = f' ref="#{key}.s{speaker.number}"'
                marks.append(_Mark((mention.start, mention.end), "rs", who, f"{chain}.speaker{also}"))
        if quotation.cue is not None:
            span = (quotation.cue.start, quotation.cue.end)
            marks.append(_Mark(span, "seg", f' type="cue" corresp="#{chain}"', f"{chain}.cue"))
    return marks


def _element(quotation: Quotation, owner: str | None) -> tuple[str, str]:
    """The element's name and attributes: the speaker, the confidence, and the quotation's id."""
    own = f" n={quoteattr(NOT_XML.sub('', quotation.quote_id))}"
    types = (quotation.attribution_type, "negated" if quotation.negated else None)
    if any(types):
        own += f' ana="{" ".join(f"#{one}" for one in types if one)}"'
    if owner is None:
        return "q", own
    sure = f' cert="{quotation.confidence:g}"{own}'
    if quotation.channel != "speech":
        return "quote", f' source="{owner}"{sure}'
    direct = "false" if quotation.kind == "indirect" else "true"
    return "said", f' who="{owner}" direct="{direct}"{sure}'


def _body(text: str, marks: Sequence[_Mark]) -> Iterator[str]:
    """The text in paragraphs, with marks as elements."""
    blocks = paragraphs(text)
    found = nested([mark.range for mark in marks], blocks)
    tags = _start_tags(marks, [piece for pieces in found for piece in pieces])
    at = 0
    for block, pieces in zip(blocks, found, strict=True):
        yield _between(text[at : block[0]])
        yield "<p>"
        for event in walk(text, block, pieces):
            if event.piece is None:
                yield _text(event.text)
            elif event.kind == "open":
                yield tags[event.piece]
            else:
                yield f"</{marks[event.piece.mark].tag}>"
        yield "</p>"
        at = block[1]
    yield _between(text[at:]) if blocks else f"<p>{_text(text)}</p>"


def _between(space: str) -> str:
    """The white space between paragraphs; if XML doesn't count it as such (no-break space), a paragraph."""
    return _text(space) if not space.strip(" \t\r\n") else f"<p>{_text(space)}</p>"


def _start_tags(marks: Sequence[_Mark], pieces: Sequence[Piece]) -> dict[Piece, str]:
    """The start tag of each piece. Those of a chain are numbered and linked to their neighbours."""
    chains: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        chains[marks[piece.mark].chain].append(piece)
    tags = {}
    for chain, links in chains.items():
        for number, piece in enumerate(links):
            mark = marks[piece.mark]
            link = f' xml:id="{_link(chain, number)}"'
            if number:
                link += f' prev="#{_link(chain, number - 1)}"'
            if number + 1 < len(links):
                link += f' next="#{_link(chain, number + 1)}"'
            tags[piece] = f"<{mark.tag}{link}{mark.attributes}>"
    return tags


def _link(chain: str, number: int) -> str:
    return chain if number == 0 else f"{chain}.{number + 1}"


def _text(text: str) -> str:
    # A parser reads a literal carriage return as a line feed, so it is written as a reference.
    return escape(NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})
