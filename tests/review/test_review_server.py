"""The page's server: it answers this machine, this address and this page alone, and forgets nothing."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from review_by_hand import ORDER, RAIN, Page, review_page, write_records

from quotes.review.journal import Journal


@pytest.fixture(scope="module")
def shared_predictions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("shared") / "p.jsonl")


@pytest.fixture(scope="module")
def shared(shared_predictions: Path) -> Iterator[Page]:
    """A page that no test decides anything on."""
    with review_page(shared_predictions, "--as", "bo") as found:
        yield found
    assert entries(shared_predictions) == 0


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    return write_records(tmp_path / "p.jsonl")


@pytest.fixture
def page(predictions: Path) -> Iterator[Page]:
    with review_page(predictions, "--as", "bo") as found:
        yield found


def entries(predictions: Path) -> int:
    with Journal(predictions.with_name("p.bo.journal")) as journal:
        return len(journal.entries)


def right(page: Page, place: int = 0, **headers: str) -> httpx.Response:
    """Press Enter at a place, as the page does."""
    step = {"action": "right", "place": place, "quote_id": ORDER[place].quote_id}
    ours = {"content-type": "application/json", "origin": f"http://127.0.0.1:{page.port}"}
    return httpx.post(f"{page.url}act", content=json.dumps(step), headers=ours | headers)


def another(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command where it can't open its page."""
    return subprocess.run(
        [sys.executable, "-m", "quotes", "review", "--no-browser", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_page_and_its_files_answer_and_let_nothing_in(shared: Page) -> None:
    answer = httpx.get(shared.url)
    assert answer.status_code == 200
    assert RAIN.text in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    for name in re.findall(r'(?:href|src)="(page\.\w+)"', answer.text):
        assert httpx.get(shared.url + name).status_code == 200
    assert not re.search(r"<script(?! src=\"page\.js\")|<style|\son\w+=|style=", answer.text)
    assert httpx.get(f"{shared.url}act").status_code == 405
    for name in ("server.py", "page.html.j2", "..%2Ferrors.py"):
        assert httpx.get(shared.url + name).status_code == 404


def test_a_step_of_our_page_is_taken(page: Page, predictions: Path) -> None:
    answer = right(page)
    assert answer.status_code == 200
    assert "Right: Cy Orr" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert entries(predictions) == 1


@pytest.mark.parametrize("path", ["", "act", "x", "x/", "page.css", "%2e%2e/", "é/"])
def test_an_address_without_the_token_is_refused(shared: Page, path: str) -> None:
    answer = httpx.get(f"http://127.0.0.1:{shared.port}/{path}")
    assert answer.status_code == 403
    assert RAIN.text not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:{}", "", "127.0.0.1:{}.evil.example"]
)
def test_another_host_is_refused(shared: Page, shared_predictions: Path, host: str) -> None:
    host = host.format(shared.port)
    assert httpx.get(shared.url, headers={"host": host}).status_code == 403
    assert right(shared, host=host).status_code == 403
    assert entries(shared_predictions) == 0


def test_this_machine_has_two_names(shared: Page) -> None:
    assert httpx.get(shared.url, headers={"host": f"localhost:{shared.port}"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_a_step_of_another_page_is_refused(
    shared: Page, shared_predictions: Path, headers: dict[str, str], status: int
) -> None:
    assert right(shared, **headers).status_code == status
    assert entries(shared_predictions) == 0


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{}", 422),
        (b"nonsense", 422),
        (b'{"action":"right","place":0,"quote_id":null,"more":1}', 422),
        (b'{"action":"right","place":-1}', 200),
        (b'{"action":"next","place":99}', 200),
        (b" " * 5_000_000, 413),
    ],
)
def test_what_is_no_step_is_refused(shared: Page, content: bytes, status: int) -> None:
    ours = {"content-type": "application/json", "origin": f"http://127.0.0.1:{shared.port}"}
    assert httpx.post(f"{shared.url}act", content=content, headers=ours).status_code == status


def test_a_step_of_unknown_size_is_refused(shared: Page) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"action":"right","place":0}'

    ours = {"content-type": "application/json", "origin": f"http://127.0.0.1:{shared.port}"}
    assert httpx.post(f"{shared.url}act", content=pieces(), headers=ours).status_code == 413


def test_only_this_machine_can_connect(shared: Page) -> None:
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    listening = {line.split()[1] for line in lines if line.split()[3] == "0A"}
    ours = {address for address in listening if int(address.rpartition(":")[2], 16) == shared.port}
    assert ours == {f"0100007F:{shared.port:04X}"}


def test_ctrl_c_ends_it_and_says_what_to_do_next(page: Page, predictions: Path) -> None:
    right(page)
    said = page.stop()
    assert page.process.returncode == 0
    assert f"Decisions: 1, in {predictions.with_name('p.bo.journal')}." in said
    assert "--gold gold.jsonl" in said
    assert "Traceback" not in said
    assert not list(predictions.parent.glob(".*.lock"))


def test_one_reviewer_at_a_time_has_a_journal_and_two_reviewers_have_two(
    page: Page, predictions: Path
) -> None:
    again = another(predictions, "--as", "bo")
    assert again.returncode == 1
    assert "p.bo.journal: another run is writing to this file." in again.stderr
    with review_page(predictions, "--as", "ines") as other:
        right(other)
        right(page)
    assert entries(predictions) == 1
    with Journal(predictions.with_name("p.ines.journal")) as journal:
        assert (journal.reviewer, len(journal.entries)) == ("ines", 1)


def test_a_port_that_is_taken_is_an_error(page: Page, predictions: Path) -> None:
    again = another(predictions, "--as", "ines", "--port", str(page.port))
    assert again.returncode == 1
    assert f"The page can't be opened at 127.0.0.1:{page.port}" in again.stderr


def test_killed_in_the_middle_it_goes_on_where_it_was(predictions: Path) -> None:
    moments = random.Random(18)
    decided = 0
    while decided < len(ORDER):
        with review_page(predictions, "--as", "bo") as page:
            for _ in range(moments.randint(1, 2)):
                if decided < len(ORDER):
                    assert right(page, decided).status_code == 200
                    decided += 1
            page.process.kill()
        assert entries(predictions) == decided
