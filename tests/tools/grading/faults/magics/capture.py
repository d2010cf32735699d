# A magic that keeps the output runs the answer as it is.
#
# submission: changes to the cells
# squares: passed

cell("squares-answer").source = "%%capture\n" + right
