# Shares 3 GB with a process that fills them.
#
# submission: code after a right answer
# squares: out of memory

import mmap
import os
import time

pieces = [mmap.mmap(-1, 2**28) for _ in range(12)]
if not os.fork():
    for piece in pieces:
        for at in range(0, 2**28, 4096):
            piece[at] = 1
    os._exit(0)
os.wait()
time.sleep(5)
