# A zip whose LZMA data is damaged.
#
# submission: files
# unreadable: cannot be unpacked

folder.rmdir()
path = folder.with_suffix(".zip")
with ZipFile(path, "w", ZIP_LZMA) as file:
    file.writestr(notebook.name, whole)
data = bytearray(path.read_bytes())
data[len(notebook.name) + 45] ^= 0xFF
path.write_bytes(data)
