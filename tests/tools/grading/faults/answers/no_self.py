# Forgets `self.`: the variable of that name is the check's, not the answer's.
#
# submission: the answer to `double`
# double: failed


def double(_):
    return 2 * x
