# The check cell asks for less.
#
# submission: changes to the cells
# squares: passed
# feedback: check cell was changed

cell("squares-check").source = """
@check("squares", points=3)
def _(see):
    see("the length", 1)
"""
