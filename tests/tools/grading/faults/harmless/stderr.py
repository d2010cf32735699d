# A line on the standard error stream costs nothing.
#
# submission: code after a right answer
# squares: passed
# points: 3

import sys

print("note", file=sys.stderr)
