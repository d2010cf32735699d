# After a crash, earlier cells are run again: another answer needs a name that one of
# them defines.
#
# submission: changes to the cells
# squares: crashed

cell("setup").source += "\n\ndef helper(x): return x.sum().item()"
cell("squares-answer").source = right + "\nimport os\nos._exit(1)"
cell("total-answer").source = "# answer: total\ndef total(x): return helper(x)"
