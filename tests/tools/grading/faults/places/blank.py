# The stub was left untouched.
#
# submission: changes to the cells
# squares: not attempted
# points: 0

cell("squares-answer").source = stub
