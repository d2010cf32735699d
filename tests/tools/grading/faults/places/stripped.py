# Another editor has taken out all ids, tags and metadata.
#
# submission: changes to the cells
# squares: passed
# feedback: lost their ids|the same id

for one in cells:
    one.metadata = {}
    del one["id"]
