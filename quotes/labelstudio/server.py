"""A local Label Studio: its own environment, SQLite, one data folder, reachable from this machine only.

    with Server(data_dir) as server:
        server.wait()

Everything the server writes is in the data folder. It listens on the loopback address only, and sign-up is
closed. Error reports, usage statistics and the check for new versions are off; a proxy that does not exist
blocks every other request to the internet.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from quotes.errors import LabelStudioError
from quotes.files.alone import locked
from quotes.labelstudio.address import DEFAULT_EMAIL, Login, login_file, read_login, write_login
from quotes.labelstudio.installation import install

HOST: Final = "127.0.0.1"

_START_SECONDS = 300  # the first start creates the database: 35 s on an idle machine
_STOP_SECONDS = 15
_NO_PROXY = f"{HOST},localhost"
_DEAD_PROXY = f"http://{HOST}:9"
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")


class Server:
    """Label Studio on a data folder, running while the block is entered. Port 0 is any free port.

    Raises LabelStudioError on entering if the server can't be installed or does not start, if the port is in
    use, or if another server is running on the folder.
    """

    def __init__(self, data_dir: Path, port: int = 8080, email: str = DEFAULT_EMAIL) -> None:
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
                "`serve` runs on Linux and macOS only. Install Label Studio yourself, and use --url and "
                "--api-key."
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
                    "permissions and the space on the disk, or choose another --data-dir."
                ) from error
            self._wait_until_ready()
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._undo.close()

    def wait(self) -> None:
        """Block until the server ends. Raises LabelStudioError if it ends by itself."""
        assert self._process is not None
        raise self._ended(self._process.wait())

    @contextlib.contextmanager
    def _claim(self) -> Iterator[BinaryIO]:
        """Lock the data folder. The server inherits the lock, so it holds even if this process is killed."""
        path = self.data_dir / "serve.lock"
        try:
            lock = locked(path)
        except BlockingIOError:
            process = path.read_text(encoding="ascii").strip() or "still starting"
            raise LabelStudioError(
                f"{self.data_dir}: another Label Studio is running on this folder (process {process}). Use "
                "that one, stop it, or choose another --data-dir."
            ) from None
        with lock:
            yield lock

    def _account(self) -> Login:
        url = f"http://{HOST}:{self._port}"
        known = read_login(self.data_dir)
        login = Login.fresh(url, self._email) if known is None else known.model_copy(update={"url": url})
        if known is None and (self.data_dir / "label_studio.sqlite3").exists():
            raise LabelStudioError(
                f"{self.data_dir}: there is a Label Studio database, but {login_file(self.data_dir).name} is "
                "missing, so nobody can log in. Restore that file, or choose another --data-dir."
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
                start_new_session=True,  # Ctrl-C reaches this process only, which then stops the whole group
                pass_fds=[self._lock.fileno()],
            )
        self._lock.truncate(0)
        self._lock.write(str(self._process.pid).encode())
        self._lock.flush()

    def _environment(self) -> dict[str, str]:
        """The server's environment. Passwords are here because every process list shows arguments."""
        return {
            **{name: value for name, value in os.environ.items() if name in _PASSED_ON},
            "XDG_CONFIG_HOME": str(self.data_dir / "config"),
            "XDG_DATA_HOME": str(self.data_dir / "config"),
            "HTTP_PROXY": _DEAD_PROXY,
            "HTTPS_PROXY": _DEAD_PROXY,
            "NO_PROXY": _NO_PROXY,
            "COLLECT_ANALYTICS": "false",
            "FEATURE_FLAGS_OFFLINE": "true",
            "LATEST_VERSION_CHECK": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
            "LABEL_STUDIO_ALLOWED_HOSTS": _NO_PROXY,
            "LABEL_STUDIO_BASE_DATA_DIR": str(self.data_dir),
            "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
            "LABEL_STUDIO_USERNAME": self.login.email,
            "LABEL_STUDIO_PASSWORD": self.login.password.get_secret_value(),
            "LABEL_STUDIO_USER_TOKEN": self.login.api_key.get_secret_value(),
        }

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        give_up = time.monotonic() + _START_SECONDS
        while not answers(f"{self.login.url}/health"):
            if (code := self._process.poll()) is not None:
                raise self._ended(code)
            if time.monotonic() > give_up:
                raise LabelStudioError(
                    f"Label Studio did not start within {_START_SECONDS} seconds. See {self.log}."
                )
            time.sleep(0.2)
        # This also proves that it is our server that answers on this port.
        if not answers(f"{self.login.url}/api/current-user/whoami", self.login.api_key.get_secret_value()):
            raise LabelStudioError(
                f"Label Studio does not accept the account in {login_file(self.data_dir)}. Restore the file "
                "that belongs to this data folder, or choose another --data-dir."
            )

    def _ended(self, code: int) -> LabelStudioError:
        return LabelStudioError(f"Label Studio stopped unexpectedly (exit code {code}). See {self.log}.")

    def _stop(self) -> None:
        if self._process is None:
            return
        for end in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):  # all processes have ended
                os.killpg(self._process.pid, end)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
                return


def free_port(port: int) -> int:
    """Check that a port is free, and return it; 0 returns any free port. Raises LabelStudioError.

    Label Studio itself would silently use the next port.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError as error:
            raise LabelStudioError(
                f"Port {port} of {HOST} can't be used ({error.strerror}). Stop the program that uses it, or "
                f"choose another port: --port {port + 1 if 1023 < port < 65535 else 8081}"
            ) from None
        chosen: int = probe.getsockname()[1]
        return chosen


def answers(url: str, key: str | None = None) -> bool:
    """Whether a GET request succeeds. It ignores the environment's proxy, which must not see the key."""
    import httpx

    headers = {"Authorization": f"Token {key}"} if key else {}
    try:
        return httpx.get(url, headers=headers, timeout=10, trust_env=False).is_success
    except httpx.HTTPError:  # refused, reset, timed out, or not HTTP
        return False
