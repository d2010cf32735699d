# A copied cell has the id of the one it was copied from.
#
# submission: changes to the cells
# squares: passed
# feedback: lost their ids|the same id

answer = cell("squares-answer")
note = deepcopy(answer)
note.source = "Squares(3)[1]"
cells.insert(cells.index(answer) + 1, note)
