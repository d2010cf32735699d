# Displays a million small things. On a busy machine its time ends first.
#
# submission: code after a right answer
# squares: too much output or timed out

from IPython.display import display

for i in range(10**6):
    display(i)
