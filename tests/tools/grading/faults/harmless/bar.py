# A progress bar costs nothing.
#
# submission: code after a right answer
# squares: passed
# points: 3

for i in range(30):
    print(i, end="\r")
