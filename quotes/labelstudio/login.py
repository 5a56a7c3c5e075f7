"""The account of a local Label Studio, in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_serializer

from quotes.errors import LabelStudioError

FILE_NAME: Final = "login.json"
DEFAULT_EMAIL: Final = "reviewer@quotes.example"


class Login(BaseModel):
    """Where a local Label Studio listens, and how to get in: by password in a browser, by key here.

    Password and key are shown as asterisks in every message, log or traceback.
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
        """An account that nobody can guess."""
        return cls(
            url=url,
            email=email,
            password=SecretStr(secrets.token_urlsafe(12)),
            api_key=SecretStr(secrets.token_hex(20)),
        )


def login_file(data_dir: Path) -> Path:
    """Where the account of the server on this data folder is kept."""
    return data_dir / FILE_NAME


def read_login(data_dir: Path) -> Login | None:
    """The account on this data folder; None if no server was ever started on it.

    Raises LabelStudioError when the file can't be read or was changed by hand.
    """
    path = login_file(data_dir)
    try:
        return Login.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LabelStudioError(
            f"{path}: can't be read ({error.strerror}). Log in as the user who started Label Studio there."
        ) from error
    except ValidationError:  # whose text would quote the file
        raise LabelStudioError(
            f"{path}: this is not how `quotes labelstudio serve` wrote it. "
            "Put it back, or name another --data-dir."
        ) from None


def write_login(data_dir: Path, login: Login) -> None:
    """Keep an account, readable by its owner alone from the first byte on. Raises OSError."""
    path = login_file(data_dir)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(login.model_dump_json(indent=2) + "\n")
    aside.replace(path)
