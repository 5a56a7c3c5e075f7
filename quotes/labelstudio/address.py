"""Where Label Studio is and which key to use: from options, the environment or a local login file."""

from __future__ import annotations

import ipaddress
import os
import secrets
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_serializer

from quotes.errors import LabelStudioError
from quotes.files.whole_file import aside
from quotes.labelstudio.installation import home

URL_VARIABLE: Final = "LABEL_STUDIO_URL"
KEY_VARIABLE: Final = "LABEL_STUDIO_API_KEY"
DEFAULT_EMAIL: Final = "reviewer@quotes.example"

_PAGES = ("api", "projects", "user", "people", "organization")


class Login(BaseModel):
    """The account of a local Label Studio: a password for the browser, a key for `push` and `pull`.

    Password and key are shown as asterisks in every message, log and traceback.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    email: str = Field(min_length=3)
    password: SecretStr
    api_key: SecretStr

    @field_serializer("password", "api_key", when_used="json")
    def _reveal(self, secret: SecretStr) -> str:
        return secret.get_secret_value()

    @classmethod
    def fresh(cls, url: str, email: str) -> Login:
        """A new account with a random password and key."""
        password, key = secrets.token_urlsafe(12), secrets.token_hex(20)
        return cls(url=url, email=email, password=SecretStr(password), api_key=SecretStr(key))


@dataclass(frozen=True, slots=True)
class Address:
    """The base URL of a Label Studio, with a trailing slash, and the key, which is shown as asterisks."""

    url: str
    key: SecretStr

    @property
    def loopback(self) -> bool:
        """Whether the server runs on this machine."""
        host = urllib.parse.urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def default_data_dir() -> Path:
    """The data folder of `quotes labelstudio serve` if none is given."""
    return home() / "data"


def find_address(
    url: str | None = None,
    key: str | None = None,
    data_dir: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Address:
    """Find the Label Studio to use. A key is never sent to an address that it was not given with.

    `data_dir` is used if given; otherwise `url` and `key`, each with its environment variable as the
    default; otherwise the default data folder. Raises LabelStudioError if there is no server, or only a URL
    or only a key.
    """
    if data_dir is not None:
        if url or key:
            raise LabelStudioError("--data-dir can't be combined with --url or --api-key.")
        return _local(data_dir)
    url, key = url or environment.get(URL_VARIABLE), key or environment.get(KEY_VARIABLE)
    if not url and not key:
        return _local(default_data_dir())
    if not url:
        raise LabelStudioError(
            f"There is a key but no address. Set the address with --url or {URL_VARIABLE}."
        )
    if not key:
        raise LabelStudioError(
            f"There is no key for {_without_user(url)}. Copy one from Label Studio (Account & Settings, "
            f"Personal Access Token) and set {KEY_VARIABLE} to it."
        )
    return Address(_base_url(url), _checked(key))


def login_file(data_dir: Path) -> Path:
    """The file that holds the account of the server on this data folder."""
    return data_dir / "login.json"


def read_login(data_dir: Path) -> Login | None:
    """The account on this data folder; None if no server has been started on it.

    Raises LabelStudioError if the file can't be read or was changed by hand.
    """
    path = login_file(data_dir)
    try:
        return Login.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LabelStudioError(
            f"{path}: can't be read ({error.strerror}). Run this as the user who started Label Studio."
        ) from error
    except ValidationError:  # its message would quote the file
        raise LabelStudioError(
            f"{path}: this file was changed after `quotes labelstudio serve` wrote it. "
            "Restore it, or choose another --data-dir."
        ) from None


def write_login(data_dir: Path, login: Login) -> None:
    """Write an account to a file that only its owner can read. Raises OSError."""
    path = login_file(data_dir)
    unfinished = aside(path)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(login.model_dump_json(indent=2) + "\n")
    unfinished.replace(path)


def _local(data_dir: Path) -> Address:
    login = read_login(data_dir.expanduser())
    if login is None:
        raise LabelStudioError(
            f"No Label Studio address is set, and no local server was started ({login_file(data_dir)} is "
            f"missing). Start one with `quotes labelstudio serve`, or set {URL_VARIABLE} and {KEY_VARIABLE}."
        )
    return Address(_base_url(login.url), login.api_key)


def _base_url(url: str) -> str:
    """The base URL with a trailing slash. Raises LabelStudioError for anything else, such as a page's URL."""
    try:
        parts = urllib.parse.urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        port = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise LabelStudioError(
            f"{_without_user(url)!r} is not an address. Use the form http://localhost:8080."
        )
    if parts.username or parts.password:
        raise LabelStudioError("Remove the user name and password from the address; only the key is needed.")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    base = f"{parts.scheme}://{host}{f':{port}' if port else ''}/"
    for folder in filter(None, parts.path.split("/")):
        if folder in _PAGES:
            raise LabelStudioError(
                f"{_without_user(url)} is a page of Label Studio. Use the address above it: {base}"
            )
        base += f"{folder}/"
    return base


def _checked(key: str) -> SecretStr:
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise LabelStudioError(
            "This is not a Label Studio key: it contains characters that keys never have. Copy it again "
            "(Account & Settings, Personal Access Token)."
        )
    return SecretStr(key)


def _without_user(url: str) -> str:
    """A URL that is safe to print: without a user name and password before an @."""
    scheme, mark, rest = url.strip().partition("://")
    return scheme + mark + rest.rpartition("@")[2] if mark else scheme.rpartition("@")[2]
