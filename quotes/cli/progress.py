"""A progress bar that appears when work takes more than a second: Extracting ━━━━ 120/2,000 35/s 0:00:54."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress

_DELAY = 1.0  # seconds


class ProgressBar:
    """Shows how many of `total` documents are done, and how many a second; None is an unknown total.

    It is drawn on standard error, and only if that is a terminal.
    """

    def __init__(self, total: int | None, *, quiet: bool) -> None:
        self._total = total
        self._completed = 0
        self._bar: Progress | None = None
        self._lock = threading.Lock()
        self._over = quiet or not sys.stderr.isatty()
        # A timer, since the first document alone may take longer.
        self._timer = threading.Timer(_DELAY, self._appear)
        self._timer.daemon = True

    def advance(self, documents: int = 1) -> None:
        """Count documents as done."""
        self._completed += documents
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._completed)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hide the bar while something else is printed on the terminal."""
        with self._lock:
            if self._bar is not None:
                self._bar.stop()
            yield
            if self._bar is not None:
                self._bar.start()

    def __enter__(self) -> Self:
        if not self._over:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()

    def _appear(self) -> None:
        from rich import progress as rich_progress
        from rich.console import Console
        from rich.text import Text

        class Rate(rich_progress.ProgressColumn):
            def render(self, task: rich_progress.Task) -> Text:
                return Text(f"{task.speed:,.0f}/s" if task.speed else "")

        columns = (
            rich_progress.TextColumn("Extracting"),
            rich_progress.BarColumn(),
            rich_progress.MofNCompleteColumn(),
            Rate(),
            rich_progress.TimeRemainingColumn(),
        )
        with self._lock:
            if self._over:
                return
            # rich must not redirect results to standard error.
            bar = rich_progress.Progress(
                *columns,
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            bar.add_task("", total=self._total, completed=self._completed)
            bar.start()
            self._bar = bar
