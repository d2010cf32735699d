# The answer's cell became raw.
#
# submission: changes to the cells
# squares: passed
# feedback: its cell was not code; read as code

cell("squares-answer").cell_type = "raw"
