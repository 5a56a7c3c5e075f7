"""Read files that strangers made in a separate process, with limits on time and memory.

A web page, an office document or a PDF can be made so that reading it takes hours or all memory, or crashes
native code. Here it costs only that file: the process is killed, and the next file gets a new one.

This module is both sides. A task is a line of JSON, with the reader's name and the limits, followed by the
file's bytes. The answer is a line of JSON, with `text` and `metadata`, or with `error`, a message for the
user. Nothing is pickled, because the answer is made from a stranger's file.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from typing import Any, Final, NamedTuple

from quotes.errors import ReadError
from quotes.files.inputs import Input
from quotes.records import Document, Metadata

#: The limits for one file, in seconds of processor time and in bytes of memory.
SECONDS: Final = 60
MEMORY: Final = 2 << 30
#: The limit in seconds by the clock, for systems that don't limit processor time, and for a reader that
#: hangs.
PATIENCE: Final = 600.0

_LONGEST_FIELD = 500


class Content(NamedTuple):
    r"""What a reader finds in a file: the text, with ``\n`` as its line ends, and the metadata."""

    text: str
    metadata: Metadata


def one_line(value: object) -> str | None:
    """The value of a metadata field on one line, shortened to 500 characters; None for an empty one."""
    text = " ".join(value.split())[:_LONGEST_FIELD].strip() if isinstance(value, str) else ""
    return text or None


def document(source: Input, reader: str, usual: int) -> Document:
    """Read the one document of a file by `content(data, where) -> Content` of `quotes.formats.<reader>`.

    Raises OSError if the file can't be opened, and ReadError if it exceeds the limit (`usual` bytes by
    default), if the reader refuses it, or if reading it takes too much time or memory.
    """
    text, metadata = _PROCESS.ask(reader, source.where, source.data(usual))
    return Document(doc_id=source.doc_id, text=text, metadata=metadata)


class _Process:
    """The process that reads, started when it is first needed. It reads one file at a time."""

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
            except BaseException:  # also Ctrl-C: a late answer must not be taken for that to the next task
                process.kill()
                self._process = None
                raise
            finally:
                timer.cancel()
            if answer is None:
                raise ReadError(_ended(where, _wait_until_ended(process)))
        if "error" in answer:
            raise ReadError(answer["error"])
        return Content(answer["text"], Metadata.model_validate(answer["metadata"]))

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        # After a fork, the child must not use the same pipe.
        if process is None or self._owner != os.getpid() or process.poll() is not None:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "quotes.files.apart"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self._owner = os.getpid()
        return process

    def _exchange(self, process: subprocess.Popen[bytes], task: object, data: bytes) -> dict[str, str] | None:
        """Send a task and receive the answer; None if the process ended instead."""
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

    def end(self) -> None:
        """End the process, if this one started it."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            _wait_until_ended(self._process)
            self._process = None


def _wait_until_ended(process: subprocess.Popen[bytes]) -> int:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    return process.wait()


def _ended(where: str, exit_code: int) -> str:
    slow = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}
    what = "took too long to read" if exit_code in slow else "crashed its reader"
    return f"{where}: this file {what}. It is damaged or malicious; save its text as UTF-8 (.txt) instead."


def main() -> None:
    """Answer tasks until standard input ends, which it does when the parent process ends."""
    # Ctrl-C reaches all processes of a terminal. The parent, which gets it too, ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not be taken for an answer
        while header := sys.stdin.buffer.readline():
            task = json.loads(header)
            data = sys.stdin.buffer.read(task["size"])
            _limit(task["seconds"], task["memory"])
            answers.write(json.dumps(_answer(task["reader"], task["where"], data)).encode() + b"\n")
            answers.flush()


def _answer(reader: str, where: str, data: bytes) -> dict[str, Any]:
    try:
        text, metadata = import_module(f"quotes.formats.{reader}").content(data, where)
    except ReadError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{where}: reading this file takes too much memory. Save its text as UTF-8 (.txt)."}
    except Exception as error:  # parsers raise various exceptions for damaged files
        return {
            "error": f"{where}: this file is damaged ({type(error).__name__}). "
            "Open it in the program that made it, and save its text as UTF-8 (.txt)."
        }
    return {"text": text, "metadata": metadata.model_dump()}


def _limit(seconds: int, memory: int) -> None:
    """Have the system kill this process if the next file takes more. Where it can't, `PATIENCE` applies."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, value in (
        (resource.RLIMIT_CPU, int(time.process_time()) + seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, hard))


_PROCESS = _Process()
atexit.register(_PROCESS.end)

if __name__ == "__main__":
    main()
