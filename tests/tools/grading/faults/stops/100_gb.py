# Asks for 100 GB at once, when the check calls it.
#
# submission: code after a right answer
# squares: out of memory

Squares.__len__ = lambda self: len(torch.ones(25 * 2**30))
