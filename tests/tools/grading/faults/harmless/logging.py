# A line in the log costs nothing.
#
# submission: code after a right answer
# squares: passed
# points: 3

import logging

logging.getLogger().warning("a line")
