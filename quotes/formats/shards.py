"""The names of outputs in several files: the shards of FILE, and the parts in a folder.

quotations-00001.jsonl, quotations-00002.jsonl     shards of quotations.jsonl
quotations.parquet/part-….parquet and _SUCCESS     parts, and the sign that all are there
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

#: A part file in a folder that `quotes extract --engine ray` fills.
PART: Final = re.compile(r"part-[0-9a-f]{24}\.(?:jsonl|parquet)")
#: The empty file beside the parts when all are there, as Hadoop and Spark write it; readers skip it.
PARTS_DONE: Final = "_SUCCESS"


def shard(path: Path, suffixes: str, number: int) -> Path:
    """One shard of FILE.jsonl: "FILE-00001.jsonl"."""
    return path.with_name(f"{path.name.removesuffix(suffixes)}-{number:05}{suffixes}")


def shards(path: Path, suffixes: str) -> dict[int, Path]:
    """The existing shards of FILE by number, in order."""
    name = path.name.removesuffix(suffixes)
    form = re.compile(rf"{re.escape(name)}-(\d{{5,}}){re.escape(suffixes)}")
    entries = path.parent.iterdir() if path.parent.is_dir() else ()
    found = {int(match[1]): entry for entry in entries if (match := form.fullmatch(entry.name))}
    return dict(sorted(found.items()))
