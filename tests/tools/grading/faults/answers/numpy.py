# An array is no tensor.
#
# submission: the answer to `double`
# squares: passed
# double: partly


def double(x):
    return (2 * x).numpy()
