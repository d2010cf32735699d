# A warning costs nothing.
#
# submission: code after a right answer
# squares: passed
# points: 3

import warnings

warnings.warn("old")
