# A magic in the first line of the answer hands it to a program that fails.
#
# submission: changes to the cells
# squares: no point

cell("squares-answer").source = "%%script false\n" + right
