# Asks the interpreter to end.
#
# submission: code after a right answer
# squares: crashed

import sys

sys.exit()
