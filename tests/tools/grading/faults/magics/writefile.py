# A magic in the first line of the answer only writes it to a file.
#
# submission: changes to the cells
# squares: no point

cell("squares-answer").source = "%%writefile a.py\n" + right
