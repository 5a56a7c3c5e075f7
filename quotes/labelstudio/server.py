"""A local Label Studio: its own environment, SQLite, one data folder, nobody but this machine.

    with Server(data_dir) as server:
        server.wait()

Everything the server writes is in the data folder; it listens on the loopback address, sign-up is closed,
and it calls nobody: reports of errors and usage and the check for new versions are off, and whatever else it
might fetch runs into a proxy that isn't there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from quotes.errors import LabelStudioError
from quotes.labelstudio.installation import home, install
from quotes.labelstudio.locks import taken
from quotes.labelstudio.login import DEFAULT_EMAIL, Login, login_file, read_login, write_login
from quotes.labelstudio.loopback import HOST, answers, free_port

DEFAULT_PORT: Final = 8080

_START_SECONDS = 300  # a first start makes the database: 35 s on a quiet machine
_STOP_SECONDS = 15
_NOWHERE = f"http://{HOST}:9"
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")


def default_data_dir() -> Path:
    """The data folder that is used where none is named."""
    return home() / "data"


class Server:
    """Label Studio on a data folder, running while the block is entered.

    Raises LabelStudioError on entering: the server can't be installed, the port is taken, another one is
    running on the folder, or it doesn't come up.
    """

    def __init__(self, data_dir: Path, port: int = DEFAULT_PORT, email: str = DEFAULT_EMAIL) -> None:
        # Port 0 stands for any free one.
        self.data_dir = data_dir.expanduser().absolute()
        self.log = self.data_dir / "label-studio.log"
        self.login: Login
        self._port = port
        self._email = email
        self._lock: BinaryIO
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if os.name != "posix":
            raise LabelStudioError(
                "`serve` runs on Linux and macOS. Install Label Studio by hand, and name "
                "it with --url and --api-key."
            )
        program = install()
        with contextlib.ExitStack() as undo:
            try:
                self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._lock = undo.enter_context(self._claim())
                self._port = free_port(self._port)
                self.login = self._account()
                undo.callback(self._stop)
                self._start(program)
            except OSError as error:
                raise LabelStudioError(
                    f"{self.data_dir}: can't be used as a data folder ({error.strerror}). Check its "
                    "permissions and the space on the disk, or name another --data-dir."
                ) from error
            self._until_ready()
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._undo.close()

    def wait(self) -> None:
        """Block until the server ends. Raises LabelStudioError when it ends by itself."""
        assert self._process is not None
        raise self._ended(self._process.wait())

    @contextlib.contextmanager
    def _claim(self) -> Iterator[BinaryIO]:
        path = self.data_dir / "serve.lock"
        try:
            with taken(path) as lock:
                yield lock
        except BlockingIOError:
            process = path.read_text(encoding="ascii").strip() or "that is starting"
            raise LabelStudioError(
                f"{self.data_dir}: a Label Studio is running on this folder already (process {process}). Use "
                "that one, end it, or name another --data-dir."
            ) from None

    def _account(self) -> Login:
        url = f"http://{HOST}:{self._port}"
        known = read_login(self.data_dir)
        login = Login.fresh(url, self._email) if known is None else known.model_copy(update={"url": url})
        if known is None and (self.data_dir / "label_studio.sqlite3").exists():
            raise LabelStudioError(
                f"{self.data_dir}: a Label Studio's database is there, but {login_file(self.data_dir).name} "
                "is missing, without which nobody gets in. Put that file back, or name another --data-dir."
            )
        write_login(self.data_dir, login)
        return login

    def _start(self, program: Path) -> None:
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as log:
            self._process = subprocess.Popen(
                [program, "start", "--no-browser", "--internal-host", HOST, "--port", str(self._port)],
                env=self._environment(),
                cwd=self.data_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=0o077,
                start_new_session=True,  # Ctrl-C is ours to pass on, and its children end with it
                pass_fds=[
                    self._lock.fileno()
                ],  # the folder stays taken while the server lives, even without us
            )
        self._lock.truncate(0)
        self._lock.write(str(self._process.pid).encode())
        self._lock.flush()

    def _environment(self) -> dict[str, str]:
        """What the server gets to know: passwords here, not in arguments, which every process list shows."""
        return {
            **{name: value for name, value in os.environ.items() if name in _KEPT},
            "XDG_CONFIG_HOME": str(self.data_dir / "config"),
            "XDG_DATA_HOME": str(self.data_dir / "config"),
            "HTTP_PROXY": _NOWHERE,
            "HTTPS_PROXY": _NOWHERE,
            "NO_PROXY": f"{HOST},localhost",
            "COLLECT_ANALYTICS": "false",
            "FEATURE_FLAGS_OFFLINE": "true",
            "LATEST_VERSION_CHECK": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
            "LABEL_STUDIO_ALLOWED_HOSTS": f"{HOST},localhost",
            "LABEL_STUDIO_BASE_DATA_DIR": str(self.data_dir),
            "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
            "LABEL_STUDIO_USERNAME": self.login.email,
            "LABEL_STUDIO_PASSWORD": self.login.password.get_secret_value(),
            "LABEL_STUDIO_USER_TOKEN": self.login.api_key.get_secret_value(),
        }

    def _until_ready(self) -> None:
        assert self._process is not None
        give_up = time.monotonic() + _START_SECONDS
        while not answers(f"{self.login.url}/health"):
            if (code := self._process.poll()) is not None:
                raise self._ended(code)
            if time.monotonic() > give_up:
                raise LabelStudioError(
                    f"Label Studio did not come up within {_START_SECONDS} seconds. Read why in {self.log}."
                )
            time.sleep(0.2)
        # Also the proof that it is our server that answers there.
        if not answers(f"{self.login.url}/api/current-user/whoami", self.login.api_key.get_secret_value()):
            raise LabelStudioError(
                f"Label Studio is up, but doesn't know the account of {login_file(self.data_dir)}. Put back "
                "the file that belongs to this data folder, or name another --data-dir."
            )

    def _ended(self, code: int) -> LabelStudioError:
        return LabelStudioError(f"Label Studio ended by itself (exit code {code}). Read why in {self.log}.")

    def _stop(self) -> None:
        if self._process is None:
            return
        for end in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):  # all of them have ended
                os.killpg(self._process.pid, end)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
                return
