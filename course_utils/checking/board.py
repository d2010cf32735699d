"""Tell a class's board of a check, where its learner has joined; never wait for it.

Joined is who has set the environment variable COURSE_BOARD to "ADDRESS CODE NICKNAME".
What is sent is the task, its state and the number of a known mistake.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from html import escape
from http.client import HTTPConnection, HTTPException
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import NamedTuple
from urllib.parse import urlencode

from course_utils.locale import _

JOINED = "COURSE_BOARD"
WAITING = 50  # messages; what comes on top while the board is away is dropped
PATIENCE = 3  # seconds for one message
LINGER = 5  # seconds after the last message, when the thread ends


class Seat(NamedTuple):
    """A learner's place on a board."""

    address: str
    code: str
    name: str


def seat() -> Seat | None:
    """Where this learner has joined, None for nowhere."""
    parts = os.environ.get(JOINED, "").split(None, 2)
    if len(parts) < 3:
        return None
    return Seat(parts[0].removeprefix("http://").strip("/"), *parts[1:])


class Messenger:
    """Sends messages in the background, one after another, and forgets what fails."""

    def __init__(self):
        self.queue: Queue[tuple[Seat, dict]] = Queue(WAITING)
        self.lock, self.thread = Lock(), None

    def tell(self, to: Seat, **message) -> None:
        """Send a message soon, and return at once."""
        with self.lock, suppress(Full, RuntimeError):  # no thread can be had
            self.queue.put_nowait((to, message))
            if self.thread is None or not self.thread.is_alive():
                self.thread = Thread(target=self._work, name="board", daemon=True)
                self.thread.start()

    def join(self) -> None:
        """Wait until all is sent; no check does."""
        self.queue.join()

    def _work(self) -> None:
        while True:
            try:
                to, message = self.queue.get(timeout=LINGER)
            except Empty:
                with self.lock:
                    if self.queue.empty():
                        self.thread = None
                        return
                continue
            with suppress(OSError, HTTPException, ValueError):
                post(to, message)
            self.queue.task_done()


def post(to: Seat, message: dict, path: str = "/tell") -> int:
    """Send one message; returns the answer's status."""
    connection = HTTPConnection(to.address, timeout=PATIENCE)
    try:
        body = json.dumps({"code": to.code, "name": to.name, **message})
        headers = {"Content-Type": "application/json"}
        connection.request("POST", path, body.encode(), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


messenger = Messenger()
greeted: set[Seat] = set()


def tell(task: dict, stem: str, verdict) -> dict[str, str]:
    """Tell the board, if there is one; returns what to add to the card, HTML and text.

    task: of the key; the mistakes are counted as they stand there, from 1.
    """
    to = seat()
    if to is None:
        return {}
    ids = [mistake["id"] for mistake in task["mistakes"]]
    number = ids.index(verdict.mistake.id) + 1 if verdict.mistake else 0
    state = str(verdict.state)
    messenger.tell(to, stem=stem, task=task["task"], state=state, mistake=number)
    first = to not in greeted
    greeted.add(to)
    return card(to, first, state == "passed")


def card(to: Seat, first: bool, passed: bool) -> dict[str, str]:
    """The lines below a card: that the board was told, and how to ask for help."""
    asked = urlencode({"code": to.code, "name": to.name})
    link = f"http://{to.address}/hand?{asked}"
    lines = [joined(to)] if first else []
    rows = [f"<div>{escape(line)}</div>" for line in lines]
    if first or not passed:
        hand = _("Raise your hand")
        lines.append(f"{hand}: {link}")
        rows.append(f'<a href="{escape(link)}" target="_blank">{escape(hand)}</a>')
    return {"text/html": "".join(rows), "text/plain": "\n".join(lines)}


def joined(to: Seat) -> str:
    """What the board gets, and how to leave it."""
    return _(
        "You joined the class board at {address} as {name}. It gets the task, its "
        "state and the number of a known mistake, nothing else. To leave it: "
        "%env COURSE_BOARD="
    ).format(address=to.address, name=to.name)
