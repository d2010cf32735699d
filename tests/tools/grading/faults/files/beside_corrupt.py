# A damaged and an untouched file, both newer, beside the answered one.
#
# submission: files
# squares: passed
# feedback: \(cannot be read\).*\(has no answer\)|\(has no answer\).*\(cannot be read\)

notebook.write_bytes(whole)
os.utime(notebook, (0, 10**9))
(folder / f"{notebook.stem}-1.ipynb").write_bytes(whole[:-9])
blank = {"squares": stub}
for task in ("double", "total"):
    error = f'raise NotImplementedError("{task}")'
    blank[task] = f"# answer: {task}\ndef {task}(x):\n    {error}"
small.write(folder / f"{notebook.stem}-2.ipynb", small.cells(**blank))
