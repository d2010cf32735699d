# Reads a file that is not there, in the answer.
#
# submission: changes to the cells
# squares: failed
# points: 0
# feedback: may.csv

cell("squares-answer").source = right.replace("self.n = n", "open('may.csv')")
