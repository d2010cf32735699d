# Empties the local variables of whatever runs next.
#
# submission: code after a wrong answer
# squares: no point

import sys


def trace(frame, event, arg):
    frame.f_locals.clear()
    return trace


sys.settrace(trace)
