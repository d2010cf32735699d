# Computes for hours inside one C call, which no signal interrupts.
#
# submission: code after a right answer
# squares: timed out

(10**9) ** (10**9)
