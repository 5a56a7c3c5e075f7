"""Where Label Studio is and which key opens it: from options, the environment, or our own local server."""

from __future__ import annotations

import ipaddress
import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from quotes.errors import LabelStudioError
from quotes.labelstudio.login import login_file, read_login

URL_VARIABLE: Final = "LABEL_STUDIO_URL"
KEY_VARIABLE: Final = "LABEL_STUDIO_API_KEY"

_PAGES = ("api", "projects", "user", "people", "organization")


@dataclass(frozen=True, slots=True)
class Address:
    """A Label Studio's top address, with a slash at its end, and the key, which is shown as asterisks."""

    url: str
    key: SecretStr

    @property
    def loopback(self) -> bool:
        """Whether it is this very machine."""
        host = urllib.parse.urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def find_address(
    url: str | None = None,
    key: str | None = None,
    data_dir: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Address:
    """The Label Studio that is meant. A key never goes to an address that it wasn't given together with.

    A data folder named outright comes first, then `url` and `key`, each made up for by its variable; where
    all of them are missing, the default data folder. Raises LabelStudioError when nothing is named, or half.
    """
    if data_dir is not None:
        if url or key:
            raise LabelStudioError("--data-dir names a server already. Leave out --url and --api-key, or it.")
        return _local(data_dir)
    url, key = url or environment.get(URL_VARIABLE), key or environment.get(KEY_VARIABLE)
    if not url and not key:
        from quotes.labelstudio.server import default_data_dir

        return _local(default_data_dir())
    if not url:
        raise LabelStudioError(f"There is a key, but no address. Name it with --url or {URL_VARIABLE}.")
    if not key:
        raise LabelStudioError(
            f"There is no key for {_shown(url)}. Copy one from Label Studio (Account & Settings, Personal "
            f"Access Token) and set {KEY_VARIABLE} to it."
        )
    return Address(_top(url), _checked(key))


def _local(data_dir: Path) -> Address:
    login = read_login(data_dir.expanduser())
    if login is None:
        raise LabelStudioError(
            f"No Label Studio is named, and none was started here ({login_file(data_dir)} is missing). Start "
            f"one with `quotes labelstudio serve`, or set {URL_VARIABLE} and {KEY_VARIABLE}."
        )
    return Address(_top(login.url), login.api_key)


def _top(url: str) -> str:
    """The top address of a URL. Raises LabelStudioError when it is no URL, or that of a page."""
    try:
        parts = urllib.parse.urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        port = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise LabelStudioError(f"{_shown(url)!r} is no address. Write it like http://localhost:8080.")
    if parts.username or parts.password:
        raise LabelStudioError(
            "Leave user name and password out of the address; the key is all that it takes."
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    folders = [folder for folder in parts.path.split("/") if folder]
    top = f"{parts.scheme}://{host}{f':{port}' if port else ''}/"
    for number, folder in enumerate(folders):
        if folder in _PAGES:
            above = "".join(f"{name}/" for name in folders[:number])
            raise LabelStudioError(
                f"{_shown(url)} is a page of Label Studio. Name the address above it: {top}{above}"
            )
    return top + "".join(f"{folder}/" for folder in folders)


def _checked(key: str) -> SecretStr:
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise LabelStudioError(
            "The key can't be one of Label Studio's: it holds what no key has. Copy it again "
            "(Account & Settings, Personal Access Token)."
        )
    return SecretStr(key)


def _shown(url: str) -> str:
    """A URL as it may be shown: without what may stand before an @."""
    scheme, mark, rest = url.strip().partition("://")
    return scheme + mark + rest.rpartition("@")[2] if mark else url.strip().rpartition("@")[2]
