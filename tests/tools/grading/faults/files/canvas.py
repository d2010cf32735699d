# Named as Canvas names what is handed in late, the second time.
#
# submission: files
# squares: passed

folder.rmdir()
late = f"{folder.name}_LATE_4711_8888_{notebook.stem}-1.ipynb"
folder.with_name(late).write_bytes(whole)
