"""The whole suite runs without a network."""

import socket


def test_there_is_no_network_but_loopback(offline):
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
