# Ends the process in a way that nothing can catch.
#
# submission: code after a right answer
# squares: crashed

import os

os._exit(0)
