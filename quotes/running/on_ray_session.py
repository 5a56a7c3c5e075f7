"""The connection to Ray: a cluster that is there, or a Ray of this machine alone."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from quotes.errors import ExtractionError, how_to_install
from quotes.files.inputs import first_line
from quotes.files.limits import VARIABLE
from quotes.running import available_cores

# Bytes of shared memory that a Ray of our own takes, with so much more for each extractor.
_STORE, _STORE_AN_ACTOR = 256 << 20, 64 << 20


@contextmanager
def session(address: str | None, jobs: int | None) -> Iterator[int]:
    """Connect to the Ray cluster at `address`, or start a Ray of this machine; how many extractors to run.

    Without an address, RAY_ADDRESS in the environment counts, as everywhere in Ray. A Ray that is started
    here listens on the loopback interface only, and ends with the block; a connection of this process that is
    there already is used and left. Raises ExtractionError where Ray is missing or can't be reached.
    """
    address = address or os.environ.get("RAY_ADDRESS") or "local"
    prepare_environment(own=address == "local")
    try:
        import ray
        import ray.data
    except ImportError:
        raise ExtractionError(f"--engine ray needs an extra. {how_to_install('ray')}") from None
    if ray.is_initialized():
        yield jobs or cluster_cores()
        return
    cores = jobs or available_cores()
    own: dict[str, Any] = {
        "num_cpus": cores,
        "include_dashboard": False,
        "object_store_memory": _STORE + cores * _STORE_AN_ACTOR,
    }
    try:
        with _silence():
            ray.init(
                address,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **_limits(),
                **(own if address == "local" else {}),
            )
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise ExtractionError(
            f"Ray: no connection to {address} ({first_line(error)}). "
            "Check that the cluster runs and that its version of Ray is that of this machine."
        ) from error
    try:
        yield jobs or cluster_cores()
    finally:
        ray.shutdown()


def _limits() -> dict[str, Any]:
    """What the user has set in the environment, for the processes of a cluster, which have another one."""
    size = os.environ.get(VARIABLE)
    return {"runtime_env": {"env_vars": {VARIABLE: size}}} if size else {}


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what Ray's C++ part says when it starts off standard error; what fails is raised besides."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def set_context(block: int) -> None:
    """Tell Ray Data how large blocks are, in bytes, and to keep quiet."""
    from ray.data import DataContext

    context = DataContext.get_current()
    context.target_max_block_size = block
    context.target_min_block_size = 1
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    # Fewer files than extractors are no mistake.
    warnings.filterwarnings("ignore", "The minimum number of concurrent actors", UserWarning)


def prepare_environment(*, own: bool) -> None:
    """Set what Ray reads from the environment when it is imported; what the user has set stays."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # the driver's; the log files have the rest
    if own:
        # Ray's own way to say that no other machine takes part: then it listens on 127.0.0.1 only.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")


def cluster_cores() -> int:
    """How many cores the cluster has by now; one that grows by itself may have more later."""
    import ray

    resources = cast("dict[str, float]", ray.cluster_resources())  # type: ignore[no-untyped-call]
    return max(1, int(resources.get("CPU", 1)))
