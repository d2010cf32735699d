# In a folder as Moodle writes them, with what was typed beside it.
#
# submission: files
# squares: passed

folder.rmdir()
for kind in ("file", "onlinetext"):
    folder.with_name(f"{folder.name}_4712_assignsubmission_{kind}_").mkdir()
(
    folder.with_name(f"{folder.name}_4712_assignsubmission_file_") / notebook.name
).write_bytes(whole)
