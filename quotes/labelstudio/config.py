"""The labelling interface and the guidelines, and the names that they share with the code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Final
from xml.etree import ElementTree

# The controls: the `from_name` of a reviewer's marks.
TEXT: Final = "text"
ROLE: Final = "role"
NAME: Final = "speaker_name"
SPEAKER_KIND: Final = "speaker_kind"
KIND: Final = "kind"
CHANNEL: Final = "channel"
TYPE: Final = "attribution_type"
NEGATED: Final = "negated"

# The labels of regions and of relations.
QUOTE: Final = "Quote"
INDIRECT: Final = "Indirect"
REPORTED: Final = "Reported"
SPEAKER: Final = "Speaker"
SOURCE: Final = "Source"
CUE: Final = "Cue"
SAID_BY: Final = "said by"
CUED_BY: Final = "cued by"
CONTINUES: Final = "continues"

#: What reviewers see for the kind "unattributed": words in quotation marks that nobody is quoted with.
NOT_A_QUOTATION: Final = "not a quotation"

#: The values of each control. Each `Choices` has the name of a record's field. A quotation is of the kind
#: "indirect" if its label is Indirect.
VALUES: Final = {
    ROLE: (QUOTE, SPEAKER, CUE, INDIRECT, REPORTED, SOURCE),
    SPEAKER_KIND: ("person", "organization", "group", "anonymous", "unknown"),
    KIND: ("direct", "mixed", NOT_A_QUOTATION),
    CHANNEL: ("speech", "writing", "tweet"),
    TYPE: ("assertion", "belief", "fact", "eventuality"),
    NEGATED: ("negated",),
}
#: A value of `kind` in exports of projects that were made before there was the label Indirect.
OLD_KIND: Final = "indirect"
RELATIONS: Final = (SAID_BY, CUED_BY, CONTINUES)

_TAGS = {name: "Labels" if name == ROLE else "Choices" for name in VALUES} | {NAME: "TextArea"}


def label_config() -> str:
    """The labelling interface, as XML."""
    return _shipped("label_config.xml")


def guidelines() -> str:
    """The guidelines for reviewers, as Markdown."""
    return _shipped("guidelines.md")


def instructions() -> str:
    """The guidelines as HTML, the format of a project's instructions in Label Studio."""
    from markdown_it import MarkdownIt

    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(guidelines())
    return html


def missing_labels(xml: str) -> list[str]:
    """What a project's labelling interface lacks, in words; empty if it fits.

    Additional labels, choices and controls do no harm.
    """
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return ["readable XML"]
    return list(_missing(root))


def _missing(root: ElementTree.Element) -> Iterator[str]:
    if not any(tag.get("name") == TEXT and tag.get("value") == "$text" for tag in root.iter("Text")):
        yield f'<Text name="{TEXT}" value="$text">'
    for name, kind in _TAGS.items():
        control = next((tag for tag in root.iter(kind) if tag.get("name") == name), None)
        if control is None or TEXT not in control.get("toName", "").split(","):
            yield f'<{kind} name="{name}" toName="{TEXT}">'
            continue
        if name != ROLE and control.get("perRegion") != "true":
            yield f'perRegion="true" of “{name}”'
        values = {tag.get("value") for tag in control.iter("Label" if name == ROLE else "Choice")}
        yield from (
            f"the value “{value}” of “{name}”" for value in VALUES.get(name, ()) if value not in values
        )
    relations = {tag.get("value") for tag in root.iter("Relation")}
    yield from (f"the relation “{value}”" for value in RELATIONS if value not in relations)


def _shipped(name: str) -> str:
    return resources.files("quotes.labelstudio").joinpath(name).read_text(encoding="utf-8")
