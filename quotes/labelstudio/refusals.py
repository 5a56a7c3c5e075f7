"""What Label Studio's refusals mean, in words, and which of them pass.

Nothing of a request or of response headers is shown: they hold keys and cookies.
"""

from __future__ import annotations

from typing import Any, Final

import httpx
from label_studio_sdk.core.api_error import ApiError

WHERE_KEYS_ARE: Final = "Account & Settings, Personal Access Token"

_PASSING = (408, 425, 429)
_LONGEST = 300


def is_passing(problem: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(problem, ApiError):
        code = problem.status_code or 0
        return code in _PASSING or code >= 500
    return isinstance(problem, httpx.TransportError) and not isinstance(
        problem, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
    )


def retry_after(problem: Exception) -> float | None:
    """The seconds that the server asks to be left in peace, if it says so."""
    headers = problem.headers if isinstance(problem, ApiError) and problem.headers else {}
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(asked) if asked.isdigit() else None


def explain(problem: Exception, url: str, what: str) -> str:
    """One sentence or two: what could not be done, where, why, and what to do."""
    head = f"{url}: can't {what}"
    if isinstance(problem, ApiError):
        return f"{head}: {_answer(problem)}"
    if isinstance(problem, httpx.TimeoutException):
        return f"{head}: the server did not answer in time. Try again when it is less busy."
    if isinstance(problem, httpx.ConnectError):
        return f"{head}: {_unreached(problem)}"
    if isinstance(problem, httpx.TransportError):
        return f"{head}: the connection broke ({type(problem).__name__}). Try again."
    return f"{head}: {_ELSE}"


def detail(body: Any) -> str:
    """What the body of an error says for people, cut to a sentence's length; "" if nothing."""
    if not isinstance(body, dict):
        return ""
    errors = body.get("validation_errors")
    if isinstance(errors, dict) and errors:
        text = "; ".join(f"{name}: {_flat(value)}" for name, value in errors.items())
    else:
        text = _flat(body.get("detail", ""))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _flat(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


_ELSE = "no Label Studio answers there. Name its top address, as in http://localhost:8080."


def _answer(problem: ApiError) -> str:
    code, said = problem.status_code, detail(problem.body)
    words = f" (“{said}”)" if said else ""
    if code == 401:
        return _unauthorized(said, words)
    if code == 403:
        return f"the key's account may not do that{words}. Use the key of an account that may do it."
    if code == 404 and said:
        return f"that isn't there{words}. Check the project's number or name."
    if code is not None and code in (301, 302, 303, 307, 308):
        return "the address leads on to another one. Name that one: perhaps https:// instead of http://."
    if code is None or code == 404 or code < 300:
        return _ELSE
    if code == 413:
        return "the server refuses requests of that size. Push fewer or shorter documents at a time."
    if code in _PASSING or code >= 500:
        return (
            f"the server keeps answering with an error ({code}){words}. Try again later, or look in its log."
        )
    return f"the server refuses it ({code}){words or ' without a reason'}."


def _unauthorized(said: str, words: str) -> str:
    if "legacy token authentication has been disabled" in said:
        return (
            f"the key is a legacy token, which this server has switched off. Copy another: {WHERE_KEYS_ARE}."
        )
    if "expired" in said:
        return f"the key has expired. Make a new one: {WHERE_KEYS_ARE}."
    if "wrong type" in said:
        return f"the key is an access token, which lives five minutes. Copy the other kind: {WHERE_KEYS_ARE}."
    return f"the key is refused{words}. Copy it again: {WHERE_KEYS_ARE}."


def _unreached(problem: httpx.ConnectError) -> str:
    if "SSL" in str(problem) or "CERTIFICATE" in str(problem).upper():
        return "the server doesn't speak HTTPS there, or its certificate isn't trusted. Check http:// and https://."
    return "no server answers there. Check the address, and start Label Studio: quotes labelstudio serve"
