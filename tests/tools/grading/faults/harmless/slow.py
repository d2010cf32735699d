# A slow answer within the limit costs nothing.
#
# submission: code after a right answer
# squares: passed
# points: 3

import time

time.sleep(4)
