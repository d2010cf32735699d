# Has variables that are called as the check's own, and as Python's.
#
# submission: code after a right answer
# squares: passed
# points: 3

n, x, see, int, len = 5, "x", None, "int", "len"
