# Changes an attribute of what torch itself has wrapped.
#
# submission: code after a right answer
# squares: tampered

import torch._dynamo

torch._dynamo.disable  # torch.manual_seed is wrapped now


def nothing(seed):
    pass


torch.manual_seed.__wrapped__.__dynamo_disable = nothing
