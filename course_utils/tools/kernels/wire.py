"""Messages between a fork server and its client: JSON and file descriptors."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from enum import Enum
from typing import Any

MOST_DESCRIPTORS = 16


class End(str, Enum):
    """Why an isolated kernel ended although nobody asked it to."""

    MEMORY = "memory"
    PROCESSES = "processes"
    HIDDEN = "hidden"
    CRASHED = "crashed"


def send(channel: socket.socket, message: Any, descriptors: Sequence[int] = ()) -> None:
    """Send `message`, and with it copies of open file descriptors."""
    data = json.dumps(message).encode()
    socket.send_fds(channel, [len(data).to_bytes(4, "big")], list(descriptors))
    channel.sendall(data)


def receive(channel: socket.socket) -> tuple[Any, list[int]]:
    """The next message and its descriptors; EOFError when the other end is gone."""
    head, descriptors, _, _ = socket.recv_fds(channel, 4, MOST_DESCRIPTORS)
    head += _exactly(channel, 4 - len(head)) if head else b""
    if not head:
        raise EOFError
    return json.loads(_exactly(channel, int.from_bytes(head, "big"))), list(descriptors)


def _exactly(channel: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = channel.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data
