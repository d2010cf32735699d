# Aborts its own process.
#
# submission: code after a right answer
# squares: crashed

import os

os.abort()
