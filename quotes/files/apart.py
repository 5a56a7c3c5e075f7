"""Files that strangers made are taken apart in a process of their own, with limits on time and memory.

A page, an office document or a PDF can be made so that reading it takes hours or all memory, or crashes
native code. Here that costs the file, never the run: the process is ended, and the next file gets a new one.
What goes over is JSON and bytes, never pickles, for what comes back was made of a stranger's file.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from typing import Final, NamedTuple

from quotes.errors import ReadError
from quotes.files.inputs import Input
from quotes.records import Document, Metadata

#: What one file may take, in seconds of processor time, and in bytes of memory.
SECONDS: Final = 60
MEMORY: Final = 2 << 30
#: Where the system counts no processor time, and for whatever waits instead of working: seconds by the clock.
PATIENCE: Final = 600.0

_LONGEST_FIELD = 500


class Content(NamedTuple):
    r"""What a reader finds in a file: the text, its line ends ``\n``, and what is known about its origin."""

    text: str
    metadata: Metadata


def one_line(value: object) -> str | None:
    """What a file says of itself in a field, on one line and no longer than one; None for nothing."""
    text = " ".join(value.split())[:_LONGEST_FIELD].strip() if isinstance(value, str) else ""
    return text or None


def document(source: Input, reader: str, usual: int) -> Document:
    """Read the one document of a file by `content(data, where) -> Content` of `quotes.formats.<reader>`.

    Raises OSError where the file can't be opened, and ReadError where it is larger than the limit, `usual`
    bytes if nobody sets one, where the reader refuses it, or where it takes more time or memory than one may.
    """
    text, metadata = _PROCESS.ask(reader, source.where, source.data(usual))
    return Document(doc_id=source.doc_id, text=text, metadata=metadata)


class _Process:
    """The process that reads, started when it is first needed; one file at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, reader: str, where: str, data: bytes) -> Content:
        """Have one file read. Raises ReadError."""
        task = {"reader": reader, "where": where, "size": len(data), "seconds": SECONDS, "memory": MEMORY}
        with self._lock:
            process = self._running()
            timer = threading.Timer(PATIENCE, process.kill)
            timer.start()
            try:
                answer = self._exchange(process, task, data)
            except BaseException:  # Ctrl-C as well: what it would answer now is no answer to the next task
                process.kill()
                self._process = None
                raise
            finally:
                timer.cancel()
            if answer is None:
                raise ReadError(_ended(where, self._bury(process)))
        if "error" in answer:
            raise ReadError(answer["error"])
        return Content(answer["text"], Metadata.model_validate(answer["metadata"]))

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        # A copy of this process by fork must not talk into the same pipe.
        if process is None or self._owner != os.getpid() or process.poll() is not None:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "quotes.files.apart_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self._owner = os.getpid()
        return process

    def _exchange(self, process: subprocess.Popen[bytes], task: object, data: bytes) -> dict[str, str] | None:
        """Hand over and take the answer; None where the process ended instead."""
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps(task).encode() + b"\n" + data)
            process.stdin.flush()
        line = process.stdout.readline()
        if not line.endswith(b"\n"):
            return None
        answer: dict[str, str] = json.loads(line)
        return answer

    def _bury(self, process: subprocess.Popen[bytes]) -> int:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return process.wait()

    def end(self) -> None:
        """End the process, if this one started it."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._bury(self._process)
            self._process = None


def _ended(where: str, exit_code: int) -> str:
    import signal

    slow = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
    what = "took too long to read" if exit_code in slow else "crashed its reader"
    return f"{where}: this file {what}; it is damaged, or was made to. Save its text as UTF-8 (.txt) instead."


_PROCESS = _Process()
atexit.register(_PROCESS.end)
