"""`quotes labelstudio serve`: a server for this machine only, which keeps its secrets."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from quotes.errors import LabelStudioError
from quotes.labelstudio import installation
from quotes.labelstudio.address import Address, Login, read_login, write_login
from quotes.labelstudio.server import answers, free_port

from review_room import Run, Serving  # isort: skip


# One worker for all tests of the server, so that a run has one server.
pytestmark = pytest.mark.xdist_group("labelstudio")


def login_of(serving: Serving) -> Login:
    login = read_login(serving.data_dir)
    assert login is not None
    return login


def secrets_of(serving: Serving) -> tuple[str, str]:
    login = login_of(serving)
    return login.password.get_secret_value(), login.api_key.get_secret_value()


def test_it_prints_its_address_and_no_secrets_into_a_log(serving: Serving) -> None:
    said = "".join(serving.said)
    login = login_of(serving)
    assert f"Label Studio is running: {login.url}\n" in said
    assert f"E-mail:   {login.email}\n" in said
    assert f"Password: in {serving.data_dir / 'login.json'}\n" in said
    assert not [secret for secret in secrets_of(serving) if secret in said]


def test_the_data_folder_is_for_its_owner_alone(serving: Serving) -> None:
    assert stat.S_IMODE(serving.data_dir.stat().st_mode) & 0o077 == 0
    # Nobody else can enter the folder, and what holds secrets is closed by itself, too.
    for name in ("login.json", "label_studio.sqlite3", "label-studio.log", ".env"):
        assert stat.S_IMODE((serving.data_dir / name).stat().st_mode) & 0o077 == 0, name


def test_secrets_are_in_no_process_list_and_no_log(serving: Serving) -> None:
    number = int((serving.data_dir / "serve.lock").read_text(encoding="ascii"))
    shown = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(number)], capture_output=True, text=True, check=True
    ).stdout
    assert "label-studio" in shown
    assert "127.0.0.1" in shown
    log = (serving.data_dir / "label-studio.log").read_text(encoding="utf-8", errors="replace")
    assert "GET /health" in log
    assert not [secret for secret in secrets_of(serving) if secret in shown + log]


def test_secrets_are_not_shown_by_accident(serving: Serving, address: Address) -> None:
    shown = f"{login_of(serving)!r} {login_of(serving)} {address!r} {login_of(serving).model_dump()}"
    assert not [secret for secret in secrets_of(serving) if secret in shown]


def test_it_listens_on_the_loopback_address_only(serving: Serving) -> None:
    port = urllib.parse.urlsplit(login_of(serving).url).port
    assert port is not None
    hexadecimal = f":{port:04X}"
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]
        if line.split()[1].endswith(hexadecimal) and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F{hexadecimal}"]  # 127.0.0.1, as the kernel writes it


def test_nobody_can_sign_up(serving: Serving) -> None:
    url = f"{login_of(serving).url}/user/signup/"
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
    )
    opener.open(url)
    cookies = next(
        one for one in opener.handlers if isinstance(one, urllib.request.HTTPCookieProcessor)
    ).cookiejar
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    form = {"csrfmiddlewaretoken": token, "email": "eve@quotes.example", "password": "a-long-password"}
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Referer": url})
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(request)
    assert caught.value.code == 403


def test_another_host_name_is_refused(serving: Serving) -> None:
    login = login_of(serving)
    assert answers(f"{login.url}/health")
    request = urllib.request.Request(f"{login.url}/user/login/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
    assert caught.value.code == 400


def test_a_second_server_on_the_folder_is_reported(serving: Serving, labelstudio: Run) -> None:
    done = labelstudio("serve", "--port", "0")
    assert done.returncode == 1
    assert "another Label Studio is running on this folder (process " in done.stderr


def test_a_port_that_is_taken_is_reported(serving: Serving, run_quotes: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        done = run_quotes("labelstudio", "serve", "--data-dir", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 can't be used" in done.stderr
    assert not (tmp_path / "data" / "label_studio.sqlite3").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_its_server_and_it_starts_again(number: int, spare_data_dir: Path) -> None:
    server = Serving(spare_data_dir).until_up()
    login = login_of(server)
    process = int((spare_data_dir / "serve.lock").read_text(encoding="ascii"))
    assert answers(f"{login.url}/api/projects/", login.api_key.get_secret_value())
    assert server.end(number) == 0
    assert server.said[-1] == "Label Studio has stopped.\n"
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert not answers(f"{login.url}/health")


def test_a_background_server_ignores_ctrl_c(spare_data_dir: Path) -> None:
    server = Serving(spare_data_dir, background=True).until_up()
    assert server.said[-1].endswith(f" with `kill {server.process.pid}`.\n")
    server.process.send_signal(signal.SIGINT)
    assert answers(f"{login_of(server).url}/health")
    assert server.end(signal.SIGTERM) == 0
    assert server.said[-1] == "Label Studio has stopped.\n"


def test_a_server_that_dies_is_reported(spare_data_dir: Path) -> None:
    server = Serving(spare_data_dir).until_up()
    os.kill(int((spare_data_dir / "serve.lock").read_text(encoding="ascii")), signal.SIGKILL)
    _, said = server.process.communicate(timeout=60)
    assert server.process.returncode == 1
    assert "Label Studio stopped unexpectedly" in said
    assert str(spare_data_dir / "label-studio.log") in said


def test_a_database_without_its_login_is_reported(
    spare_data_dir: Path, run_quotes: Run, serving: Serving
) -> None:
    (spare_data_dir / "login.json").unlink()
    done = run_quotes("labelstudio", "serve", "--data-dir", str(spare_data_dir), "--port", "0")
    assert done.returncode == 1
    assert "login.json is missing" in done.stderr
    assert not (spare_data_dir / "login.json").exists()


def test_a_login_of_another_folder_is_reported(spare_data_dir: Path, run_quotes: Run) -> None:
    write_login(spare_data_dir, Login.fresh("http://127.0.0.1:1", "reviewer@quotes.example"))
    done = run_quotes("labelstudio", "serve", "--data-dir", str(spare_data_dir), "--port", "0")
    assert done.returncode == 1
    assert "does not accept the account" in done.stderr


def test_a_damaged_login_is_reported_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "login.json").write_text(json.dumps({"password": "s3cret"}), encoding="utf-8")
    with pytest.raises(LabelStudioError, match="this file was changed") as caught:
        read_login(tmp_path)
    assert "s3cret" not in str(caught.value)


def test_a_free_port_is_chosen_for_0() -> None:
    assert free_port(free_port(0)) > 0


def test_a_failed_installation_is_reported_and_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(installation.HOME_VARIABLE, str(tmp_path))
    lock = tmp_path / "server.lock"
    lock.write_text("no-such-thing==0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    monkeypatch.setattr(installation, "_lock_file", lambda: lock)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    for _ in range(2):
        with pytest.raises(LabelStudioError, match=r"can't be installed into .*no-such-thing") as caught:
            installation.install()
        assert str(tmp_path) in str(caught.value)
        assert installation.server_command() is None


def test_the_lock_file_has_exact_versions_with_hashes_and_no_registry() -> None:
    lines = installation._lock_file().read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("label-studio==1.23.") for line in lines)
    assert all("==" in line or line.lstrip().startswith("--hash=sha256:") for line in lines)
    assert not [line for line in lines if "://" in line or "--index" in line]


def test_install_only_does_nothing_if_it_is_installed(serving: Serving, run_quotes: Run) -> None:
    done = run_quotes("labelstudio", "serve", "--install-only")
    assert done.returncode == 0
    assert str(installation.server_command()) in done.stderr
