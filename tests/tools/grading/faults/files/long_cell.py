# A cell of 2 MB.
#
# submission: files
# unreadable: cell \d+ has more than 200,000 characters

cells = small.cells()
cells[3].source += "\n#" + " x" * 10**6
small.write(notebook, cells)
