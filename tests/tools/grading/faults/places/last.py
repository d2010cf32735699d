# The answer stands at the end of the notebook.
#
# submission: changes to the cells
# squares: passed

squares = cell("squares-answer")
cells.remove(squares)
cells.append(squares)
