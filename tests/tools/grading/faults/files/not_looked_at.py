# Answers in files that nobody reads, beside the notebook.
#
# submission: files
# squares: passed
# feedback: Not looked at: 90_small.ipynb.txt, answers.py, work.7z

notebook.write_bytes(whole)
for name in ("answers.py", "work.7z", f"{notebook.name}.txt"):
    (folder / name).write_bytes(b"x")
