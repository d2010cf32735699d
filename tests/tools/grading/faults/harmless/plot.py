# Shows a plot, and asks to wait until it is closed.
#
# submission: code after a right answer
# squares: passed
# points: 3

import matplotlib.pyplot as plt

plt.plot([1, 2])
plt.show(block=True)
