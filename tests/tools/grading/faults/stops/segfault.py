# Reads memory that is not its own.
#
# submission: code after a right answer
# squares: crashed

import ctypes

ctypes.string_at(0)
