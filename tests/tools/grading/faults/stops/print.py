# Prints for ever.
#
# submission: code after a right answer
# squares: too much output

while True:
    print("x" * 200)
