# A notebook written as UTF-16.
#
# submission: files
# unreadable: UTF-16

notebook.write_bytes(whole.decode().encode("utf-16"))
