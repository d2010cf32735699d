# Waits for somebody to type. Nobody waits.
#
# submission: code after a right answer
# squares: failed or partly

Squares.__len__ = lambda self: input()
