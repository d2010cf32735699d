# Starts threads for ever. What happens depends on the machine's limits, but it has a
# name.
#
# submission: code after a right answer
# squares: crashed or out of memory or timed out or passed

import threading
import time

while True:
    threading.Thread(target=time.sleep, args=(99,)).start()
