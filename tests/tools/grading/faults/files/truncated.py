# A notebook cut off in the middle.
#
# submission: files
# unreadable: JSON

notebook.write_bytes(whole[: len(whole) // 2])
