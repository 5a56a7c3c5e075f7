"""The labelling interface: complete, valid, the same in both places, and readable for the colour-blind."""

from __future__ import annotations

import re
from itertools import combinations
from typing import get_args
from xml.etree import ElementTree

import paths
import pytest

from quotes.labelstudio import config
from quotes.records import AttributionType, Channel, Kind, SpeakerKind

ROOT = paths.ROOT
TREE = ElementTree.fromstring(config.label_config())


def test_the_copies_are_the_same() -> None:
    shipped = ROOT / "quotes" / "labelstudio"
    for here, there in (("label_config.xml", "label_config.xml"), ("guidelines.md", "GUIDELINES.md")):
        assert (shipped / here).read_bytes() == (ROOT / "annotations" / there).read_bytes()


def test_the_sdk_finds_it_valid() -> None:
    from label_studio_sdk.label_interface.interface import LabelInterface

    interface = LabelInterface(config.label_config())
    interface.validate()
    expected = {*config.VALUES, config.NAME, config.PERSON}
    assert {control.name for control in interface.controls} == expected - {config.VERDICT}
    verified = LabelInterface(config.label_config(verified=True))
    verified.validate()
    assert {control.name for control in verified.controls} == expected


def test_its_values_are_those_of_the_records() -> None:
    kinds = {config.NOT_A_QUOTATION if kind == "unattributed" else kind for kind in get_args(Kind)}
    assert {*config.VALUES[config.KIND], *config.OLD_KINDS} == kinds
    assert (config.INDIRECT.lower(), config.NEGATIVE.lower()) == config.OLD_KINDS
    assert set(config.VALUES[config.SPEAKER_KIND]) == set(get_args(SpeakerKind))
    assert set(config.VALUES[config.CHANNEL]) == set(get_args(Channel))
    assert set(config.VALUES[config.TYPE]) == set(get_args(AttributionType))


# --- What a project's own interface lacks ---


def without(pattern: str, by: str = "") -> str:
    changed = re.sub(pattern, by, config.label_config(), flags=re.DOTALL)
    assert changed != config.label_config()
    return changed


@pytest.mark.parametrize(
    ("xml", "missing"),
    [
        pytest.param(config.label_config(), [], id="ours"),
        pytest.param(without('<Label value="Cue"', '<Label value="Mood"/><Label value="Cue"'), [], id="more"),
        pytest.param(without("<View>.*", "<View"), ["readable XML"], id="torn"),
        pytest.param("", ["readable XML"], id="empty"),
        pytest.param("\x00", ["readable XML"], id="NUL"),
        pytest.param(without('<Label value="Cue"[^>]*>'), ["the value “Cue” of “role”"], id="no Cue"),
        pytest.param(
            without("<Style>", '<Relations><Relation value="said by"/></Relations><Style>'),
            [],
            id="with the labels of relations that earlier versions had",
        ),
        pytest.param(
            without(r'value="\$people"', ""), ['value="$people" of “person”'], id="without the people"
        ),
        pytest.param(
            without('<Label value="(Indirect|Reported|Source)"[^>]*>'),
            [f"the value “{label}” of “role”" for label in ("Indirect", "Reported", "Source")],
            id="of the time before indirect speech",
        ),
        pytest.param(
            without('<Label value="Not a quotation"[^>]*>'),
            ["the value “Not a quotation” of “role”"],
            id="no negative",
        ),
        pytest.param(
            without(r"<TextArea.*?/>"), ['<TextArea name="speaker_name" toName="text">'], id="no name"
        ),
        pytest.param(
            without(
                'name="speaker_name" toName="text" perRegion="true"', 'name="speaker_name" toName="text"'
            ),
            ['perRegion="true" of “speaker_name”'],
            id="one name for the whole text",
        ),
        pytest.param(without(r"\$text", "$body"), ['<Text name="text" value="$text">'], id="another text"),
        pytest.param(
            without('<Labels name="role"', '<Labels name="ner"'),
            ['<Labels name="role" toName="text">'],
            id="renamed",
        ),
    ],
)
def test_missing_parts_are_named(xml: str, missing: list[str]) -> None:
    assert config.missing_labels(xml) == missing


def test_verdicts_need_an_interface_that_shows_them() -> None:
    plain, verified = config.label_config(), config.label_config(verified=True)
    assert config.missing_labels(verified) == []
    assert config.missing_labels(verified, verified=True) == []
    assert config.missing_labels(plain, verified=True) == [
        '<Table value="$verified">',
        '<Choices name="verdict" toName="text">',
    ]
    assert config.missing_labels(verified.replace('<Choice value="cut"/>', ""), verified=True) == [
        "the value “cut” of “verdict”"
    ]


def test_an_empty_interface_lacks_everything() -> None:
    assert len(config.missing_labels("<View/>")) == 1 + 8


# --- For the reviewer ---


def hotkeys() -> dict[str, str]:
    return {tag.attrib["hotkey"]: tag.attrib["value"] for tag in TREE.iter() if "hotkey" in tag.attrib}


def test_every_value_has_a_hotkey_of_its_own() -> None:
    values = [value for name in {*config.VALUES} - {config.VERDICT} for value in config.VALUES[name]]
    assert sorted(hotkeys().values()) == sorted(values)


def test_the_guidelines_explain_every_value_and_key() -> None:
    text = config.guidelines()
    words = {*hotkeys().values(), *config.VALUES[config.VERDICT], "said by", "cued by", "continues"}
    assert not [word for word in words if not re.search(rf"\b{word}\b", text)]
    assert not [key for key in hotkeys() if f"**{key}**" not in text]
    for row in re.findall(r"^\| ((?:\*\*\w\*\* )+)\| [^:|]*: ([^|]*) \|$", text, re.MULTILINE):
        keys, values = row[0].replace("*", "").split(), row[1].split(", ")
        assert [hotkeys()[key] for key in keys] == values


def test_the_instructions_are_html_of_the_guidelines() -> None:
    html = config.instructions()
    assert html.startswith("<h1>How to review quotations</h1>")
    assert html.count("<table>") == 4
    assert [n for n in range(1, 5) if f"<p>{n}. " in html] == [1, 2, 3, 4]
    assert re.search("<[ou]l>|<li>", html) is None  # whose numbers and dots Label Studio hides
    assert "<script" not in html
    assert re.search(r"[|*]{2}|\|--", html) is None  # all of the Markdown is gone


# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency": how linear RGB looks to people without one kind of cone.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(rgb: list[float]) -> list[float]:
    """Linear RGB in CIE L*a*b*, in which distances are about as eyes see them."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def closest(colours: list[str], eye: str) -> float:
    seen = [
        lab([sum(m * c for m, c in zip(row, linear(colour), strict=True)) for row in BLINDNESS[eye]])
        for colour in colours
    ]
    return min(sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5 for pair in combinations(seen, 2))


@pytest.mark.parametrize("eye", BLINDNESS)
def test_colour_blind_people_can_tell_the_colours(eye: str) -> None:
    """A distance of 2.3 is just noticeable; of a traffic light, red and green are 17 for deuteranopes."""
    colour = {tag.attrib["value"]: tag.attrib["background"] for tag in TREE.iter("Label")}
    alike = {config.REPORTED: config.INDIRECT, config.SOURCE: config.SPEAKER}
    assert all(colour[one] == colour[other] for one, other in alike.items())
    colours = [colour[label] for label in colour if label not in alike]
    assert len(colours) == 5
    assert closest(colours, eye) > 30


def test_the_colour_measure_can_fail() -> None:
    assert closest(["#009E73", "#E69F00", "#CC79A7"], "deuteranopia") < 30
