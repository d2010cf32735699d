# Opens the debugger. Nobody waits.
#
# submission: code after a right answer
# squares: failed or partly

Squares.__len__ = lambda self: breakpoint()
