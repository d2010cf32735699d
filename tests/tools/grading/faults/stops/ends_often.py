# Ten cells end the kernel, one after the other.
#
# submission: changes to the cells
# squares: passed or crashed
# double: passed or crashed
# total: passed or crashed

for number in range(10):
    free = deepcopy(cell("setup"))
    free.id, free.source = f"free{number}", "import os\nos._exit(0)"
    cells.insert(2, free)
