"""The page: a small web server that only this machine can use, and no other page of its browser.

http://127.0.0.1:40123/Yd2…/     the page          GET
http://127.0.0.1:40123/Yd2…/act  a step            POST, JSON in, the next screen as HTML out

Any web page that is open in the same browser can send requests to this machine. So the address has a random
token; the Host header must be ours, which defeats DNS rebinding; and a step must be JSON that comes from our
own page, which no form of another page can send.
"""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import Final

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quotes.errors import ReviewError
from quotes.formats.html.writing import environment
from quotes.review.desk import Desk, Screen
from quotes.review.steps import Step

_FOLDER: Final = Path(__file__).parent
_HOST: Final = "127.0.0.1"
_FILES: Final = ("page.css", "page.js")
# A step holds one quotation: of a novel's longest chapter, at most.
_LARGEST: Final = 4_000_000  # bytes

_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",  # the address is the key
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Server:
    """A desk's page. Making it takes the port; `run` answers until it is told to stop.

    `port` 0 is any free one. Raises ReviewError if the port is taken.
    """

    def __init__(self, desk: Desk, port: int = 0, token: str | None = None) -> None:
        self.token = token or secrets.token_urlsafe(24)
        try:
            self._socket = socket.create_server((_HOST, port))
        except OSError as error:
            raise ReviewError(
                f"The page can't be opened at {_HOST}:{port} ({error.strerror}). Name another --port, or 0 "
                "for any that is free."
            ) from error
        # asyncio sets it only where the protocol is named. Without it, each answer waits for the other side
        # to acknowledge its first half, which takes 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = self._socket.getsockname()[1]
        self.app = Guard(application(desk), self.token, self.port)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{_HOST}:{self.port}/{self.token}/"

    def run(self) -> None:
        """Answer until SIGINT or SIGTERM, which are then handled as they were before."""
        config = uvicorn.Config(
            self.app,
            log_level="warning",
            access_log=False,  # it would print the token
            lifespan="off",
            ws="none",
            http="h11",
            loop="asyncio",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        with self._socket:
            uvicorn.Server(config).run(sockets=[self._socket])


class Guard:
    """Refuses what doesn't come from our own page, before anything else looks at it."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = frozenset(f"{host}:{port}" for host in (_HOST, "localhost"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI says, with the headers of all answers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._refusal(scope) or self._app
        await app(scope, receive, send_safely)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("This page is for the machine that it runs on.", 403)
        first, _, rest = scope["path"].removeprefix("/").partition("/")
        if not secrets.compare_digest(first.encode("utf-8", "replace"), self._token):
            return PlainTextResponse("Use the whole address that `quotes review` printed.", 403)
        scope["path"] = f"/{rest}"
        scope["raw_path"] = scope["path"].encode()
        if scope["method"] != "POST":
            return None
        origins = {f"http://{host}" for host in self._hosts}
        site = headers.get("sec-fetch-site", "same-origin")  # not every browser sends it
        if headers.get("origin") not in origins or site != "same-origin":
            return PlainTextResponse("A step must come from the page itself.", 403)
        if headers.get("content-type") != "application/json":
            return PlainTextResponse("A step must be JSON.", 415)
        size = headers.get("content-length", "")
        if not size.isdecimal() or int(size) > _LARGEST:
            return PlainTextResponse("A step is too large.", 413)
        return None


def application(desk: Desk) -> Starlette:
    """The page of a desk, without the guard. Each step is taken before the next is looked at."""
    templates = environment(_FOLDER)

    def rendered(template: str, screen: Screen) -> HTMLResponse:
        return HTMLResponse(templates.get_template(template).render(screen=screen, reviewer=desk.reviewer))

    async def page(request: Request) -> Response:
        del request
        return rendered("page.html.j2", desk.first())

    async def act(request: Request) -> Response:
        try:
            step = Step.model_validate_json(await request.body())
        except ValidationError as error:
            what = error.errors(include_url=False, include_input=False)[0]
            return PlainTextResponse(f"This is not a step: {what['loc']}: {what['msg']}.", 422)
        return rendered("screen.html.j2", desk.take(step))

    async def names(request: Request) -> Response:
        place = request.query_params.get("place", "")
        found = desk.names(int(place) if place.isdecimal() else 0, request.query_params.get("typed", ""))
        return JSONResponse([{"name": name, "kind": kind} for name, kind in found])

    async def file(request: Request) -> Response:
        return FileResponse(_FOLDER / request.url.path.removeprefix("/"))

    return Starlette(
        routes=[
            Route("/", page),
            Route("/act", act, methods=["POST"]),
            Route("/names", names),
            *(Route(f"/{name}", file) for name in _FILES),
        ]
    )
