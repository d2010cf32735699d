# 1,000 cells of no task stand before the answer.
#
# submission: changes to the cells
# squares: passed

at = cells.index(cell("squares-answer"))
for number in range(1_000):
    free = deepcopy(cell("setup"))
    free.id, free.source = f"free{number}", f"number = {number}"
    cells.insert(at, free)
