# A folder with a notebook's name.
#
# submission: files
# unreadable: a folder

notebook.mkdir()
