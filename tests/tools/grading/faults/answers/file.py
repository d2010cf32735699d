# Reads a file that is not there, after the answer.
#
# submission: code after a right answer
# squares: passed

open("marks_of_may.csv")
