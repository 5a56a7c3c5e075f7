"""Extraction on Ray: the records of the local engine, whatever dies meanwhile; a Ray of two workers, once."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotes.errors import QuotesError
from quotes.extractor import Extractor
from quotes.reading.files import expand, read_all
from quotes.records import Document, DocumentRecord
from quotes.running import Settings
from quotes.running.on_ray import RayRun, Sizes
from quotes.running.on_ray_session import session
from quotes.selection import Selection
from quotes.writing import jsonl
from quotes.writing.parquet_schema import from_row
from quotes.writing.parts import DONE, PartsFolder

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
DEV = ROOT.parent / "shared" / "polnear" / "dev" / "text"

# One Ray is enough for one machine: all of these run in one process of pytest-xdist.
pytestmark = [
    pytest.mark.model,
    pytest.mark.xdist_group("ray"),
    pytest.mark.skipif(find_spec("ray") is None, reason="the extra quotes[ray] isn't installed"),
]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def two_workers() -> Iterator[str]:
    """A Ray with two cores on the loopback interface, and its address."""
    kept = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        with session("local", 2):
            import ray

            yield ray.get_runtime_context().gcs_address
    finally:
        os.environ.pop("PYTHONPATH")
        if kept is not None:
            os.environ["PYTHONPATH"] = kept


class Obedient(Settings):
    """Makes an extractor that does to its process what a text says."""

    def __call__(self) -> Extractor:
        return Doing()  # type: ignore[return-value]


class Doing:
    def pipe(self, documents: Iterable[Document]) -> Iterator[DocumentRecord]:
        for document in documents:
            order, _, rest = document.text.partition(" ")
            if order == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if order == "raise":
                raise ValueError("an ugly sentence")
            if order == "once" and not Path(rest).exists():
                Path(rest).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield DocumentRecord(doc_id=document.doc_id, text_sha256="", quotations=())


def on_ray(
    paths: list[str], out: Path, *, resume: bool = False, settings: Settings | None = None, part: int = 40
) -> tuple[list[bytes], list[str], RayRun]:
    """Run; give the lines of all parts, sorted, and what was told."""
    problems: list[QuotesError] = []
    run = RayRun(
        paths,
        settings or Settings(include_unattributed=True),
        Selection(include_unattributed=True),
        PartsFolder(str(out)),
        actors=2,
        problem=problems.append,
        resume=resume,
        sizes=Sizes(part=part, block=20_000),
    )
    for done in run.parts():
        problems += done.problems
    return lines(out), sorted(map(str, problems)), run


def lines(out: Path) -> list[bytes]:
    """The lines of JSON that a folder of parts holds, sorted."""
    if out.suffix == ".parquet":
        rows = [row for part in out.glob("part-*") for row in pq.read_table(part).to_pylist()]
        return sorted(jsonl.encode(from_row(row)) for row in rows)
    return sorted(line for part in out.glob("part-*") for line in part.read_bytes().splitlines(keepends=True))


def locally(paths: list[str]) -> tuple[list[bytes], list[str]]:
    """What the local engine makes of them: its lines, sorted, and what it tells."""
    problems: list[QuotesError] = []
    found = Extractor(include_unattributed=True).pipe(
        read_all(expand(paths, problems.append), problems.append)
    )
    written = sorted(map(jsonl.encode, found))
    return written, sorted(map(str, problems))


def articles(path: Path, texts: dict[str, str]) -> str:
    path.write_text("".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in texts.items()))
    return str(path)


# Equality with the local engine


def test_a_folder_of_texts_gives_the_records_of_the_local_engine(two_workers: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    found, told, run = on_ray([str(SEEDS)], out)
    expected, _ = locally([str(SEEDS)])
    assert (found, told) == (expected, [])
    assert run.total == len(expected) > 10
    assert (out / DONE).exists()
    assert two_workers.startswith("127.0.0.1:")


def test_articles_of_all_kinds_good_and_bad(two_workers: str, tmp_path: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))[:6]]
    odd = [
        b"no json",
        b'{"text": "no id"}',
        b'{"id": 7}',
        b"",
        '{"id": "a", "text": "“It rained,” Ada Quill said. \\ud800"}'.encode(),
        b'{"id": "a", "text": "The same id again."}',
        b'{"id": "\\udfff", "text": ""}',
    ]
    good = [json.dumps({"id": n, "text": text, "title": "Rain"}).encode() for n, text in enumerate(texts)]
    plain, packed, torn = tmp_path / "plain.jsonl", tmp_path / "packed.jsonl.gz", tmp_path / "torn.jsonl.gz"
    plain.write_bytes(b"\n".join([*odd, *good[:2]]))
    packed.write_bytes(gzip.compress(b"\n".join(good[1:4])))
    torn.write_bytes(
        gzip.compress(b"\n".join([*good[4:], *(b'{"id": "%d"}' % n for n in range(9000))]))[:-40]
    )
    rows = {"id": ["p1", None, "p3", "0"], "text": [texts[0], "“No,” Quill said.", None, "again"]}
    pq.write_table(pa.table({**rows, "outlet": ["The Ellery Post"] * 4}), tmp_path / "rows.parquet")
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\x00\x01\x02")
    paths = [str(p) for p in (plain, packed, torn, tmp_path / "rows.parquet", broken, tmp_path / "none.txt")]
    found, told, _ = on_ray(paths, tmp_path / "out.parquet")
    expected, also_told = locally(paths)
    assert found == expected
    assert told == also_told
    assert len(told) > 8
    assert len({json.loads(line)["doc_id"] for line in found}) == len(found) > 7


def test_a_folder_or_uri_of_many_files(two_workers: str, tmp_path: Path) -> None:
    shards = tmp_path / "shards and more" / "2026"
    shards.mkdir(parents=True)
    twice = sorted(SEEDS.glob("*.txt"))[:4]
    for n, path in enumerate(twice):
        articles(shards / f"{n}.jsonl", {path.stem: path.read_text(encoding="utf-8")})
    (shards / "_notes.jsonl").write_text("nothing")
    expected, _ = locally([str(path) for path in sorted(shards.glob("[0-9]*"))])
    also, _ = locally([str(SEEDS)])
    texts = [line for line in also if line not in expected]
    found, told, _ = on_ray([shards.parent.as_uri(), SEEDS.as_uri()], tmp_path / "out.jsonl")
    assert found == sorted([*expected, *texts])
    assert [text.rpartition(": ")[2] for text in told] == [
        f"another has the id {path.stem!r}. Give each its own." for path in twice
    ]


@pytest.mark.shared
def test_dev_gives_the_records_of_the_local_engine(two_workers: str, tmp_path: Path) -> None:
    if not DEV.is_dir():
        pytest.skip(f"{DEV} isn't there")
    found, told, _ = on_ray([str(DEV)], tmp_path / "out.jsonl")
    assert (found, told) == locally([str(DEV)])
    assert len(found) == len(list(DEV.glob("*.txt")))


# What dies


def test_a_document_that_raises_or_kills_costs_itself_only(two_workers: str, tmp_path: Path) -> None:
    texts = {f"d{n}": "work" for n in range(200)}
    texts |= {"d7": "die now", "d8": "raise now", "d150": f"once {tmp_path / 'flag'}", "d199": "die now"}
    path = articles(tmp_path / "a.jsonl", texts)
    found, told, _ = on_ray([path], tmp_path / "out.jsonl", settings=Obedient(), part=30)
    ids = [json.loads(line)["doc_id"] for line in found]
    assert sorted(ids) == sorted(texts.keys() - {"d7", "d8", "d199"})
    assert (tmp_path / "flag").exists()
    assert [text.partition(":")[0] for text in told] == ["d199", "d7", "d8"]
    assert "ended, twice" in told[0]
    assert "ValueError: an ugly sentence" in told[2]
