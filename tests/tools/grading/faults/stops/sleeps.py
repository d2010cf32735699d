# Sleeps in every cell, each time a little less than the limit.
#
# submission: changes to the cells
# squares: timed out
# total: passed or timed out

for slug in ("double", "total"):
    cell(f"{slug}-answer").source += "\nimport time\ntime.sleep(5)"
cell("squares-answer").source += "\nimport time\nfor i in range(9): time.sleep(5)"
