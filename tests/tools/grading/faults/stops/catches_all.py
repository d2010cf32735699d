# Loops for ever and catches every exception, interrupts too.
#
# submission: code after a right answer
# squares: timed out

import time

while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
