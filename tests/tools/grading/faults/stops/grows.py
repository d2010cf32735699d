# Takes ever more memory.
#
# submission: code after a right answer
# squares: out of memory

kept = []
while True:
    kept.append(bytearray(b"x") * 2**26)
