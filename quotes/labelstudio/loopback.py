"""The loopback address: which port is free there, and whether a server answers."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from typing import Final

from quotes.errors import LabelStudioError

HOST: Final = "127.0.0.1"

# Straight there, whatever proxy the environment names: a key must not pass through one.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port(port: int) -> int:
    """The port, if nobody listens on it; 0 stands for any. Raises LabelStudioError when it can't be had.

    Label Studio itself would move on to the next port with no more than a line in its log.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError as error:
            raise LabelStudioError(
                f"Port {port} of {HOST} can't be used ({error.strerror}). End the program that listens "
                f"there, or choose another port: --port {port + 1 if 1023 < port < 65535 else 8081}"
            ) from None
        chosen: int = probe.getsockname()[1]
        return chosen


def answers(url: str, key: str | None = None) -> bool:
    """Whether a GET is answered with success."""
    request = urllib.request.Request(url, headers={"Authorization": f"Token {key}"} if key else {})
    try:
        with _direct.open(request, timeout=10) as response:
            return bool(200 <= response.status < 300)
    except (OSError, ValueError):  # refused, reset, timed out, or answered with an error
        return False
