# Forks for ever. What happens depends on the machine's limits, but it has a name.
#
# submission: code after a right answer
# squares: crashed or out of memory or timed out or passed

import os

while True:
    os.fork()
