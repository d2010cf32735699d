# A symbolic link to another student's notebook.
#
# submission: files
# unreadable: symbolic link

notebook.symlink_to(folder.parent / "right" / notebook.name)
