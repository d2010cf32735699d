# The notebook's kernel is a number.
#
# submission: files
# squares: passed

book = {**json.loads(whole), "metadata": {"kernelspec": 7}}
notebook.write_text(json.dumps(book))
