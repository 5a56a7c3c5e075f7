"""A loopback proxy in front of a real server, which fails on request: before or after the server's work."""

from __future__ import annotations

import http.client
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@dataclass(slots=True)
class Fault:
    """Answer the next `times` requests that match `METHOD /path` with `status`; 0 closes the connection.

    With "before", the request never reaches the server; with "after", the server has already done the work.
    """

    request: str
    status: int
    times: int = 1
    when: Literal["before", "after"] = "before"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"detail": "a fault"}'
    skip: int = 0
    """How many requests pass first."""


class FaultProxy:
    """Its address, the faults it is to make, and the requests it has received."""

    def __init__(self, target: str) -> None:
        self.target = urllib.parse.urlsplit(target)
        self.faults: list[Fault] = []
        self.heard: list[str] = []
        self.lock = threading.Lock()
        self.url = ""

    def fault_for(self, request: str) -> Fault | None:
        with self.lock:
            self.heard.append(request)
            for fault in self.faults:
                if fault.times and re.match(fault.request, request):
                    if fault.skip:
                        fault.skip -= 1
                        return None
                    fault.times -= 1
                    return fault
        return None

    def count(self, request: str) -> int:
        with self.lock:
            return sum(bool(re.match(request, heard)) for heard in self.heard)


@contextmanager
def fault_proxy(target: str) -> Iterator[FaultProxy]:
    """Run a proxy to `target` on a free port of the loopback address."""
    proxy = FaultProxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.close_connection = True  # which parsing has set to what the client wants
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            fault = proxy.fault_for(f"{self.command} {self.path}")
            if fault is None or fault.when == "after":
                status, headers, answer = self.forward(body)
            if fault is not None:
                if not fault.status:
                    return
                status, headers, answer = fault.status, list(fault.headers.items()), fault.body
                headers.append(("content-type", "application/json"))
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(answer)

        def forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(proxy.target.netloc, timeout=120)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            answer = response.read()
            connection.close()
            return response.status, response.getheaders(), answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
