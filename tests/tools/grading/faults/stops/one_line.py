# Prints one line of 64 MB.
#
# submission: code after a right answer
# squares: too much output

print("x" * 2**26)
