# Writes a file for ever. What happens depends on the machine's limits, but it has a
# name.
#
# submission: code after a right answer
# squares: crashed or out of memory or timed out or passed

file = open("big", "wb")
while True:
    file.write(bytes(2**24))
