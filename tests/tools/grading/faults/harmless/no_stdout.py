# Leaves no standard output behind.
#
# submission: code after a right answer
# squares: passed
# points: 3

import sys

sys.stdout = None
