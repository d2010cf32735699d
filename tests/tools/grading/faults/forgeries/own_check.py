# Runs a check of its own with the right facts.
#
# submission: code after a wrong answer
# squares: no point


@check("squares", points=3)
def _(see):
    see("the length", 5)
    see("past the end", raises(lambda: [][1]))
