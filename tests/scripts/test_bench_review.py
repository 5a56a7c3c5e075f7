"""The benchmark of the review page runs to its end."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import paths

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_it_measures_the_real_page(browser: Browser, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [
            sys.executable,
            paths.ROOT / "scripts" / "bench_review.py",
            "--quotations",
            "20",
            "--decisions",
            "12",
        ],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "11 of 20 decided · 1 unsure" in done.stdout
    for measured in ("start until it answers", "memory, at most", "ms (median of 12)"):
        assert measured in done.stdout
