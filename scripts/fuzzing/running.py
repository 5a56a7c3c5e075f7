"""Run a case in a copy of this process, within limits, and measure it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO, TextIOWrapper
from pathlib import Path

from scripts.fuzzing.cases import Case, write

#: What the system lets a case have, in bytes.
DATA = 3 << 30

#: Gives control to the program, with its arguments; ends by SystemExit as it does.
Program = Callable[[Sequence[str]], object]


def seconds(size: int) -> int:
    """The processor time that so many bytes may take."""
    return 30 + 60 * size // (1 << 20)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code, or the signal that killed it, and what it took."""

    code: int
    signal: int
    out: str
    err: str
    memory: int
    seconds: float
    late: bool = False
    """It did nothing any more, and was ended by the clock."""


class Run:
    """A case that runs. Its files stand in `folder`, and its two outputs beside it."""

    def __init__(self, case: Case, folder: Path, program: Program) -> None:
        self.case = case
        self.folder = folder
        write(case.files, folder)
        self._began = time.monotonic()
        self._late = False
        self.pid = os.fork()
        if self.pid == 0:
            _in_child(case, folder, program)

    def hurry(self) -> None:
        """End it after twenty times its processor time by the clock, which a busy machine leaves enough."""
        if not self._late and time.monotonic() - self._began > 20 * seconds(self.case.size):
            self._late = True
            self.end()

    def end(self) -> None:
        """End it and whatever it has started."""
        with suppress(ProcessLookupError):  # nothing is left, or it isn't a group yet
            os.killpg(self.pid, signal.SIGKILL)

    def remove(self) -> None:
        """Remove all that it wrote."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for suffix in (".out", ".err"):
            self.folder.with_suffix(suffix).unlink(missing_ok=True)

    def outcome(self, status: int, usage: resource.struct_rusage) -> Outcome:
        """What the system says of it, now that it has ended."""
        killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        out, err = (
            self.folder.with_suffix(suffix).read_text(encoding="utf-8", errors="replace")
            for suffix in (".out", ".err")
        )
        took = usage.ru_utime + usage.ru_stime
        code = 0 if killed else os.WEXITSTATUS(status)
        return Outcome(code, killed, out, err, usage.ru_maxrss << 10, took, self._late)


def _in_child(case: Case, folder: Path, program: Program) -> None:
    """Never returns, whatever happens."""
    code = 99
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, path in (
            (0, os.devnull),
            (1, folder.with_suffix(".out")),
            (2, folder.with_suffix(".err")),
        ):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644), number)
        os.chdir(folder)
        for limit, value in (
            (resource.RLIMIT_DATA, DATA),
            (resource.RLIMIT_CPU, seconds(case.size)),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))
        if case.apart:
            os.execv(sys.executable, [sys.executable, "-m", "quotes", *case.arguments])
        code = _exit_code(program, case.arguments)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        os._exit(code)


def _exit_code(program: Program, arguments: Sequence[str]) -> int:
    """What the interpreter would end with."""
    sys.stdout, sys.stderr = (
        TextIOWrapper(FileIO(number, "w"), "utf-8", errors="replace", write_through=True) for number in (1, 2)
    )
    try:
        program(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
