# Two notebooks of the same exercise, the older one wrong: the newer one counts.
#
# submission: files
# squares: passed

notebook.write_bytes(whole)
older = small.write(
    notebook.with_stem(f"{notebook.stem} (1)"), small.cells(squares=wrong)
)
os.utime(older, (0, 10**9))
