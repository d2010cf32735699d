# The check cell stands there twice.
#
# submission: changes to the cells
# squares: passed
# feedback: check cell was there twice

cells.append(deepcopy(cell("squares-check")))
