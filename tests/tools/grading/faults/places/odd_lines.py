# Answer and check are in one cell, with characters that look like ends of lines.
#
# submission: changes to the cells
# squares: passed

check = cell("squares-check")
cells.remove(check)
cell("squares-answer").source = (
    f"note = 'a\u2028b\x0cc\x85d\x1ee'\n{cell('squares-answer').source}\n\n"
    f"{check.source}"
)
