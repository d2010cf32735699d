# A child process in a session of its own outlives the cell; it is gone with the
# kernel.
#
# submission: code after a right answer
# squares: passed
# points: 3

import subprocess
import sys

subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(3600)", "course_fault_corpus"],
    start_new_session=True,
)
