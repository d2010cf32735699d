# Two notebooks of the same exercise, the second with a wrong answer: the first counts.
#
# submission: files
# squares: passed

notebook.write_bytes(whole)
copy = notebook.with_stem(f"{notebook.stem} (1)")
small.write(copy, small.cells(squares=wrong))
