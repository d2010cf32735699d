# A zip from a Mac, written with backslashes.
#
# submission: files
# squares: passed

folder.rmdir()
with ZipFile(folder.with_suffix(".zip"), "w") as file:
    file.writestr(f"work\\{notebook.name}", whole)
    file.writestr(f"__MACOSX\\work\\._{notebook.name}", b"\0\5\x16\7")
