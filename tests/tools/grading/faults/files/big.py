# A notebook of 200 MB.
#
# submission: files
# unreadable: larger than

with open(notebook, "wb") as file:
    file.truncate(200 * 2**20)
