# A magic forgets all names after the wrong answer.
#
# submission: changes to the cells
# squares: no point

cell("squares-answer").source = wrong + "\n%reset -f"
