# Text in an old encoding.
#
# submission: files
# unreadable: UTF-8

notebook.write_bytes(b'"\xe9"')
