# Closes the standard output.
#
# submission: code after a right answer
# squares: no point or passed

import os
import sys

sys.stdout.close()
os.close(1)
