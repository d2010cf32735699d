# The cells were run from the last to the first, and the answer needs a name that no
# cell defines.
#
# submission: changes to the cells
# squares: no point
# feedback: (?s)(?=.*out of order)(?=.*helper)

answer = cell("squares-answer")
answer.source = right.replace("Dataset)", "Dataset, helper)")
code = [one for one in reversed(cells) if one.cell_type == "code"]
for count, one in enumerate(code):
    one.execution_count = count + 1
