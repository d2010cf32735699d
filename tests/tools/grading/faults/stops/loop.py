# Loops for ever.
#
# submission: code after a right answer
# squares: timed out

while True:
    pass
