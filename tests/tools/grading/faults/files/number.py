# JSON, but no notebook.
#
# submission: files
# unreadable: not a notebook

notebook.write_bytes(b"7")
