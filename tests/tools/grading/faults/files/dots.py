# A zip that would write outside its folder.
#
# submission: files
# unreadable: outside its folder

folder.rmdir()
with ZipFile(folder.with_suffix(".zip"), "w", ZIP_DEFLATED) as file:
    file.writestr("../../right/90_small.ipynb", "x")
