"""`course board`: serves a class's board on the instructor's machine."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from course_utils.errors import CourseError
from course_utils.tools import pages

from .board import LONG, Board, Refused

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
LARGE = 4096  # bytes of a message
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{}'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def join_code(length: int = 6) -> str:
    """A code that can be read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


@dataclass
class Desk:
    """A board with the code for learners, the instructor's key, and its address."""

    board: Board
    address: str = ""
    code: str = field(default_factory=join_code)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))


class Page(RequestHandler):
    """What all pages share."""

    def initialize(self, desk: Desk) -> None:
        self.desk, self.board = desk, desk.board

    def set_default_headers(self) -> None:
        self.set_header("Server", "course")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")

    def show(self, template: str, **facts) -> None:
        """Send a page that runs only its own script."""
        nonce = secrets.token_urlsafe(16)
        self.set_header("Content-Security-Policy", POLICY.format(nonce))
        facts |= {"nonce": nonce, "desk": self.desk, "board": self.board}
        self.finish(pages.render(template, **facts))

    def write_error(self, status_code: int, **_) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}")

    def admit(self, given: object) -> None:
        """Refuse whoever does not know the join code."""
        if not isinstance(given, str) or not same(
            given.strip().lower(), self.desk.code
        ):
            raise HTTPError(403)


def same(one: str, other: str) -> bool:
    """Compare secrets."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode())


class Message(Page):
    """A learner's program joins, or tells of a check."""

    def post(self) -> None:
        try:
            told = json.loads(self.request.body)
        except ValueError:  # also a wrong encoding
            raise HTTPError(400) from None
        if not isinstance(told, dict):
            raise HTTPError(400)
        self.admit(told.get("code"))
        try:
            if self.request.path == "/join":
                self.board.person(told.get("name"))
            else:
                facts = (told.get(name) for name in ("name", "stem", "task", "state"))
                self.board.tell(*facts, told.get("mistake"))
        except Refused:
            raise HTTPError(400) from None
        self.set_status(204)


class Hand(Page):
    """A learner asks for help: a page with one button."""

    def get(self) -> None:
        self.admit(self.get_query_argument("code", ""))
        self.answer(self.get_query_argument("name", ""))

    def post(self) -> None:
        self.admit(self.get_body_argument("code", ""))
        name = self.get_body_argument("name", "")
        with suppress(Refused):
            self.board.hand(name, self.get_body_argument("up", "") == "yes")
        self.answer(name)

    def answer(self, name: str) -> None:
        name = name[:LONG]
        person = self.board.people.get(name)
        self.show("hand.html", name=name, up=bool(person and person.hand))


class Projector(Page):
    """The board without names, for who knows the join code."""

    def get(self, part: str) -> None:
        self.admit(self.get_query_argument("code", ""))
        self.show("shares.html" if part else "projector.html")


class Teacher(Page):
    """The board with names: for the key, which is kept in a cookie from then on."""

    def prepare(self) -> None:
        key = self.get_query_argument("key", "")
        if same(key, self.desk.key):
            self.set_cookie("key", key, httponly=True, samesite="Strict")
            self.redirect("/teacher")
        elif not same(self.get_cookie("key", ""), self.desk.key):
            raise HTTPError(403)

    def get(self, part: str) -> None:
        self.show("people.html" if part else "board.html")

    def post(self, _: str) -> None:
        with suppress(Refused):
            self.board.hand(self.get_body_argument("name", ""), up=False)
        self.redirect("/teacher", status=303)


class Welcome(Page):
    """What somebody sees who opens the address."""

    def get(self) -> None:
        self.show("welcome.html")


def application(desk: Desk) -> Application:
    """All pages of a board."""
    routes = [
        ("/", Welcome),
        ("/(?:join|tell)", Message),
        ("/hand", Hand),
        ("/projector(/part)?", Projector),
        ("/teacher(/part)?", Teacher),
    ]
    return Application(
        [(path, page, {"desk": desk}) for path, page in routes],
        log_function=lambda _: None,
    )


def here() -> str:
    """This machine's address in the room's network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # asks the routing table; nothing is sent
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


async def listen(desk: Desk, port: int, local: bool, ready: Callable) -> None:
    """Serve a board until it is canceled.

    local: only to this machine. ready: called once it listens.
    """
    try:
        sockets = bind_sockets(port, "127.0.0.1" if local else "0.0.0.0")
    except OSError as error:
        told = error.strerror or error
        raise CourseError(f"port {port}: {told}; take another, --port") from error
    host = "127.0.0.1" if local else here()
    desk.address = f"{host}:{sockets[0].getsockname()[1]}"
    server = HTTPServer(application(desk), max_body_size=LARGE)
    server.add_sockets(sockets)
    ready()
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        await server.close_all_connections()


def serve(desk: Desk, port: int, local: bool, ready: Callable) -> None:
    """Serve a board until Ctrl-C."""
    logging.getLogger("tornado").setLevel(logging.ERROR)
    with suppress(KeyboardInterrupt):
        asyncio.run(listen(desk, port, local, ready))
