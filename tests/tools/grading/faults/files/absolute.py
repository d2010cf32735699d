# A zip that would write below /etc.
#
# submission: files
# unreadable: outside its folder

folder.rmdir()
with ZipFile(folder.with_suffix(".zip"), "w", ZIP_DEFLATED) as file:
    file.writestr("/etc/90_small.ipynb", "x")
