# A notebook that is none of this course's exercises.
#
# submission: files
# unreadable: no exercise

small.write(folder / "notes.ipynb", small.cells()[:1])
