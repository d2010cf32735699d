# The answer is written in two cells.
#
# submission: changes to the cells
# squares: passed

first = cell("squares-answer")
lines = first.source.splitlines()
first.source = "\n".join(lines[:4])
more = deepcopy(first)
more.id, more.metadata = "more", {}
more.source = "\n".join(["class Squares(Squares):", *lines[4:]])
cells.insert(cells.index(first) + 1, more)
