"""The sound files that are made unsound: of each format that the program reads, one or some.

`python -m scripts.fuzzing.base FOLDER` makes them. That is a process of its own, so that the one which starts
the cases by `fork` has no threads of pyarrow's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent.parent

#: Short articles of several kinds, so that a case takes a moment.
_ARTICLES = ("bridge-report", "harbour-vote", "recusal-thread", "tide-tables-qa")
_TEXTLESS = ".no-text"

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Base:
    """Sound files by name; a folder of brat's is several, `records.brat/…`."""

    articles: Files
    records: Files
    others: Files

    @classmethod
    def of(cls, folder: Path) -> Base:
        """Read what stands in a folder, and make it before if it isn't there."""
        if not (folder / "others").is_dir():
            subprocess.run([sys.executable, "-m", "scripts.fuzzing.base", folder], cwd=ROOT, check=True)
        return cls(*(_files(folder / kind) for kind in ("articles", "records", "others")))

    def one_of(self, random: Random, files: Files, *suffixes: str) -> Files:
        """One of these files, under its name, or all of a folder."""
        names = [name for name in files if not suffixes or name.partition("/")[0].endswith(suffixes)]
        chosen = random.choice(sorted({name.partition("/")[0] for name in names}))
        return {name: data for name, data in files.items() if name.partition("/")[0] == chosen}


def _files(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def make(folder: Path) -> None:
    """Make the sound files in a folder."""
    aside = folder / "unfinished"
    for kind in ("articles", "records"):
        (aside / kind).mkdir(parents=True, exist_ok=True)
    _articles(aside / "articles")
    _records(aside, aside / "records")
    _others(aside / "others", aside / "records")
    for kind in ("articles", "records", "others"):  # `others` last: it says that all are there
        shutil.move(aside / kind, folder / kind)


def _articles(folder: Path) -> None:
    import docx
    import pyarrow as pa
    from pyarrow import parquet

    documents = []
    for name in _ARTICLES:
        text = (ROOT / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        documents.append({"id": name, "title": name.title(), "date": "2017-06-05", "text": text})
    for pattern in ("pages/*.html", "pdf/*.pdf", "tweets/*.*", "tweets/account/*.js"):
        for path in (ROOT / "tests" / "samples").glob(pattern):
            shutil.copy(path, folder)
    lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    (folder / "articles.json").write_text(json.dumps(documents), encoding="utf-8")
    parquet.write_table(pa.Table.from_pylist(documents), folder / "articles.parquet")
    odd = [{"id": number, "text": None, "tags": [{"a": 1.5}], "date": None} for number in range(3)]
    parquet.write_table(pa.Table.from_pylist(odd), folder / "odd.parquet")
    word = docx.Document()
    for paragraph in str(documents[1]["text"]).split("\n\n"):
        word.add_paragraph(paragraph)
    word.save(str(folder / "article.docx"))


def _records(aside: Path, folder: Path) -> None:
    texts = [str(aside / "articles" / f"{name}.txt") for name in _ARTICLES]
    whole = folder / "records.jsonl"
    _quotes("extract", *texts, "--with-text", "--include-unattributed", "--out", str(whole))
    _quotes("extract", *texts, "--out", str(folder / f"records{_TEXTLESS}.jsonl"))
    for suffix in (".parquet", ".brat", ".spacy"):
        _quotes("convert", str(whole), "--out", str(folder / f"records{suffix}"))


def _others(folder: Path, records: Path) -> None:
    """What else commands read: a database, an index, gold, a history, an export of Label Studio, speakers."""
    from quotes.formats.jsonl.records import read_records
    from quotes.labelstudio.tasks import to_task
    from quotes.records import Document

    folder.mkdir()
    _quotes("db", "build", str(records / "records.jsonl"), "--out", str(folder / "quotes.db"))
    source = str(records.parent / "articles" / "recusal-thread.txt")
    _quotes("verify", "--against", source, "--index", str(folder / "sources.idx"))
    for name in ("gold.jsonl", "history.jsonl"):
        shutil.copy(ROOT / "annotations" / name, folder)
    tasks = []
    for number, record in enumerate(read_records(records / "records.jsonl"), 1):
        document = Document(doc_id=record.doc_id, text=record.text or "")
        task = to_task(document, record.model_copy(update={"text": None}), model_version="quotes")
        [prediction] = task.pop("predictions")
        done = {"id": number, "result": prediction["result"], "completed_by": 1, "was_cancelled": False}
        tasks.append(
            {**task, "id": number, "annotations": [done], "predictions": [{**prediction, "id": number}]}
        )
    (folder / "export.json").write_text(json.dumps(tasks), encoding="utf-8")
    speakers = '[[speaker]]\nname = "Ada Quill"\naliases = ["Mayor Quill"]\nkind = "person"\n'
    (folder / "speakers.toml").write_text(speakers, encoding="utf-8")


def _quotes(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "quotes", *arguments, "--quiet"], cwd=ROOT, check=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
