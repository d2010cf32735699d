# A cell of 200 KB that Python's parser takes long for: f-strings with many fields.
#
# submission: changes to the cells
# squares: passed or crashed
# double: passed or crashed
# total: passed or crashed

free = deepcopy(cell("setup"))
free.id, free.source = "free", "f'''" + "{a!r:>{b}}" * 19_000 + "'''"
cells.insert(2, free)
