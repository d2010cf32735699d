# A magic in the first line of the answer hands it to a shell.
#
# submission: changes to the cells
# squares: no point

cell("squares-answer").source = "%%bash\n" + right
