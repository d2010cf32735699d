# Enters other default devices and never leaves them; a later answer makes a tensor.
#
# submission: changes to the cells
# squares: passed

left = 'torch.device("meta").__enter__()\ntorch.device("meta").__enter__()'
cell("squares-answer").source += f"\n\n{left}"
cell("total-answer").source += "\n\nprint(total(torch.ones(2)))"
