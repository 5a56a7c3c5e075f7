"""The connection to Ray: to a running cluster, or to a Ray that is started on this machine."""

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

# Bytes of shared memory for a Ray that we start, and for each of its extractors.
_STORE, _STORE_FOR_AN_ACTOR = 256 << 20, 64 << 20


@contextmanager
def session(address: str | None, jobs: int | None) -> Iterator[int]:
    """Connect to the Ray cluster at `address`, or start Ray on this machine. Gives the number of extractors.

    Without an address, the environment's RAY_ADDRESS is used, as everywhere in Ray. A Ray that is started
    here listens on the loopback interface only, and ends with the block. If this process is already
    connected, that connection is used and kept. Raises ExtractionError if Ray is missing or unreachable.
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
        "object_store_memory": _STORE + cores * _STORE_FOR_AN_ACTOR,
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
            "Check that the cluster is running and has this machine's version of Ray."
        ) from error
    try:
        yield jobs or cluster_cores()
    finally:
        ray.shutdown()


def _limits() -> dict[str, Any]:
    """The user's limits for the processes of a cluster, which don't inherit the environment."""
    size = os.environ.get(VARIABLE)
    return {"runtime_env": {"env_vars": {VARIABLE: size}}} if size else {}


@contextmanager
def _silence() -> Iterator[None]:
    """Hide what Ray's C++ part prints on standard error when it starts; failures are raised as well."""
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
    """Set Ray Data's block size in bytes, and silence it."""
    from ray.data import DataContext

    context = DataContext.get_current()
    context.target_max_block_size = block
    context.target_min_block_size = 1
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    # It is fine to have fewer files than extractors.
    warnings.filterwarnings("ignore", "The minimum number of concurrent actors", UserWarning)


def prepare_environment(*, own: bool) -> None:
    """Set the variables that Ray reads when it is imported. What the user has set stays."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # of the driver; the log files have everything
    if own:
        # Makes Ray listen on 127.0.0.1 only: no other machine takes part.
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")


def cluster_cores() -> int:
    """The number of cores of the cluster now; one that scales automatically may get more later."""
    import ray

    resources = cast("dict[str, float]", ray.cluster_resources())  # type: ignore[no-untyped-call]
    return max(1, int(resources.get("CPU", 1)))
