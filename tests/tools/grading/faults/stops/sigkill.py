# Kills its own process.
#
# submission: code after a right answer
# squares: crashed

import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
