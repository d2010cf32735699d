# A notebook of an older format.
#
# submission: files
# unreadable: format 3

notebook.write_bytes(b'{"nbformat": 3, "worksheets": []}')
