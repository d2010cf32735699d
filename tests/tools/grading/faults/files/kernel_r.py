# The notebook asks for a kernel of R.
#
# submission: files
# squares: passed

book = {
    **json.loads(whole),
    "metadata": {"kernelspec": {"name": "ir", "language": "R"}},
}
notebook.write_text(json.dumps(book))
