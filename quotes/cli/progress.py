"""A progress bar that appears when work takes more than a second, and that results can step in front of."""

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
    """Shows on standard error how many of `total` documents are done, and how many a second.

    None is a total that isn't known. Nothing is shown where standard error is no terminal.
    """

    def __init__(self, total: int | None, *, quiet: bool) -> None:
        self._total = total
        self._completed = 0
        self._bar: Progress | None = None
        self._lock = threading.Lock()
        self._over = quiet or not sys.stderr.isatty()
        # A timer, because the first document itself may take more than that second.
        self._timer = threading.Timer(_DELAY, self._appear)
        self._timer.daemon = True

    def advance(self) -> None:
        """One more document is done."""
        self._completed += 1
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._completed)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar off the terminal while something else is printed there."""
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
            # Results go where they belong: rich must not draw them onto standard error.
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
