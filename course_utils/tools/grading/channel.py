"""The messages of one kernel, taken in within the limits of a cell."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty

import zmq
from jupyter_client import BlockingKernelClient

from course_utils.judging.state import State

from .job import Limits, Stopped

TICK = 0.1  # seconds between two looks at whether the kernel lives


class Channel:
    """Sends to a kernel and receives from it; raises `Stopped` above the limits.

    ended: why the kernel is gone, or `None` while it lives.
    """

    def __init__(
        self,
        client: BlockingKernelClient,
        limits: Limits,
        ended: Callable[[], Stopped | None],
    ):
        self.client, self.limits, self.ended = client, limits, ended
        client.context.setsockopt(zmq.MAXMSGSIZE, limits.output)
        client.start_channels(hb=False, stdin=False, control=False)
        self.sockets = [client.shell_channel.socket, client.iopub_channel.socket]
        self.arrived = {"shell": deque(), "iopub": deque()}
        self.poller = zmq.Poller()
        # A message above the limit is not taken in: ZMQ drops the connection instead.
        self.dropped = self.sockets[1].get_monitor_socket(zmq.EVENT_DISCONNECTED)
        for socket in (*self.sockets, self.dropped):
            self.poller.register(socket, zmq.POLLIN)
        self.count()

    def close(self) -> None:
        """Let go of the kernel."""
        self.sockets[1].disable_monitor()
        self.dropped.close()
        self.client.stop_channels()

    def count(self) -> None:
        """Begin a new cell: its limits hold from here."""
        self.bytes = self.messages = 0
        self.warned = False  # that something was rewritten: ask for the record

    def send(self, kind: str, content: dict) -> str:
        """Send a request; returns its id."""
        message = self.client.session.msg(kind, content)
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def take(self, stream: str) -> Iterator[dict]:
        """What has arrived, the oldest first."""
        while self.arrived[stream]:
            yield self.arrived[stream].popleft()

    def get(self, stream: str, until: float) -> dict:
        """The next message; raises `Empty` where none comes in time."""
        while not self.arrived[stream]:
            if time.monotonic() > until:
                raise Empty
            self._pump(until - time.monotonic())
        return self.arrived[stream].popleft()

    def _pump(self, seconds: float) -> None:
        ready = dict(self.poller.poll(max(0, min(seconds, TICK)) * 1000))
        if not ready and (reason := self.ended()):
            raise reason
        if self.dropped in ready:
            raise self._disconnected()
        for stream, socket in zip(self.arrived, self.sockets, strict=True):
            if socket in ready:
                self._receive(stream, socket.recv_multipart())

    def _receive(self, stream: str, frames: list[bytes]) -> None:
        self.messages += 1
        self.bytes += sum(map(len, frames))
        if self.bytes > self.limits.output:
            raise self._too_much()
        if self.messages > self.limits.messages:
            note = f"more than {self.limits.messages:,} messages"
            raise Stopped(State.TOO_MUCH_OUTPUT, note)
        with suppress(Exception):  # what is out of form is no message
            _, parts = self.client.session.feed_identities(frames)
            message = self.client.session.deserialize(parts)
            if message["msg_type"] == "course_warning":
                self.warned = True
            elif all(type(message[k]) is dict for k in ("parent_header", "content")):
                self.arrived[stream].append(message)

    def _too_much(self) -> Stopped:
        note = f"more than {self.limits.output // 2**20} MB"
        return Stopped(State.TOO_MUCH_OUTPUT, note)

    def _disconnected(self) -> Stopped:
        """The kernel's end, or a message of its that was too long."""
        for _ in range(20):
            if reason := self.ended():
                return reason
            time.sleep(0.05)
        return self._too_much()
