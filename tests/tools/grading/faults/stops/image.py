# Shows a picture of 32 MB.
#
# submission: code after a right answer
# squares: too much output

from IPython.display import Image, display

display(Image(data=bytes(2**25), format="png"))
