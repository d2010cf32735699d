# A folder with nothing in it.
#
# submission: files
# unreadable: no notebook

pass
