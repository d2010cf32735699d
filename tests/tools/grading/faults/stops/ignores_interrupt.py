# Loops for ever and ignores interrupts.
#
# submission: code after a right answer
# squares: timed out

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pass
