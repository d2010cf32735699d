# Leaves gradients switched off and another number of threads.
#
# submission: code after a right answer
# squares: passed
# points: 3

torch.set_grad_enabled(False)
torch.set_num_threads(2)
