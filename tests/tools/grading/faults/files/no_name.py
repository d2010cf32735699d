# A zip with a name that is said to be UTF-8 and is not.
#
# submission: files
# unreadable: the zip cannot be read

folder.rmdir()
path = folder.with_suffix(".zip")
with ZipFile(path, "w") as file:
    file.writestr("é.ipynb", whole)
path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xfe"))
