# float64 for float32 is another kind.
#
# submission: the answer to `double`
# squares: passed
# double: partly


def double(x):
    return 2 * x.double()
