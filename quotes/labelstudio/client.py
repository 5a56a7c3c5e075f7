"""The connection to a Label Studio: every failure becomes one sentence, and no key is ever in it.

Reads are repeated when a server stumbles. Writes are not: a server that answers with an error, or not in
time, may have done what it was told all the same, and the second try would do it twice. They raise
`UnsureError`, upon which the caller looks what is there before sending again.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from quotes.errors import LabelStudioError
from quotes.labelstudio.address import Address
from quotes.labelstudio.refusals import explain, is_passing, retry_after

if TYPE_CHECKING:
    from label_studio_sdk import LabelStudio

T = TypeVar("T")

#: Seconds between tries; they double, so that a server that is busy is left in peace.
PAUSES = (0.5, 1.0, 2.0, 4.0)

_LONGEST_PAUSE = 60.0
_SECONDS = 120.0


class UnsureError(LabelStudioError):
    """A write that may or may not have been done."""

    def __init__(self, message: str, pause: float | None) -> None:
        super().__init__(message)
        self.pause = pause


class Connection:
    """A Label Studio that let us in. Raises LabelStudioError on making it when it doesn't."""

    def __init__(self, address: Address) -> None:
        self.url = address.url
        self._reached = False
        # The SDK's generated types want models where it takes, and gives, plain JSON.
        self.client: Any = self.write("log in", lambda: _client(address))
        self.user: str = self.read("log in", lambda: self.client.users.whoami().email) or "?"
        self._reached = True

    def read(self, what: str, call: Callable[[], T]) -> T:
        """Call something that changes nothing; try again where the failure may pass.

        Raises LabelStudioError, which says `what` could not be done.
        """
        for pause in PAUSES:
            try:
                return self.write(what, call)
            except UnsureError as problem:
                self.wait(problem, pause)
        return self.write(what, call)

    def write(self, what: str, call: Callable[[], T]) -> T:
        """Call something once. Raises UnsureError where it may be done, LabelStudioError where it isn't."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError
        from pydantic import ValidationError

        try:
            return call()
        except (
            ApiError,
            httpx.HTTPError,
            httpx.InvalidURL,
            ValidationError,
            json.JSONDecodeError,
        ) as problem:
            message = explain(problem, self.url, what)
            # A server that was never reached is not one that stumbles: somebody should look at the address.
            passing = is_passing(problem) and (self._reached or not isinstance(problem, httpx.ConnectError))
            told = UnsureError(message, retry_after(problem)) if passing else LabelStudioError(message)
        # Out here, so that the cause, which holds a session's cookie, doesn't hang on to what is told.
        raise told

    def wait(self, problem: UnsureError, pause: float) -> None:
        """Wait before the next try: as long as the server asks for, or `pause`, give or take a quarter."""
        asked = min(problem.pause, _LONGEST_PAUSE) if problem.pause is not None else pause
        time.sleep(asked * random.uniform(0.75, 1.25) if problem.pause is None else asked)

    def request(self, method: str, path: str, **arguments: Any) -> Any:
        """Reach what the SDK has no call for; gives the parsed body. Its client of HTTP is private to it."""
        response = self.client._client_wrapper.httpx_client.request(path, method=method, **arguments)
        if not 200 <= response.status_code < 300:
            from label_studio_sdk.core.api_error import ApiError

            raise ApiError(status_code=response.status_code, body=response.text[:2000])
        return response.json() if response.content else None


def _client(address: Address) -> LabelStudio:
    import httpx
    from label_studio_sdk import LabelStudio

    # No redirects: one from http to https would turn what we send into a read. And no proxy to ourselves.
    http = httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=not address.loopback)
    return LabelStudio(  # type: ignore[no-untyped-call]
        base_url=address.url,
        api_key=address.key.get_secret_value(),
        httpx_client=http,
        timeout=_SECONDS,
        max_retries=0,
    )
