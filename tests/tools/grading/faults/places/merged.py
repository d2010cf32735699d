# Two answers are written in one cell.
#
# submission: changes to the cells
# squares: passed

squares = cell("squares-answer")
cells.remove(squares)
cell("double-answer").source += "\n\n" + squares.source
