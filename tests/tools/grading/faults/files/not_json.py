# A web page with a notebook's name.
#
# submission: files
# unreadable: JSON

notebook.write_bytes(b"<html>")
