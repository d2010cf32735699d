"""The whole suite runs without a network."""

import os
import socket

import pytest


def test_there_is_no_network_but_loopback():
    if not os.environ.get("COURSE_OFFLINE") and not os.environ.get("CI"):
        pytest.skip("`make test` enters a namespace without a network")
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
