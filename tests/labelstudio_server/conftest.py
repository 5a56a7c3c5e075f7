"""One real Label Studio for all tests here, and fixtures that use it as its web page would.

The tests install nothing: run `quotes labelstudio serve --install-only` first, as `make test` does.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quotes.labelstudio.address import Address, find_address
from quotes.labelstudio.client import Connection
from quotes.labelstudio.installation import server_command
from quotes.records import Document

from review_room import ROOT, Pairs, Reviewer, Run, Serving, missing  # isort: skip


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server of the session."""
    if server_command() is None:
        missing("Label Studio is not installed. Run: quotes labelstudio serve --install-only")
    server = Serving(tmp_path_factory.mktemp("label-studio")).until_up()
    yield server
    assert server.end() == 0


@pytest.fixture(scope="session")
def address(serving: Serving) -> Address:
    return find_address(data_dir=serving.data_dir)


@pytest.fixture(scope="session")
def connection(address: Address) -> Connection:
    return Connection(address)


@pytest.fixture
def title() -> str:
    """A project's title that no other test has."""
    return f"test {secrets.token_hex(6)}"


@pytest.fixture
def spare_data_dir(serving: Serving, tmp_path: Path) -> Path:
    """A data folder like the session's, for a server of one's own: it is up in seconds."""
    spare = tmp_path / "spare"
    spare.mkdir(mode=0o700)
    for name in ("login.json", ".env"):
        shutil.copy2(serving.data_dir / name, spare / name)
    with (
        sqlite3.connect(serving.data_dir / "label_studio.sqlite3") as source,
        sqlite3.connect(spare / "label_studio.sqlite3") as copy,
    ):
        source.backup(copy)
    return spare


@pytest.fixture
def reviewer(connection: Connection, title: str) -> Reviewer:
    """A reviewer of the project of the test."""
    return Reviewer(connection, title)


@pytest.fixture(scope="session")
def extracted() -> Callable[..., Pairs]:
    """Extract texts with the real extractor, with what has no speaker."""
    from quotes.extractor import Extractor

    extractor = Extractor(include_unattributed=True, with_text=True)

    def extract(documents: list[Document]) -> Pairs:
        return list(zip(documents, extractor.pipe(documents), strict=True))

    return extract


@pytest.fixture(scope="session")
def seeds(extracted: Callable[..., Pairs]) -> Pairs:
    """The articles of `seeds/` and, where they are, of the shared folder, with predictions."""
    from quotes.formats.sources import expand, read_all

    folders = [ROOT / "seeds", ROOT.parent / "shared" / "seeds"]
    return extracted(list(read_all(expand([str(folder) for folder in folders if folder.is_dir()]))))


@pytest.fixture
def predictions(tmp_path: Path) -> Callable[[Pairs], Path]:
    """Write predictions, texts and all, as `quotes extract --with-text` does."""

    def write(pairs: Pairs) -> Path:
        path = tmp_path / "predictions.jsonl"
        path.write_text(
            "".join(
                record.model_copy(update={"text": document.text}).model_dump_json() + "\n"
                for document, record in pairs
            ),
            encoding="utf-8",
        )
        return path

    return write


@pytest.fixture
def labelstudio(serving: Serving, run_quotes: Callable[..., subprocess.CompletedProcess[str]]) -> Run:
    """Run `quotes labelstudio ARGUMENT...` against the session's server."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run_quotes("labelstudio", *map(str, arguments), "--data-dir", str(serving.data_dir))

    return run
