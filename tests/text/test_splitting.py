"""Several articles in one text: parted where it shows, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import paths
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.formats.sources import expand, read, read_all, single
from quotes.records import Document, DocumentRecord, Metadata
from quotes.text.splitting import articles

THREAD = paths.TESTS / "samples" / "scrapes" / "thread.txt"
BODY = "The wall held all night, and nobody in the lower town had to leave a bed or a boat. " * 5


def parts(text: str) -> list[str]:
    return [document.text for document in articles(Document(doc_id="a", text=text))]


def test_a_thread_of_three() -> None:
    document = read(single(str(THREAD))).model_copy(update={"metadata": Metadata(outlet="The Thread")})
    found = list(articles(document))
    assert [part.doc_id for part in found] == ["thread#1", "thread#2", "thread#3"]
    assert [part.text.split("\n")[0] for part in found] == [
        "The wall of Lowmarsh is back",
        "Ada Quill in front of the wall on Monday.IVO LARCH/THE COURIER OF LOWMARSH",
        "Ferry strands forty on Gull Island",
    ]
    assert {part.metadata.outlet for part in found} == {"The Thread"}
    # Nothing is lost but the white space between them.
    assert "".join("".join(part.text.split()) for part in found) == "".join(document.text.split())


@pytest.mark.parametrize(
    "head",
    [
        "LOWMARSH (AP) — ",
        "Lowmarsh (CNN)",
        "Port Ellery (PEN)",
        "LOWMARSH, June 5 — ",
        "LOWMARSH, Port Ellery, June 5, 2017 (Reuters) - ",
        "The wall is back\nLOWMARSH — ",
        "The wall is back\nBy Bo Fenwick\n",
        "By BO FENWICK\nJune 5, 2017\n",
    ],
)
def test_a_head_begins_an_article(head: str) -> None:
    assert len(parts(f"{head}{BODY}\n\n{head}{BODY}\n")) == 2
    assert len(parts(f"{head}{BODY}\n")) == 1


@pytest.mark.parametrize(
    "head",
    [
        "",
        "By Monday the wall was gone.\n",
        "By BO FENWICK\n",
        "QUILL — ",
        "QUILL: ",
        "Home Security (DHS) Secretary ",
        "NOW OPEN—“The Tide,” by Bo Fenwick: ",
        "June 5, 2017\n",
        "Photo by Ivo Larch\n",
        "A heading\n",
    ],
)
def test_what_is_not_evidence(head: str) -> None:
    assert len(parts(f"Title\n\n{BODY}\n\n{head}{BODY}\n\n{head}{BODY}\n")) == 1


def test_one_head_is_one_article() -> None:
    head = "The wall is back\nBy Bo Fenwick\nJune 5, 2017\nLOWMARSH (AP) — "
    assert len(parts(f"{head}{BODY}\n\n{head}{BODY}\n")) == 2


def test_a_dateline_without_text_after_it_is_not_an_article() -> None:
    assert len(parts(f"LOWMARSH (AP) — {BODY}\n\nLOWMARSH (AP) — Short.\n")) == 1


@given(
    st.lists(st.sampled_from(["LOWMARSH (AP) — It", "By Bo Fenwick", "June 5, 2017", "Title", BODY, "\n"]))
)
def test_parts_are_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = parts(text)
    assert "".join("".join(part.split()) for part in found) == "".join(text.split())
    if len(found) == 1:
        assert found == [text]


def test_only_when_asked(tmp_path: Path) -> None:
    assert len(list(read_all(expand([str(THREAD)])))) == 1
    assert len(list(read_all(expand([str(THREAD)]), split=True))) == 3


@pytest.mark.model
def test_split_on_the_command_line(run_quotes: Callable[..., CompletedProcess[str]]) -> None:
    done = run_quotes("extract", str(THREAD), "--split", "--with-text", "-o", "-", "-q")
    records = [DocumentRecord.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [(r.doc_id, {q.speaker_name for q in r.quotations}) for r in records] == [
        ("thread#1", {"Ada Quill"}),
        ("thread#2", {"Judith Sabine"}),
        ("thread#3", {"Cosima Trask"}),
    ]
    for record in records:
        assert record.text is not None
        assert all(record.text[s:e] in q.text for q in record.quotations for s, e in q.parts)


@pytest.mark.parametrize(
    "path", sorted((THREAD.parents[3] / "seeds").glob("*.txt")), ids=lambda path: path.stem
)
def test_of_the_seeds_only_the_thread_is_parted(path: Path) -> None:
    assert len(list(articles(read(single(str(path)))))) == (3 if path.stem == "recusal-thread" else 1)
