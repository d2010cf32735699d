# Shows an object with a text of 128 MB.
#
# submission: code after a right answer
# squares: too much output


class Big:
    def __repr__(self):
        return "x" * 2**27


Big()
