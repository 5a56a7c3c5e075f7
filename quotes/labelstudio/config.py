"""The labelling interface and the guidelines, and the names that they share with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Final, get_args
from xml.etree import ElementTree

from quotes.records import Verdict

# The controls: the `from_name` of a reviewer's marks.
TEXT: Final = "text"
ROLE: Final = "role"
NAME: Final = "speaker_name"
PERSON: Final = "person"
SPEAKER_KIND: Final = "speaker_kind"
KIND: Final = "kind"
CHANNEL: Final = "channel"
TYPE: Final = "attribution_type"
NEGATED: Final = "negated"
VERDICT: Final = "verdict"

# The labels of regions. Relations have none: what one means follows from the label of its target.
QUOTE: Final = "Quote"
NEGATIVE: Final = "Not a quotation"
INDIRECT: Final = "Indirect"
REPORTED: Final = "Reported"
SPEAKER: Final = "Speaker"
SOURCE: Final = "Source"
CUE: Final = "Cue"

#: A Quote of this kind is a region with the label Not a quotation: words in quotation marks that nobody is
#: quoted with, of the kind "unattributed".
NOT_A_QUOTATION: Final = "not a quotation"

#: The values of each control, except for the names. Each `Choices` has the name of a record's field. A
#: quotation is of the kind "indirect" if its label is Indirect. Only projects that show what `quotes verify`
#: found have verdicts.
VALUES: Final = {
    ROLE: (QUOTE, SPEAKER, CUE, INDIRECT, REPORTED, SOURCE, NEGATIVE),
    SPEAKER_KIND: ("person", "organization", "group", "anonymous", "unknown"),
    KIND: ("direct", "mixed"),
    CHANNEL: ("speech", "writing", "tweet"),
    TYPE: ("assertion", "belief", "fact", "eventuality"),
    NEGATED: ("negated",),
    VERDICT: get_args(Verdict),
}
#: Values of `kind` in exports of projects that were made before there were the labels of these.
OLD_KINDS: Final = ("indirect", NOT_A_QUOTATION)

_HERE = re.compile(r"^ *<!-- Here stands verified\.xml .*-->\n", re.MULTILINE)
_TAGS = {name: "Labels" if name == ROLE else "Choices" for name in (*VALUES, PERSON)} | {NAME: "TextArea"}


def label_config(*, verified: bool = False) -> str:
    """The labelling interface, as XML; `verified`: with what sources have, and the verdicts."""
    xml = _shipped("label_config.xml")
    return _HERE.sub(lambda _: _shipped("verified.xml"), xml) if verified else xml


def guidelines() -> str:
    """The guidelines for reviewers, as Markdown."""
    return _shipped("guidelines.md")


def instructions() -> str:
    """The guidelines as HTML, the format of a project's instructions in Label Studio.

    Its style sheet takes the numbers and the dots off lists, so that they are written as text.
    """
    from markdown_it import MarkdownIt

    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(guidelines())
    numbered = re.sub(r"<ol>.*?</ol>", lambda ol: _marked(ol[0], numbered=True), html, flags=re.DOTALL)
    return re.sub(r"<ul>.*?</ul>", lambda ul: _marked(ul[0], numbered=False), numbered, flags=re.DOTALL)


def _marked(html_list: str, *, numbered: bool) -> str:
    """A list without lists in it, as paragraphs with a number or a dot in front."""
    items = re.findall(r"<li>(.*?)</li>", html_list, flags=re.DOTALL)
    return "\n".join(f"<p>{f'{n}.' if numbered else '•'} {item}</p>" for n, item in enumerate(items, 1))


def missing_labels(xml: str, *, verified: bool = False) -> list[str]:
    """What a project's labelling interface lacks, in words; empty if it fits. `verified`: for verdicts, too.

    Additional labels, choices and controls do no harm.
    """
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return ["readable XML"]
    return list(_missing(root, verified=verified))


def _missing(root: ElementTree.Element, *, verified: bool) -> Iterator[str]:
    if not any(tag.get("name") == TEXT and tag.get("value") == "$text" for tag in root.iter("Text")):
        yield f'<Text name="{TEXT}" value="$text">'
    if verified and not any(tag.get("value") == "$verified" for tag in root.iter("Table")):
        yield '<Table value="$verified">'
    for name, kind in _TAGS.items():
        if name == VERDICT and not verified:
            continue
        control = next((tag for tag in root.iter(kind) if tag.get("name") == name), None)
        if control is None or TEXT not in control.get("toName", "").split(","):
            yield f'<{kind} name="{name}" toName="{TEXT}">'
            continue
        if name != ROLE and control.get("perRegion") != "true":
            yield f'perRegion="true" of “{name}”'
        if name == PERSON and control.get("value") != "$people":
            yield f'value="$people" of “{name}”'
        values = {tag.get("value") for tag in control.iter("Label" if name == ROLE else "Choice")}
        yield from (
            f"the value “{value}” of “{name}”" for value in VALUES.get(name, ()) if value not in values
        )


def _shipped(name: str) -> str:
    return resources.files("quotes.labelstudio").joinpath(name).read_text(encoding="utf-8")
