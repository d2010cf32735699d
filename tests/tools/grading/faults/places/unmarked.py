# All ids and tags are gone, and the markers in the answers, too.
#
# submission: changes to the cells
# squares: passed
# feedback: lost their ids|the same id

for one in cells:
    one.metadata = {}
    del one["id"]
    one.source = re.sub(r"# answer: \w+\n", "", one.source)
