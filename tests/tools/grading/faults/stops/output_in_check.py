# Prints 16 MB when the check calls it.
#
# submission: code after a right answer
# squares: too much output

Squares.__len__ = lambda self: print("x" * 2**24)
