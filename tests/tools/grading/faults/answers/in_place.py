# Changes the input that it was given.
#
# submission: the answer to `double`
# squares: passed
# double: partly


def double(x):
    return x.mul_(2)
