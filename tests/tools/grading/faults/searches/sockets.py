# Looks for a service's socket to connect to.
#
# submission: code that searches
# squares: no point

import glob
import socket

found = []
for path in glob.glob("/tmp/**", recursive=True) + glob.glob("/run/**", recursive=True):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.connect(path)
        found += [path] if "channel" not in path else []
    except OSError:
        pass
