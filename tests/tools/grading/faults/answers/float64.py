# Computes in float64 in between: the last digits differ.
#
# submission: the answer to `double`
# squares: passed


def double(x):
    return (x.double() / 3 * 6).float()
