# A file without a byte.
#
# submission: files
# unreadable: empty

notebook.write_bytes(b"")
