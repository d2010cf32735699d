# nbval's markers and tags around a wrong answer have no effect.
#
# submission: changes to the cells
# squares: failed
# points: 0

answer = cell("squares-answer")
answer.source = "# NBVAL_IGNORE_OUTPUT\n# NBVAL_SKIP\n" + wrong
answer.metadata["tags"] = ["raises-exception"]
cell("squares-check").metadata["tags"] = ["nbval-skip"]
