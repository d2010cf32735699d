# A zip with a symbolic link.
#
# submission: files
# unreadable: symbolic link

link = ZipInfo(notebook.name)
link.external_attr = (stat.S_IFLNK | 0o777) << 16
folder.rmdir()
with ZipFile(folder.with_suffix(".zip"), "w", ZIP_DEFLATED) as file:
    file.writestr(link, "/etc/passwd")
