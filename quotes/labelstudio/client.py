"""The connection to a Label Studio: every failure becomes one sentence, and none of them shows a key.

Reads are retried if a server fails temporarily. Writes are not: a server that answers with an error, or too
late, may still have done the work, and a second request would do it twice. They raise `UnsureError`; the
caller then checks what the server has before it sends anything again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from json import JSONDecodeError
from typing import Any, Final, TypeVar

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from pydantic import ValidationError

from quotes.errors import LabelStudioError
from quotes.labelstudio.address import Address

T = TypeVar("T")

#: Seconds between attempts. They double, so that a busy server can recover.
PAUSES = (0.5, 1.0, 2.0, 4.0)

_LONGEST_PAUSE = 60.0
_TIMEOUT = 120.0
_LONGEST_DETAIL = 300
_TEMPORARY = (408, 425, 429)

_WHERE_KEYS_ARE: Final = "Account & Settings, Personal Access Token"
_NOT_LABEL_STUDIO: Final = (
    "there is no Label Studio at this address. Use its base URL, such as http://localhost:8080."
)


class UnsureError(LabelStudioError):
    """A write that may or may not have been done. `pause` is how many seconds the server asks to wait."""

    def __init__(self, message: str, pause: float | None) -> None:
        super().__init__(message)
        self.pause = pause


class Connection:
    """A logged-in connection to a Label Studio. Raises LabelStudioError if the login fails."""

    def __init__(self, address: Address) -> None:
        self.url = address.url
        self._reached = False
        # Any, because the SDK's type stubs require models where it accepts and returns plain JSON.
        self.client: Any = self.write("log in", lambda: _client(address))
        self.read("log in", lambda: self.client.users.whoami())
        self._reached = True

    def read(self, what: str, call: Callable[[], T]) -> T:
        """Make a request that changes nothing; retry it after a temporary failure.

        Raises LabelStudioError, whose message says that `what` failed.
        """
        for pause in PAUSES:
            try:
                return self.write(what, call)
            except UnsureError as problem:
                self.wait(problem, pause)
        return self.write(what, call)

    def write(self, what: str, call: Callable[[], T]) -> T:
        """Make a request once.

        Raises UnsureError if it may have been done, LabelStudioError if it was not.
        """
        try:
            return call()
        except (ApiError, httpx.HTTPError, httpx.InvalidURL, ValidationError, JSONDecodeError) as problem:
            message = f"{self.url}: can't {what}: {_reason(problem)}"
            # If the server was never reached, the address is probably wrong: do not retry.
            temporary = _is_temporary(problem) and (
                self._reached or not isinstance(problem, httpx.ConnectError)
            )
            raised = UnsureError(message, _retry_after(problem)) if temporary else LabelStudioError(message)
        # Raised outside the except block, because the cause holds a session cookie.
        raise raised

    def wait(self, problem: UnsureError, pause: float) -> None:
        """Wait before the next attempt: as long as the server asks for, or `pause` ± 25 %."""
        if problem.pause is not None:
            time.sleep(min(problem.pause, _LONGEST_PAUSE))
        else:
            time.sleep(pause * random.uniform(0.75, 1.25))


def _client(address: Address) -> LabelStudio:
    # No redirects: a redirect from http to https would turn a POST into a GET. No proxy to this machine.
    http = httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=not address.loopback)
    return LabelStudio(  # type: ignore[no-untyped-call]
        base_url=address.url,
        api_key=address.key.get_secret_value(),
        httpx_client=http,
        timeout=_TIMEOUT,
        max_retries=0,
    )


# --- What a failure means. Messages never show requests or headers: they hold keys and cookies. ---


def _is_temporary(problem: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(problem, ApiError):
        code = problem.status_code or 0
        return code in _TEMPORARY or code >= 500
    return isinstance(problem, httpx.TransportError) and not isinstance(
        problem, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
    )


def _retry_after(problem: Exception) -> float | None:
    """The seconds in the Retry-After header, if there is one."""
    headers = getattr(problem, "headers", None) or {}
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(asked) if asked.isdigit() else None


def _reason(problem: Exception) -> str:
    """Why a request failed and what to do, in one or two sentences."""
    if isinstance(problem, ApiError):
        return _answer(problem)
    if isinstance(problem, httpx.TimeoutException):
        return "the server did not answer in time. Try again when it is less busy."
    if isinstance(problem, httpx.ConnectError):
        return _not_connected(problem)
    if isinstance(problem, httpx.TransportError):
        return f"the connection was lost ({type(problem).__name__}). Try again."
    return _NOT_LABEL_STUDIO


def _answer(problem: ApiError) -> str:
    code, detail = problem.status_code, _detail(problem.body)
    quoted = f" (“{detail}”)" if detail else ""
    if code == 401:
        return _unauthorized(detail, quoted)
    if code == 403:
        return f"the account of this key has no permission{quoted}. Use the key of an account that has it."
    if code == 404 and detail:
        return f"it does not exist{quoted}. Check the project's number or name."
    if code in (301, 302, 303, 307, 308):
        return "this address redirects to another one. Use that one, perhaps https:// instead of http://."
    if code is None or code == 404 or code < 300:
        return _NOT_LABEL_STUDIO
    if code == 413:
        return "the server does not accept requests of that size. Push fewer or shorter documents at a time."
    if code in _TEMPORARY or code >= 500:
        return f"the server keeps answering with an error ({code}){quoted}. Try again later, or see its log."
    return f"the server refuses the request ({code}){quoted or ' without a reason'}."


def _detail(body: Any) -> str:
    """The message in the body of an error, shortened; "" if there is none."""
    if not isinstance(body, dict):
        return ""
    errors = body.get("validation_errors")
    if isinstance(errors, dict) and errors:
        text = "; ".join(f"{name}: {_joined(value)}" for name, value in errors.items())
    else:
        text = _joined(body.get("detail", ""))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_DETAIL else text[: _LONGEST_DETAIL - 1] + "…"


def _joined(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _unauthorized(detail: str, quoted: str) -> str:
    if "legacy token authentication has been disabled" in detail:
        return f"the key is a legacy token, which this server has disabled. Copy another: {_WHERE_KEYS_ARE}."
    if "expired" in detail:
        return f"the key has expired. Create a new one: {_WHERE_KEYS_ARE}."
    if "wrong type" in detail:
        return f"the key is an access token, valid for five minutes. Copy the other kind: {_WHERE_KEYS_ARE}."
    return f"the key is refused{quoted}. Copy it again: {_WHERE_KEYS_ARE}."


def _not_connected(problem: httpx.ConnectError) -> str:
    if "SSL" in str(problem) or "CERTIFICATE" in str(problem).upper():
        return "the server does not use HTTPS, or its certificate is not trusted. Check http:// and https://."
    return (
        "no server answers at this address. Check the address, or start Label Studio with "
        "`quotes labelstudio serve`."
    )
