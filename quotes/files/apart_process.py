"""The process that `apart` talks to: takes a file, answers with its text, and waits for the next.

A task is a line of JSON, with the reader's name and the limits, and the file's bytes behind it. The answer is
a line of JSON: `text` and `metadata`, or `error` with what to tell the user.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
from importlib import import_module
from typing import Any

from quotes.errors import ReadError


def main() -> None:
    """Serve until standard input ends, which it does when whoever started this ends."""
    # Ctrl-C goes to all processes of a terminal; the parent, which gets it too, ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints must not look like an answer
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
    except Exception as error:  # a parser's surprise at bytes that nobody foresaw
        return {
            "error": f"{where}: this file is damaged ({type(error).__name__}). "
            "Open it in the program that made it, save its text as UTF-8 (.txt), and read that."
        }
    return {"text": text, "metadata": metadata.model_dump()}


def _limit(seconds: int, memory: int) -> None:
    """Let the system end this process when the next file takes more; where it can't, `apart` has a clock."""
    try:
        import resource
    except ImportError:  # Windows
        return
    import time

    for limit, value in (
        (resource.RLIMIT_CPU, int(time.process_time()) + seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, hard))


if __name__ == "__main__":
    main()
