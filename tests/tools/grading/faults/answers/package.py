# Needs a package that is not there.
#
# submission: changes to the cells
# squares: no point
# feedback: no_such_package

cell("squares-answer").source = "import no_such_package\n" + right
