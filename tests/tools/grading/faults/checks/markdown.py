# The check cell became text.
#
# submission: changes to the cells
# squares: passed
# feedback: check cell was (changed|missing)

cell("squares-check").cell_type = "markdown"
