# nbval's markers and tags around a right answer have no effect, and that is said.
#
# submission: changes to the cells
# squares: passed
# feedback: have no effect

answer = cell("squares-answer")
answer.source = "# NBVAL_IGNORE_OUTPUT\n# NBVAL_SKIP\n" + right
answer.metadata["tags"] = ["raises-exception"]
cell("squares-check").metadata["tags"] = ["nbval-skip"]
