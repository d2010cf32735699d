# Leaves another default dtype behind.
#
# submission: code after a right answer
# squares: passed
# points: 3

torch.set_default_dtype(torch.float64)
