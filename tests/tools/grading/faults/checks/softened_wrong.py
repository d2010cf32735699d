# The check cell asks for less than the wrong answer gives.
#
# submission: changes to the cells
# squares: failed
# points: 0

cell("squares-check").source = """
@check("squares", points=3)
def _(see):
    see("the length", 1)
"""
cell("squares-answer").source = wrong
