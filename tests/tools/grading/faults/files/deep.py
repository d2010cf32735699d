# A million brackets, one in the other.
#
# submission: files
# unreadable: deep|JSON

notebook.write_bytes(b"[" * 10**6)
