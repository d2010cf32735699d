# A function for the interpreter's end would end it with an error.
#
# submission: code after a right answer
# squares: passed
# points: 3

import atexit
import os

atexit.register(lambda: os._exit(3))
