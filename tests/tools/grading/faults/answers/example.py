# Answers the example by heart; the inputs are new.
#
# submission: changes to the cells
# squares: partly or failed

cell("squares-answer").source = right.replace("self.n = n", "self.n = 5")
