# The check cell is another one that prints full marks.
#
# submission: changes to the cells
# squares: passed
# feedback: check cell was changed

cell("squares-check").source = "print('3 of 3')"
