# Seeds the global generators.
#
# submission: code after a right answer
# squares: passed
# points: 3

import random

torch.manual_seed(3)
random.seed(3)
