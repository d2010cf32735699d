# A zip of a few kilobytes that unpacks to 300 MB.
#
# submission: files
# unreadable: more than

folder.rmdir()
with ZipFile(folder.with_suffix(".zip"), "w", ZIP_DEFLATED) as file:
    file.writestr("a.ipynb", bytes(3 * 10**8))
