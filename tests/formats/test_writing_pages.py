"""What is written for other programs and for people: Web Annotation, TEI, Markdown, HTML."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import pytest
from builders import quotation, record
from documents_by_hand import (
    BOTH_RECORD,
    EMPTY,
    FLOOD,
    FLOOD_RECORD,
    FORMULA_RECORD,
    PLAN_RECORD,
    RECORDS,
    TWEET_RECORD,
    records,
)
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from quotes.files.visible import visible_in_place
from quotes.formats import markdown, tei, web_annotation
from quotes.formats.html import writing as html
from quotes.formats.marked_text import nested, speakers_of, walk, writers_words
from quotes.formats.output import open_output
from quotes.records import DocumentRecord, Quotation
from quotes.text.marks import paragraphs

FEW = settings(max_examples=examples(25))
MANY = st.lists(records(), max_size=2)


def written(name: str, found: tuple[DocumentRecord, ...] | list[DocumentRecord]) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        with open_output(str(path)) as sink:
            for one in found:
                sink.write(one)
        return path.read_bytes().decode("utf-8")


# Layers


RANGES = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple)


@given(st.lists(RANGES, max_size=8), st.sets(st.integers(0, 30), max_size=6))
def test_pieces_nest_and_cover_what_the_marks_cover(marks: list[tuple[int, int]], cuts: set[int]) -> None:
    ordered = sorted(cuts)
    blocks = list(zip(ordered[::2], ordered[1::2], strict=False))
    found = nested(marks, blocks)
    within = {i for start, end in blocks for i in range(start, end)}
    for mark, (start, end) in enumerate(marks):
        covered = [i for pieces in found for p in pieces if p.mark == mark for i in range(p.start, p.end)]
        assert covered == sorted(within & set(range(start, end)))
    for block, pieces in zip(blocks, found, strict=True):
        assert all(block[0] <= p.start < p.end <= block[1] for p in pieces)
        for i, outer in enumerate(pieces):
            for inner in pieces[i + 1 :]:
                assert inner.start >= outer.end or inner.end <= outer.end


@given(st.lists(RANGES, max_size=8))
def test_a_walk_opens_and_closes_like_brackets(marks: list[tuple[int, int]]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz0123"
    [pieces] = nested(marks, [(0, 30)])
    still_open, shown = [], ""
    for event in walk(text, (0, 30), pieces):
        if event.kind == "text":
            shown += event.text
        elif event.kind == "open":
            assert event.piece.start == len(shown)
            still_open.append(event.piece)
        else:
            assert still_open.pop() == event.piece
            assert event.piece.end == len(shown)
    assert (shown, still_open) == (text, [])


def test_ten_thousand_nested_marks_are_no_matter() -> None:
    size = 10_000
    marks = [(i, 2 * size - i) for i in range(size)]
    [pieces] = nested(marks, [(0, 2 * size)])
    assert len(pieces) == size
    assert sum(1 for _ in walk("x" * 2 * size, (0, 2 * size), pieces)) > 3 * size


# Speakers


def test_speakers_are_told_apart_by_name_or_mention() -> None:
    text = "“a” “b” “c” “d” “e” “f” An official, an  official, Ada Quill, she"
    found = speakers_of(
        [
            quotation(text, "“a”", speaker="An official", speaker_kind="anonymous"),
            quotation(text, "“b”", speaker="Ada Quill", speaker_name="Ada Quill"),
            quotation(text, "“c”", speaker="an  official", speaker_kind="anonymous"),
            quotation(text, "“d”", kind="unattributed"),
            quotation(text, "“e”", speaker="she", speaker_kind="unknown"),
            quotation(text, "“f”", speaker="she", speaker_kind="unknown"),
        ]
    )
    assert [(s.number, s.name, s.named, s.quotations) for s in found.all] == [
        (1, "An official", False, [0, 2]),
        (2, "Ada Quill", True, [1]),
        (3, "she", False, [4]),
        (4, "she", False, [5]),
    ]


def test_a_quotation_of_several_has_each_of_them() -> None:
    found = speakers_of(BOTH_RECORD.quotations)
    assert [(s.name, s.named, s.role, s.quotations) for s in found.all] == [
        ("Ada Quill", True, "mayor & *pilot*", [0, 1]),
        ("a *pilot*", False, None, [0]),
        ("Bram Ostler", True, None, [1]),
    ]
    assert [[(s.number, mention and mention.text) for s, mention in one] for one in found.of] == [
        [(1, "Ada Quill"), (2, "a *pilot*")],
        [(1, "they"), (3, "they")],
    ]


def test_pages_name_all_who_speak_and_their_roles() -> None:
    page = written("out.html", (BOTH_RECORD,))
    assert '<b>Ada Quill</b> <span class="soft">mayor &amp; *pilot*</span>' in page
    assert page.count('aria-label="who said it"') == 4
    assert 'title="Ada Quill and a *pilot* (unnamed) · direct speech · 90% sure"' in page
    text = written("out.md", (BOTH_RECORD,))
    assert "**Ada Quill**, mayor \\& \\*pilot\\*: 2 quotations" in text
    assert "[Ada Quill](#d1-s1) and [a \\*pilot\\*](#d1-s2) said." in text
    tei_page = written("out.tei.xml", (BOTH_RECORD,))
    assert 'who="#d1.s1 #d1.s2"' in tei_page
    assert 'who="#d1.s1 #d1.s3"' in tei_page
    assert '<occupation>mayor &amp; *pilot*</occupation><idno type="Wikidata">Q42</idno>' in tei_page
    first, second = (item["body"] for item in web_annotation.annotations_of(BOTH_RECORD))
    ada, pilot = first["schema:spokenByCharacter"]
    assert (ada["id"], ada["schema:jobTitle"]) == ("http://www.wikidata.org/entity/Q42", "mayor & *pilot*")
    assert (pilot["quotes:speakerKind"], len(first["quotes:mention"])) == ("anonymous", 2)
    assert [one["schema:name"] for one in second["schema:spokenByCharacter"]] == ["Ada Quill", "Bram Ostler"]
    assert second["quotes:mention"]["selector"][1]["exact"] == "they"


# The writer's words

WORDS = "Quill said the plan is “mad” and “bad” too."


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (quotation(WORDS, "“mad”"), []),
        (quotation(WORDS, "“mad”", kind="unattributed"), []),
        (quotation(WORDS, "the plan is “mad”", kind="indirect"), ["the plan is “mad”"]),
        (quotation(WORDS, "the plan ", " too", kind="indirect"), ["the plan", "too"]),
        (
            quotation(WORDS, "“mad”", "“bad”", kind="mixed", content=["the plan is “mad” and “bad” too"]),
            ["the plan is", "and", "too"],
        ),
        (quotation(WORDS, "“mad”", kind="mixed", content=["plan is ", "“mad” and"]), ["plan is", "and"]),
        (quotation(WORDS, "“mad”", kind="mixed", content=["“mad”"]), []),
        (quotation(WORDS, "too", kind="mixed", content=["too."]), []),
        (quotation(WORDS, "“mad” and", kind="mixed", content=["“ma"]), []),
        (quotation(WORDS, "“mad”", kind="mixed", content=["bad", "too"]), ["bad", "too"]),
    ],
)
def test_the_writers_words(found: Quotation, words: list[str]) -> None:
    assert [WORDS[start:end] for start, end in writers_words(WORDS, found)] == words


def test_the_writers_words_among_ten_thousand_parts_take_no_time() -> None:
    size = 10_000
    text, parts = "a b " * size, tuple((4 * i, 4 * i + 1) for i in range(size))
    one = quotation(text, (0, 1)).model_copy(
        update={"parts": parts, "content": ((0, 2 * size), (2 * size, 4 * size))}
    )
    assert len(writers_words(text, one)) == size


# Web Annotation

_ID = {"@type": "@id"}
#: As much of the W3C's context as a page of ours needs, written down by hand.
ANNO: dict[str, Any] = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "Annotation": "oa:Annotation",
    "AnnotationPage": "as:OrderedCollectionPage",
    "SpecificResource": "oa:SpecificResource",
    "Text": "dctypes:Text",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "identifying": "oa:identifying",
    "highlighting": "oa:highlighting",
    "body": {**_ID, "@id": "oa:hasBody"},
    "target": {**_ID, "@id": "oa:hasTarget"},
    "source": {**_ID, "@id": "oa:hasSource"},
    "selector": {**_ID, "@id": "oa:hasSelector"},
    "items": {**_ID, "@id": "as:items", "@container": "@list"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_SPECIFIC = _object(
    type={"const": "SpecificResource"},
    source={"type": "object", "required": ["id"], "properties": {"id": {"pattern": "^(https?:|urn:)"}}},
    selector={
        "prefixItems": [
            _object(
                type={"const": "TextPositionSelector"},
                start={"type": "integer", "minimum": 0},
                end={"type": "integer", "minimum": 0},
            ),
            _object(
                type={"const": "TextQuoteSelector"},
                exact={"type": "string"},
                prefix={"type": "string", "maxLength": 32},
                suffix={"type": "string", "maxLength": 32},
            ),
        ],
        "items": False,
        "minItems": 2,
    },
)
#: What the Web Annotation Data Model asks of a page and its annotations, as far as we write them.
PAGE_SCHEMA = {
    **_object(
        **{
            "@context": {"type": "array", "prefixItems": [{"const": "http://www.w3.org/ns/anno.jsonld"}]},
            "id": {"pattern": "^urn:quotes:page:"},
            "type": {"const": "AnnotationPage"},
            "items": {
                "type": "array",
                "items": _object(
                    id={"pattern": "^urn:quotes:quotation:[^ ]*$"},
                    type={"const": "Annotation"},
                    motivation={"enum": ["identifying", "highlighting"]},
                    body={"type": "object", "properties": {"type": {"const": "schema:Quotation"}}},
                    target={"anyOf": [_SPECIFIC, {"type": "array", "items": _SPECIFIC, "minItems": 2}]},
                ),
            },
        }
    )
}


def expanded(page: dict[str, Any]) -> list[dict[str, Any]]:
    from pyld import jsonld

    def load(url: str, options: object) -> dict[str, Any]:
        assert url == "http://www.w3.org/ns/anno.jsonld", "nothing else is loaded"
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": ANNO}}

    return jsonld.expand(page, {"documentLoader": load})


def test_a_page_is_what_the_data_model_asks_for() -> None:
    page = json.loads(written("out.jsonld", RECORDS))
    Draft202012Validator(PAGE_SCHEMA).validate(page)
    assert len(page["items"]) == sum(len(one.quotations) for one in RECORDS)
    assert len({item["id"] for item in page["items"]}) == len(page["items"])


def test_a_page_without_annotations_is_one() -> None:
    assert json.loads(written("out.jsonld", (EMPTY,)))["items"] == []


@FEW
@given(MANY)
def test_the_selectors_say_where_the_words_are(found: list[DocumentRecord]) -> None:
    page = json.loads(written("out.jsonld", found))
    Draft202012Validator(PAGE_SCHEMA).validate(page)
    wanted = [(one, q) for one in found for q in one.quotations]
    for item, (one, q) in zip(page["items"], wanted, strict=True):
        text = one.text or ""
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        assert [t["source"]["schema:identifier"] for t in targets] == [one.doc_id] * len(q.parts)
        for target, part in zip(targets, q.parts, strict=True):
            position, words = target["selector"]
            assert (position["start"], position["end"]) == part
            assert words["exact"] == text[slice(*part)]
            assert text[: part[0]].endswith(words["prefix"])
            assert text[part[1] :].startswith(words["suffix"])


def test_every_word_of_a_page_means_something() -> None:
    """JSON-LD drops what its context doesn't know: after expansion, all that we wrote has to be there."""
    page = json.loads(written("out.jsonld", RECORDS))
    [graph] = expanded(page)
    schema, oa, ours = "http://schema.org/", "http://www.w3.org/ns/oa#", "urn:quotes:vocabulary:"
    first = graph["https://www.w3.org/ns/activitystreams#items"][0]["@list"][0]
    assert first["@type"] == [f"{oa}Annotation"]
    assert first[f"{oa}motivatedBy"] == [{"@id": f"{oa}identifying"}]
    [body] = first[f"{oa}hasBody"]
    assert body["@type"] == [f"{schema}Quotation"]
    [speaker] = body[f"{schema}spokenByCharacter"]
    assert speaker["@type"] == [f"{schema}Person"]
    assert speaker[f"{schema}name"] == [{"@value": "Ada Quill"}]
    assert {name for name in body if name.startswith(ours)} == {
        f"{ours}{name}" for name in ("mention", "cue", "kind", "channel", "rule", "confidence", "utterance")
    }
    [source] = first[f"{oa}hasTarget"][0][f"{oa}hasSource"]
    assert source["@id"] == "https://news.example/river?id=1&page=2"
    assert source[f"{schema}publisher"] == [{"@value": "Port Ellery Post"}]
    [position, words] = first[f"{oa}hasTarget"][0][f"{oa}hasSelector"]
    assert position[f"{oa}start"] == [
        {"@value": 32, "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"}
    ]
    assert words[f"{oa}exact"] == [{"@value": "“It rained all night,”"}]
    assert _names(page) == _names_of_expanded(graph)


def test_a_body_has_what_is_reported_with_its_source() -> None:
    outer, mad, pier, *_ = (item["body"] for item in web_annotation.annotations_of(PLAN_RECORD))
    assert not {"quotes:content", "quotes:source", "quotes:negated"} & outer.keys()
    [content] = mad["quotes:content"]
    assert content["selector"][1]["exact"] == "the plan is “mad” and ‘bound’ to fail"
    assert pier["quotes:source"]["selector"][1]["exact"] == "Noor Adeyemi, once a pilot here"
    assert (pier["quotes:attributionType"], pier["quotes:negated"], pier["quotes:kind"]) == (
        "assertion",
        True,
        "indirect",
    )


def _names(value: Any) -> int:
    """How many names of properties a page has, but for its context."""
    if isinstance(value, list):
        return sum(map(_names, value))
    if not isinstance(value, dict):
        return 0
    return sum(1 + _names(inner) for name, inner in value.items() if name != "@context")


def _names_of_expanded(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_names_of_expanded, value))
    if not isinstance(value, dict):
        return 0
    kept = {name: inner for name, inner in value.items() if name not in ("@value", "@list")}
    if "@value" in value:  # a literal's type comes from the context
        return 0
    if set(value) == {"@id"} and str(value["@id"]).startswith("http://www.w3.org/ns/oa#"):
        return 0  # a word of the vocabulary, which was a string
    own = sum(1 + _names_of_expanded(inner) for inner in kept.values())
    return own + _names_of_expanded(value.get("@list", []))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://news.example/a?b=1", True),
        ("http://news.example", True),
        ("https://news.example/a b", False),
        ('https://news.example/"', False),
        ("javascript:alert(1)", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_an_address_is_a_source(url: str, kept: bool) -> None:
    [item] = web_annotation.annotations_of(record("a b", "“x”", quotation("“x”", "“x”"), url=url))
    source = item["target"]["source"]
    assert source["id"] == (url if kept else "urn:quotes:document:a%20b")
    assert source["schema:url"] == url


# TEI

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def texts_of(found: list[DocumentRecord] | tuple[DocumentRecord, ...]) -> tuple[Any, list[str]]:
    root = ElementTree.fromstring(written("out.tei.xml", found))
    return root, ["".join(body.itertext()) for body in root.iter(f"{TEI}body")]


def linked(root: Any) -> Iterator[str]:
    for element in root.iter():
        for name in ("who", "ref", "source", "corresp", "next", "prev", "ana"):
            yield from element.get(name, "").split()


@FEW
@given(MANY)
def test_the_body_is_the_text_and_every_link_leads_somewhere(found: list[DocumentRecord]) -> None:
    root, texts = texts_of(found)
    assert texts == [tei.NOT_XML.sub("\ufffd", one.text or "") for one in found]
    ids = [element.attrib[XML_ID] for element in root.iter() if XML_ID in element.attrib]
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in linked(root)} <= set(ids)
    for element in root.iter():
        if "next" in element.attrib:
            [after] = [e for e in root.iter() if e.get(XML_ID) == element.attrib["next"][1:]]
            assert after.attrib["prev"] == f"#{element.attrib[XML_ID]}"


#: RELAX NG of as much of TEI as is written: elements where TEI P5 has them, attributes that it gives them.
GRAMMAR = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.tei-c.org/ns/1.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="teiCorpus"><element name="teiHeader"><ref name="file"/><ref name="types"/></element><zeroOrMore><ref name="TEI"/></zeroOrMore></element></start>
<define name="id"><attribute name="xml:id"><data type="NCName"/></attribute></define>
<define name="file"><element name="fileDesc">
  <element name="titleStmt"><ref name="title"/><optional><ref name="author"/></optional></element>
  <element name="publicationStmt"><element name="p"><text/></element></element>
  <element name="sourceDesc"><choice><element name="p"><text/></element><ref name="bibl"/></choice></element>
</element></define>
<define name="types"><element name="encodingDesc"><element name="classDecl"><element name="taxonomy"><oneOrMore>
  <element name="category"><ref name="id"/><element name="catDesc"><text/></element></element>
</oneOrMore></element></element></element></define>
<define name="type"><optional><attribute name="ana"><list><oneOrMore><ref name="link"/></oneOrMore></list></attribute></optional></define>
<define name="title"><element name="title"><text/></element></define>
<define name="author"><element name="author"><text/></element></define>
<define name="bibl"><element name="bibl"><ref name="title"/><optional><ref name="author"/></optional>
  <optional><element name="publisher"><text/></element></optional>
  <optional><element name="date"><optional><attribute name="when"><choice><data type="date"/><data type="dateTime"/><data type="gYear"/><data type="gYearMonth"/></choice></attribute></optional><text/></element></optional>
  <optional><element name="ref"><attribute name="target"/><text/></element></optional>
  <oneOrMore><element name="idno"><attribute name="type"/><text/></element></oneOrMore>
</element></define>
<define name="TEI"><element name="TEI"><ref name="id"/>
  <element name="teiHeader"><ref name="file"/><optional><element name="profileDesc"><optional><element name="langUsage"><element name="language"><attribute name="ident"/><text/></element></element></optional><optional><element name="particDesc"><element name="listPerson"><oneOrMore><ref name="speaker"/></oneOrMore></element></element></optional></element></optional></element>
  <element name="text"><element name="body"><attribute name="xml:space"><value>preserve</value></attribute><oneOrMore><element name="p"><ref name="words"/></element></oneOrMore></element></element>
</element></define>
<define name="speaker"><choice>
  <element name="person"><ref name="id"/><optional><attribute name="role"/></optional><element name="persName"><text/></element><optional><element name="occupation"><text/></element></optional><ref name="id-elsewhere"/></element>
  <element name="org"><ref name="id"/><element name="orgName"><text/></element><ref name="id-elsewhere"/></element>
  <element name="personGrp"><ref name="id"/><element name="name"><text/></element></element>
</choice></define>
<define name="id-elsewhere"><optional><element name="idno"><attribute name="type"><value>Wikidata</value></attribute><text/></element></optional></define>
<define name="links"><list><oneOrMore><ref name="link"/></oneOrMore></list></define>
<define name="link"><data type="string"><param name="pattern">#[\\w.]+</param></data></define>
<define name="piece"><ref name="id"/><optional><attribute name="next"><ref name="link"/></attribute></optional><optional><attribute name="prev"><ref name="link"/></attribute></optional></define>
<define name="sure"><attribute name="cert"><data type="double"><param name="minInclusive">0</param><param name="maxInclusive">1</param></data></attribute></define>
<define name="words"><mixed><zeroOrMore><choice>
  <element name="said"><ref name="piece"/><attribute name="who"><ref name="links"/></attribute><attribute name="direct"><data type="boolean"/></attribute><ref name="sure"/><attribute name="n"/><ref name="type"/><ref name="words"/></element>
  <element name="quote"><ref name="piece"/><attribute name="source"><ref name="links"/></attribute><ref name="sure"/><attribute name="n"/><ref name="type"/><ref name="words"/></element>
  <element name="q"><ref name="piece"/><attribute name="n"/><ref name="type"/><ref name="words"/></element>
  <element name="rs"><ref name="piece"/><optional><attribute name="type"><value>source</value></attribute></optional><optional><attribute name="ref"><ref name="links"/></attribute></optional><ref name="words"/></element>
  <element name="seg"><ref name="piece"/><attribute name="type"/><attribute name="corresp"><ref name="link"/></attribute><ref name="words"/></element>
</choice></zeroOrMore></mixed></define>
</grammar>
"""  # noqa: E501


@FEW
@given(MANY)
def test_tei_is_where_tei_has_it(found: list[DocumentRecord]) -> None:
    from lxml import etree

    grammar = etree.RelaxNG(etree.fromstring(GRAMMAR))
    parser = etree.XMLParser(resolve_entities=False, huge_tree=True)
    grammar.assertValid(etree.fromstring(written("out.tei.xml", [*RECORDS, *found]).encode(), parser))


@pytest.mark.parametrize("space", ["\x85", "\u00a0", "\u2028", " \u00a0\n"])
def test_white_space_that_is_none_to_xml_stands_in_a_paragraph(space: str) -> None:
    root, _ = texts_of((record("a", f"{space}It rained.\n{space}\nNobody came.{space}"),))
    [body] = root.iter(f"{TEI}body")
    assert "".join(body.itertext()) == f"{space}It rained.\n{space}\nNobody came.{space}"
    assert not "".join([body.text or "", *(node.tail or "" for node in body)]).strip(" \n")


def test_split_and_nested_quotations_are_tied() -> None:
    root, _ = texts_of((FLOOD_RECORD,))
    first, second, inner, *_ = list(root.iter(f"{TEI}said"))
    assert (first.text, first.attrib["next"], first.attrib["who"]) == (
        "“It rained all night,”",
        "#d1.q1.2",
        "#d1.s1",
    )
    assert (second.attrib[XML_ID], second.attrib["prev"]) == ("d1.q1.2", "#d1.q1")
    assert ("".join(inner.itertext()), inner.attrib["who"]) == ("‘run’", "#d1.s2")
    assert inner in list(second)
    over_two, rest = root.iter(f"{TEI}quote")
    assert (over_two.attrib["next"], rest.attrib["source"]) == (f"#{rest.attrib[XML_ID]}", "#d1.s1")
    [unattributed] = root.iter(f"{TEI}q")
    assert unattributed.text == "“NO FISHING.”"
    people = {p.attrib[XML_ID]: "".join(p.itertext()) for p in root.iter(f"{TEI}person")}
    assert people == {"d1.s1": "Ada Quill", "d1.s2": "Bram Ostler", "d1.s3": "A council official"}
    [bibl] = root.iter(f"{TEI}bibl")
    assert [b.text for b in bibl][:5] == [
        'The river & the "bridge"',
        "Ines Varga",
        "Port Ellery Post",
        "2026-03-01",
        "https://news.example/river?id=1&page=2",
    ]


def test_what_is_reported_is_said_of_a_type() -> None:
    root, _ = texts_of((PLAN_RECORD,))
    said = {element.attrib[XML_ID]: element for element in root.iter(f"{TEI}said")}
    outer, mad, pier = (said[f"d1.q{number}"] for number in (1, 2, 3))
    assert (outer.attrib["direct"], outer.attrib["ana"], mad.attrib["ana"]) == (
        "false",
        "#assertion",
        "#belief",
    )
    assert "".join(outer.itertext()) == PLAN_RECORD.quotations[0].text
    assert mad in outer.iter()
    [content] = [seg for seg in outer.iter(f"{TEI}seg") if seg.attrib["type"] == "content"]
    assert (content.attrib["corresp"], "".join(content.itertext())) == (
        "#d1.q2",
        "the plan is “mad” and ‘bound’ to fail",
    )
    assert (pier.attrib["ana"], pier.attrib["next"]) == ("#assertion #negated", "#d1.q3.2")
    [source] = [rs for rs in root.iter(f"{TEI}rs") if rs.get("type") == "source"]
    assert "".join(source.itertext()) == "Noor Adeyemi, once a pilot here"
    assert [rs.text for rs in source] == ["Noor Adeyemi"]


@pytest.mark.parametrize(
    ("date", "when"),
    [("2026-03-01", True), ("2026", True), ("2026-03-01T10:00:00Z", True), ("May 1st", False)],
)
def test_only_a_date_is_a_when(date: str, when: bool) -> None:
    assert (f' when="{date}"' in written("out.tei.xml", (record("a", "b", date=date),))) == when


# Markdown


def rendered(page: str) -> str:
    from markdown_it import MarkdownIt

    return MarkdownIt("gfm-like", {"linkify": False}).render(page)


class Reader(HTMLParser):
    """The text of paragraphs, with what is in bold or underlined, what is linked, and what could run."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self.bold = ""
        self.underlined = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self._skip = 0
        self._open = Counter[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        given = dict(attrs)
        if tag == "p":
            self.paragraphs.append("")
        self._open[tag] += 1
        if tag == "a" and "whose" in (given.get("class") or ""):
            self._skip = 1
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._open[tag] -= 1
        if tag == "a":
            self._skip = 0

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self.paragraphs:
            self.paragraphs[-1] += data
        if self._open["strong"] or self._open["mark"]:
            self.bold += data
        if self._open["ins"] or self._open["u"]:
            self.underlined += data


def squeezed(text: str) -> str:
    return " ".join(text.split())


def shown(text: str) -> list[str]:
    """The paragraphs of a text, as a page shows them."""
    safe = visible_in_place(text)
    return [squeezed(safe[start:end]) for start, end in paragraphs(safe)]


def quoted(one: DocumentRecord) -> str:
    """All characters within quotations, but for white space, each once."""
    direct = (q for q in one.quotations if q.kind != "indirect")
    return _words_at(one, {i for q in direct for part in q.parts for i in range(*part)})


def reported(one: DocumentRecord) -> str:
    """All letters and digits of what is reported in the writer's words, each once."""
    within: set[int] = set()
    for q in one.quotations:
        marked = {i for part in q.parts for i in range(*part)} if q.kind != "indirect" else set()
        within |= {i for words in q.reported for i in range(*words)} - marked
    return only_words(_words_at(one, within))


def only_words(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _words_at(one: DocumentRecord, within: set[int]) -> str:
    safe = visible_in_place(one.text or "")
    return "".join("".join(safe[i] for i in sorted(within)).split())


@settings(max_examples=examples(100))
@given(records())
def test_markdown_shows_the_text_with_quotations_in_bold_and_reports_underlined(one: DocumentRecord) -> None:
    page = markdown.encode(one, "d1").decode()
    article = page.partition("\n\n")[2].rpartition("## Who is quoted" if "## Who" in page else "*Nobody")[0]
    if markdown._origin(one.metadata):
        article = article.partition("\n\n")[2]
    reader = Reader(rendered(article))
    assert [squeezed(paragraph) for paragraph in reader.paragraphs] == shown(one.text or "")
    assert "".join(reader.bold.split()) == quoted(one)
    assert only_words(reader.underlined) == reported(one)
    assert set(reader.tags) <= {"p", "strong", "ins", "a", "br"}
    assert all(re.fullmatch(r"#d1-s\d+", link) for link in reader.links)


def test_markdown_of_a_document() -> None:
    page = written("out.md", (FLOOD_RECORD,))
    assert page.startswith('# The river \\& the "bridge"\n\nPort Ellery Post · Ines Varga · 2026-03-01 · ')
    assert "**“It rained all night,”** [Mayor Ada Quill](#d1-s1) said, **“and the dam held." in page
    assert '- <a id="d1-s1"></a>**Ada Quill**: 2 quotations\n  - “It rained all night,” “and' in page
    assert "A council official (unnamed): 1 quotation\n  - “disgrace” (called, 0.35)\n" in page
    others = written("out.md", RECORDS)
    assert "# silent\n\nNobody said a word.\n\nThe end.\n\n*Nobody is quoted here.*" in others


def test_markdown_of_what_is_reported() -> None:
    page = written("out.md", (PLAN_RECORD,))
    assert (
        "[Ada Quill](#d1-s1) told the board that <ins>[Bram Ostler](#d1-s2) thinks the plan is **“mad”** and "
        "**‘bound’** to fail</ins>.\n\n<ins>The \\*pier\\*</ins>, [Noor Adeyemi](#d1-s3), once" in page
    )
    assert "sell it, though</ins>\n\n<ins>who **“knows”**</ins>.\n" in page
    assert "**Ada Quill**: 1 indirect\n  - <ins>Bram Ostler thinks the plan is “mad” and" in page
    assert "The board (unnamed): 1 quotation, 1 indirect\n  - <ins>to sell it" in page
    assert "(Noor Adeyemi, once a pilot here, did not say, assertion, negated, 0.90)" in page


@pytest.mark.parametrize(
    "text",
    [
        "# no",
        "- no",
        "+ no",
        "1. no",
        "12) no",
        "> no",
        "===",
        "a\n---",
        "| a |",
        "*a*",
        "_a_",
        "`a`",
        "![a](b)",
        "[a]: b",
        "<b>a</b>",
        "&amp;",
        "~~a~~",
        "a\\",
        "```",
        "    code",
        "\ta",
        "<!-- a",
        "a  \nb",
        "$x$",
        ": a",
    ],
)
def test_markdown_takes_nothing_for_markup(text: str) -> None:
    page = rendered(markdown.escaped(text.strip()))
    reader = Reader(page)
    assert squeezed("".join(reader.paragraphs)) == squeezed(text)
    assert set(reader.tags) <= {"p", "br"}


# HTML

HOSTILE = "<script>alert(1)</script> “<img src=x onerror=alert(2)>” said </main>\u202e{{ 7 * 7 }} \x00"


@FEW
@given(records())
def test_a_page_shows_the_text_with_quotations_marked_and_reports_underlined(one: DocumentRecord) -> None:
    page = written("out.html", (one,))
    text = page.partition('<div class="text">')[2].partition("</div>")[0]
    reader = Reader(text)
    expected = shown(one.text or "") or ["This text is empty."]
    assert [squeezed(paragraph) for paragraph in reader.paragraphs] == expected
    assert "".join(reader.bold.split()) == quoted(one)
    assert only_words(reader.underlined) == reported(one)
    assert set(reader.tags) <= {"p", "mark", "u", "span", "a"}
    assert well_formed(text)
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in re.findall(r' href="(#[^"]*)"', page)} <= set(ids)


def well_formed(html: str) -> bool:
    """Whether each element ends where it began, as XML asks for, and no link is within a link."""
    root = ElementTree.fromstring(f"<div>{tei.NOT_XML.sub('', html)}</div>")
    return not any(inner is not outer for outer in root.iter("a") for inner in outer.iter("a"))


def test_a_page_of_what_is_reported() -> None:
    page = written("out.html", (PLAN_RECORD,))
    assert (
        '<u class="reported" id="d1-q1" title="Ada Quill · indirect speech · assertion · 90% sure">'
        '<a class="speaker c2" href="#d1-s2"' in page
    )
    assert page.count('<mark class="quotation c') == 1 + 3  # one in the legend
    assert page.count(' id="d1-q3"') == 1
    assert 'title="Noor Adeyemi · indirect speech · assertion, negated · 90% sure"' in page
    assert '<a class="reported" href="#d1-q3">The *pier* would close</a>' in page
    assert "Noor Adeyemi, once a pilot here · did not say · assertion, negated</span>" in page


def test_a_quotation_of_white_space_is_listed_without_a_link() -> None:
    page = written("out.html", (record("a", " :", quotation(" :", (0, 1), speaker_name="Ada Quill")),))
    assert "Ada Quill" in page
    assert 'href="#d1-q1"' not in page


def test_the_text_keeps_its_white_space() -> None:
    one = record("a", "one  two\n   three")
    assert "<p>one  two</p>" in written("out.html", (one,))


def hostile(name: str) -> str:
    mark = "“<img src=x onerror=alert(2)>”"
    one = record(
        HOSTILE,
        HOSTILE,
        quotation(HOSTILE, mark, speaker="<script>", cue="said", speaker_name=f"{HOSTILE}'\""),
        title=HOSTILE,
        url="javascript:alert(3)",
        author='" onload="alert(4)',
    )
    return written(name, (one,))


def test_nothing_of_an_article_runs() -> None:
    page = hostile("out.html")
    reader = Reader(page)
    assert not {"script", "img", "iframe", "object", "form"} & set(reader.tags)
    assert not [name for _, name, _ in reader.attributes if name.startswith("on")]
    assert all(link.startswith("#") for link in reader.links)
    assert "\u202e" not in page
    assert "\x00" not in page
    assert "{{ 7 * 7 }}" in page
    assert "default-src 'none'" in page


def test_nothing_of_an_article_runs_in_markdown_either() -> None:
    reader = Reader(rendered(hostile("out.md")))
    assert not {"script", "img", "iframe", "object", "form"} & set(reader.tags)
    assert all(link.startswith("#") for link in reader.links)


def test_the_page_loads_nothing_from_elsewhere() -> None:
    page = written("out.html", RECORDS)
    assert not re.search(r"<(?:script|link|img|iframe|base)\b|@import|url\(", page)
    assert re.findall(r'href="(h[^"]*)"', page) == ["https://news.example/river?id=1&amp;page=2"]


def test_who_is_quoted_is_listed_with_counts() -> None:
    page = written("out.html", RECORDS)
    assert '<b>Ada Quill</b> <span class="count">2 ×</span>' in page
    assert "<i>A council official</i>" in page
    everybody = page.partition('id="everybody"')[2]
    assert f"in {len(RECORDS)} documents" in everybody
    assert everybody.count("<li>") == 5
    assert 'id="everybody"' not in written("out.html", (FLOOD_RECORD,))


@pytest.mark.parametrize("name", ["out.md", "out.html", "out.tei.xml", "out.jsonld"])
def test_metadata_travels(name: str) -> None:
    page = written(name, (FLOOD_RECORD,)).replace("&amp;", "&").replace("\\&", "&").replace("&#34;", '"')
    for _, value in FLOOD_RECORD.metadata:
        assert value in page.replace('\\"', '"')


def test_others_are_as_they_were() -> None:
    assert TWEET_RECORD.quotations[0].speaker_name in written("out.html", (TWEET_RECORD,))
    assert "=HYPERLINK" in written("out.html", (FORMULA_RECORD,))
    assert html.is_address("https://news.example")
    assert FLOOD.startswith("River")
