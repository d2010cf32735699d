# The notebook has another name.
#
# submission: files
# squares: passed

(folder / "homework final.ipynb").write_bytes(whole)
