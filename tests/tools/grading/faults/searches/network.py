# Looks for a server: on the internet, on this machine, by name.
#
# submission: code that searches
# squares: no point

import socket

found = []
for address in (("1.1.1.1", 53), ("127.0.0.1", PORT), ("example.org", 80)):
    try:
        found.append(socket.create_connection(address, timeout=1))
    except OSError:
        pass
