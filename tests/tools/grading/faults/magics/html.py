# A magic in the first line of the answer only shows it.
#
# submission: changes to the cells
# squares: no point

cell("squares-answer").source = "%%html\n" + right
