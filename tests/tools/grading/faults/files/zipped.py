# The notebook in a zip, in a folder.
#
# submission: files
# squares: passed

folder.rmdir()
with ZipFile(folder.with_suffix(".zip"), "w") as file:
    file.writestr(f"work/{notebook.name}", whole)
