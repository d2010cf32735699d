# One dimension more is another shape.
#
# submission: the answer to `double`
# squares: passed
# double: partly


def double(x):
    return (2 * x)[None]
