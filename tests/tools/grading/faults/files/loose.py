# The notebook not in a folder, but with the student's name.
#
# submission: files
# squares: passed

folder.rmdir()
(folder.parent / f"{folder.name}_{notebook.name}").write_bytes(whole)
