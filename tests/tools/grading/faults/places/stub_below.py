# The stub stands once more below the right answer.
#
# submission: changes to the cells
# squares: passed
# feedback: a stub beside the answer was left out

below = deepcopy(cell("squares-answer"))
below.id, below.source = "below", stub
cells.insert(cells.index(cell("squares-answer")) + 1, below)
