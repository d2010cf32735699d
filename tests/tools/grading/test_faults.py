"""What submissions do, and what the gradebook says: one test a kind of fault.

All are marked in one run. Unless a test says otherwise a submission attacks in its
answer to `squares`, with an answer that earns nothing; the student's two other tasks
and all other students must keep their marks.
"""

import csv
import io
import json
import os
import re
import stat
import zipfile
from collections import defaultdict
from html import unescape
from types import SimpleNamespace

import psutil
import pytest

from course_utils.tools.grading.grade import grade
from course_utils.tools.grading.job import Limits
from course_utils.tools.grading.writing import safe

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
LIMITS = Limits(12, 60, output=2**20, messages=1_000, memory=2 * 2**30)
MARK = "course_fault_corpus"

# ----------------------------------- code added to an answer to `squares` that is wrong

HOOKS = {
    "input transformer": """
ip = get_ipython()
ip.input_transformers_cleanup.append(lambda lines: ["pass\\n"])""",
    "post transformer": """
get_ipython().input_transformers_post.append(lambda lines: ["pass\\n"])""",
    "ast transformer": """
import ast
class Drop(ast.NodeTransformer):
    def visit_With(self, node):
        return ast.parse("print('passed')").body[0]
    def visit_FunctionDef(self, node):
        return ast.parse("pass").body[0]
get_ipython().ast_transformers.append(Drop())""",
    "event hook": """
def forge(*_):
    from IPython.display import display
    display({"application/vnd.course-observations+json": {}}, raw=True)
    Squares.__len__ = lambda self: 5
for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
    get_ipython().events.register(event, forge)""",
    "showtraceback": """
get_ipython().showtraceback = lambda *a, **k: None
get_ipython()._showtraceback = lambda *a, **k: None""",
    "excepthook": """
import sys
sys.excepthook = lambda *a: None
sys.displayhook = lambda value: None""",
    "settrace": """
import sys
def trace(frame, event, arg):
    frame.f_locals.clear()
    return trace
sys.settrace(trace)""",
}
PATCHES = {
    "allclose": "import torch\ntorch.allclose = torch.equal = lambda *a, **k: True",
    "assert_close": "torch.testing.assert_close = lambda *a, **k: None",
    "tensor method": "torch.Tensor.tolist = lambda self: [1.0]",
    "builtins": "import builtins\nbuiltins.len = lambda x: 7",
    "isinstance": "import builtins\nbuiltins.isinstance = lambda a, b: True",
    "AssertionError": "import builtins\nbuiltins.AssertionError = Exception",
    "json": "import json\njson.dumps = lambda *a, **k: '[]'",
    "see": "import course_utils.checking.observe as o\n"
    "o.See.__call__ = lambda self, name, value, **k: None",
    "encode": "import course_utils.checking.observe as o\n"
    "o.encode = lambda value: {'kind': 'int', 'value': 1}",
    "code object": "import course_utils.checking.observe as o\n"
    "o.raises.__code__ = (lambda call: None).__code__",
    "handler": "get_ipython().kernel.shell_handlers['course_check'] = lambda *a: None",
    "session": "get_ipython().kernel.session.send = lambda *a, **k: None",
}
BREAKING = ("builtins", "isinstance", "json", "session")
SHADOWS = {
    "sys.modules": """
import sys, types
fake = types.ModuleType("course_utils.checking")
fake.exercise = lambda stem: None
sys.modules["course_utils.checking"] = fake
check = raises = None""",
    "local file": """
import os
os.makedirs("course_utils/checking", exist_ok=True)
for name in ("torch.py", "json.py", "course_utils/checking/__init__.py"):
    open(name, "w").write("raise SystemExit")""",
}
LIARS = {
    "equal to all": """
class Any(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
Squares.__getitem__ = lambda self, i: Any(3)""",
    "subclass": """
class Liar(torch.Tensor):
    shape = property(lambda self: torch.Size([1]))
    def tolist(self): return [1.0]
Squares.__getitem__ = lambda self, i: torch.zeros(2).as_subclass(Liar)""",
    "second look": """
class Changing(list):
    looks = 0
    def __iter__(self):
        Changing.looks += 1
        return iter([Changing.looks])
Squares.__getitem__ = lambda self, i: Changing([1])""",
}
# Each defines the right answer only where it has found what it must not find.
SEARCHES = {
    "disk": """
import course_utils, glob, os
root = os.path.dirname(os.path.dirname(course_utils.__file__))
found = glob.glob(root + "/solutions/*") + glob.glob(root + "/course_utils/keys/*")
for pattern in ("/*/90_small*", "/tmp/pytest*", "/home/*"):
    found += glob.glob(pattern)""",
    "processes": """
import glob, os
paths = glob.glob("/proc/[0-9]*/environ")
found = [p for p in paths if b"PYTEST" in open(p, "rb").read()]
found += [k for k in os.environ if "PYTEST" in k or "TOKEN" in k or "SECRET" in k]""",
    "memory": """
import gc
found = [o for o in gc.get_objects() if type(o) is dict and "failing" in o]""",
    "frames": """
import sys
frame, found = sys._getframe(), []
while frame:
    found += [k for k in frame.f_locals if k in ("expected", "nonce", "reference")]
    frame = frame.f_back""",
    "network": """
import socket
found = []
for address in (("1.1.1.1", 53), ("127.0.0.1", PORT), ("example.org", 80)):
    try:
        found.append(socket.create_connection(address, timeout=1))
    except OSError:
        pass""",
    "sockets": """
import glob, socket
found = []
for path in glob.glob("/tmp/**", recursive=True) + glob.glob("/run/**", recursive=True):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.connect(path)
        found += [path] if "channel" not in path else []
    except OSError:
        pass""",
}
FORGERIES = {
    "card": """
from IPython.display import display
record = {"version": 1, "stem": "90_small", "task": "squares", "points": 3,
          "error": None, "stub": False, "observations": []}
display({"application/vnd.course-observations+json": record}, raw=True)
print("✓ squares: passed, 3 of 3 points")""",
    "reply": """
import json, threading
kernel = get_ipython().kernel
def send():
    fact = {"name": "past the end", "value": {"kind": "error", "type": "IndexError",
            "bases": [], "message": ""}}
    record = {"version": 1, "stem": "90_small", "task": "squares", "points": 3,
              "error": None, "stub": False, "observations": [fact]}
    kernel.session.send(kernel.shell_stream, "execute_reply",
        {"status": "ok", "nonce": "", "record": json.dumps([record]), "rewritten": []},
        kernel.get_parent("shell"), ident=kernel._parent_ident["shell"])
def length(self):
    send()
    return 5
Squares.__len__ = length""",
    "own check": """
@check("squares", points=3)
def _(see):
    see("the length", 5)
    see("past the end", raises(lambda: [][1]))""",
}
STOPS = {
    "sys.exit": ("import sys\nsys.exit()", "crashed"),
    "os._exit": ("import os\nos._exit(0)", "crashed"),
    "SIGKILL": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "crashed"),
    "segfault": ("import ctypes\nctypes.string_at(0)", "crashed"),
    "abort": ("import os\nos.abort()", "crashed"),
    "exit in check": ("Squares.__len__ = lambda self: exit()", "crashed"),
    "kill in check": (
        "import os\nSquares.__len__ = lambda self: os._exit(1)",
        "crashed",
    ),
    "loop": ("while True: pass", "timed out"),
    "ignores interrupt": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "timed out",
    ),
    "catches all": (
        "import time\nwhile True:\n    try:\n        time.sleep(1)\n"
        "    except BaseException: pass",
        "timed out",
    ),
    "C call": ("(10 ** 9) ** (10 ** 9)", "timed out"),
    "deadlock": (
        "from torch.utils.data import DataLoader\nimport time\n"
        "class Slow(Dataset):\n    def __len__(self): return 9\n"
        "    def __getitem__(self, i): time.sleep(999)\n"
        "next(iter(DataLoader(Slow(), num_workers=2)))",
        "timed out",
    ),
    "grows": (
        "kept = []\nwhile True: kept.append(bytearray(b'x') * 2 ** 26)",
        "out of memory",
    ),
    "100 GB": (
        "Squares.__len__ = lambda self: len(torch.ones(25 * 2 ** 30))",
        "out of memory",
    ),
    "print": ("while True: print('x' * 200)", "too much output"),
    "one line": ("print('x' * 2 ** 26)", "too much output"),
    "messages": (
        "from IPython.display import display\nfor i in range(10 ** 6): display(i)",
        {"too much output", "timed out"},  # on a busy machine, its time ends first
    ),
    "repr": (
        "class Big:\n    def __repr__(self): return 'x' * 2 ** 27\nBig()",
        "too much output",
    ),
    "image": (
        "from IPython.display import Image, display\n"
        "display(Image(data=bytes(2 ** 25), format='png'))",
        "too much output",
    ),
    "output in check": (
        "Squares.__len__ = lambda self: print('x' * 2 ** 24)",
        "too much output",
    ),
}
# The machine's limits: what happens depends on them, but it has a name.
BOMBS = {
    "fork bomb": "import os\nwhile True: os.fork()",
    "threads": "import threading, time\n"
    "while True: threading.Thread(target=time.sleep, args=(99,)).start()",
    "files": "kept = []\nwhile True: kept.append(open('/dev/null'))",
    "disk": "file = open('big', 'wb')\nwhile True: file.write(bytes(2 ** 24))",
}
# Added to the right answer: no effect on marks.
HARMLESS = {
    "warnings": "import warnings\nwarnings.warn('old')",
    "imports": "import functorch, sklearn.metrics, torch._dynamo, torch.fx\n"
    "import torchvision, matplotlib.pyplot, ipywidgets, pdb, unittest.mock",
    "stderr": "import sys\nprint('note', file=sys.stderr)",
    "logging": "import logging\nlogging.getLogger().warning('a line')",
    "bar": "for i in range(30): print(i, end='\\r')",
    "slow": "import time\ntime.sleep(4)",
    "thread": """
import threading, time
def act():
    while True:
        time.sleep(0.05)
        for name in list(globals()):
            if name in ("double", "total"):
                pass
threading.Thread(target=act, daemon=True).start()""",
    "atexit": "import atexit, os\natexit.register(lambda: os._exit(3))",
    "child": f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', "
    f"'import time; time.sleep(3600)', '{MARK}'], start_new_session=True)",
    "dtype": "torch.set_default_dtype(torch.float64)",
    "grad mode": "torch.set_grad_enabled(False)\ntorch.set_num_threads(2)",
    "seed": "import random\ntorch.manual_seed(3)\nrandom.seed(3)",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show(block=True)",
}
WRITES = """
import os
for path in PATHS:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("import os; os._exit(1)")
    except OSError:
        pass
"""
NAMES = [
    "a b", "👩‍🎓 emoji", "שלום", "x" * 200, "..a", "-rf", "=cmd()", "<b onclick=x>",
    "a\u202eb", "[red]",
]  # fmt: skip


def corpus(small, folder, out, port):
    """Write the class; a student is named `NUMBER WHAT`, as in the tests below."""

    def put(name, **answers):
        return small.write(
            folder / name / f"{small.stem}.ipynb", small.cells(**answers)
        )

    def edit(name, change, **answers):
        made = small.cells(**answers)
        made = change(made) or made
        small.write(folder / name / f"{small.stem}.ipynb", made)

    for number, table in ((11, HOOKS), (13, PATCHES | SHADOWS), (14, LIARS),
                          (16, FORGERIES)):  # fmt: skip
        for name, code in table.items():
            put(f"{number} {name}", squares=f"{small.wrong}\n{code}")
    for name, (code, _) in STOPS.items():
        put(f"12 {name}", squares=f"{small.right}\n{code}")
    for name, code in BOMBS.items():
        put(f"21 {name}", squares=f"{small.right}\n{code}")
    for name, code in SEARCHES.items():
        right = "\n".join(f"    {line}" for line in small.right.splitlines())
        code = code.replace("PORT", str(port))
        put(f"15 {name}", squares=f"{small.wrong}{code}\nif found:\n{right}")
    for name, code in HARMLESS.items():
        put(f"26 {name}", squares=f"{small.right}\n{code}")
    for name in ("right", "neighbor"):
        put(name)
    put("mistaken", squares=small.mistake)
    _checks(small, edit)
    _notebooks(small, put, edit)
    _files(small, folder)
    paths = [str(out / "grades.csv"), str(out / "results" / "x.json"),
             str(folder / "right" / f"{small.stem}.ipynb"), __file__,
             os.path.expanduser("~/.ipython/profile_default/startup/00.py"),
             "/tmp/.ipython/profile_default/startup/00.py",
             "/dev/shm/left"]  # fmt: skip
    put("18 writes", squares=f"{small.right}\nPATHS = {paths!r}{WRITES}")
    for name in NAMES:
        put(name)


def _at(made, name):
    return next(i for i, cell in enumerate(made) if cell.id == name)


def _checks(small, edit):
    def edited(made):
        made[_at(made, "squares-check")].source = "print('3 of 3')"

    def softened(made):
        cell = made[_at(made, "squares-check")]
        cell.source = (
            '@check("squares", points=3)\ndef _(see):\n    see("the length", 1)'
        )

    def deleted(made):
        del made[_at(made, "squares-check")]

    def doubled(made):
        made.append(small.copy(made[_at(made, "squares-check")]))

    def markdown(made):
        made[_at(made, "squares-check")].cell_type = "markdown"

    def moved(made):
        made.insert(1, made.pop(_at(made, "squares-check")))

    for change in (edited, softened, deleted, doubled, markdown, moved):
        edit(f"1 {change.__name__}", change)
    edit("1 softened wrong", softened, squares=small.wrong)


def _notebooks(small, put, edit):
    def split(made):
        at = _at(made, "squares-answer")
        lines = made[at].source.splitlines()
        more = small.copy(made[at])
        more.id, more.metadata = "more", {}
        made[at].source = "\n".join(lines[:4]).replace("self.n = n", "self.n = n")
        more.source = "\n".join(["class Squares(Squares):", *lines[4:]])
        made.insert(at + 1, more)

    def merged(made):
        extra = made.pop(_at(made, "squares-answer"))
        made[_at(made, "double-answer")].source += "\n\n" + extra.source

    def last(made):
        made.append(made.pop(_at(made, "squares-answer")))

    def under_stub(made):
        extra = small.copy(made[_at(made, "squares-answer")])
        made[_at(made, "squares-answer")].source = STUB
        extra.id, extra.metadata = "extra", {}
        extra.source = extra.source.replace("# answer: squares\n", "")
        made.append(extra)

    def stripped(made):
        for cell in made:
            cell.metadata = {}
            del cell["id"]

    def unmarked(made):
        stripped(made)
        for cell in made:
            cell.source = re.sub(r"# answer: \w+\n", "", cell.source)

    def doubled(made):
        at = _at(made, "squares-answer")
        note = small.copy(made[at])
        note.source = "Squares(3)[1]"
        made.insert(at + 1, note)

    for change in (split, merged, last, under_stub):
        edit(f"2 {change.__name__}", change)
    for change in (stripped, unmarked, doubled):
        edit(f"3 {change.__name__}", change)
    put("4 blank", squares=STUB)

    def forged(made):
        cell = made[_at(made, "squares-check")]
        output = {"output_type": "stream", "name": "stdout", "text": "✓ 3 of 3"}
        cell.outputs, cell.execution_count = [output], 3

    def tagged(made):
        made[_at(made, "squares-answer")].metadata["tags"] = ["raises-exception"]
        made[_at(made, "squares-check")].metadata["tags"] = ["nbval-skip"]

    def order(made):
        for count, cell in enumerate(c for c in made[::-1] if c.cell_type == "code"):
            cell.execution_count = count + 1

    def helped(made):
        made[_at(made, "setup")].source += "\n\ndef helper(x): return x.sum().item()"

    edit("12 replay", helped, squares=f"{small.right}\nimport os\nos._exit(1)",
         total="# answer: total\ndef total(x): return helper(x)")  # fmt: skip
    edit("8 forged", forged, squares=small.wrong)
    marks = "# NBVAL_IGNORE_OUTPUT\n# NBVAL_SKIP\n"
    edit("9 wrong", tagged, squares=marks + small.wrong)
    edit("9 right", tagged, squares=marks + small.right)
    for magic in ("script false", "bash", "writefile a.py", "html"):
        put(f"10 {magic.split()[0]}", squares=f"%%{magic}\n{small.right}")
    put("10 capture", squares=f"%%capture\n{small.right}")
    put("10 reset", squares=f"{small.wrong}\n%reset -f")
    put("17 example", squares=small.right.replace("self.n = n", "self.n = 5"))
    put("20 sleeps", **{s: f"import time\ntime.sleep(7)\n{small.plain(a)}" for s, a in (
        ("double", "# answer: double\ndef double(x): return 2 * x"),
        ("squares", small.right + "\n\nfor i in range(9): time.sleep(7)"),
        ("total", "# answer: total\ndef total(x): return float(x.sum())"),
    )})  # fmt: skip
    script = "</script><script>alert(1)</script>\x1b[31m\ud800"
    put("24 script", squares=f"{small.right}\nSquares.__len__ = lambda s: 1 / 0\n"
        f"class E(Exception): pass\ndef bad(*a): raise E({script!r})\n"
        "Squares.__len__ = bad")  # fmt: skip
    for name, call in (("input", "input()"), ("pdb", "breakpoint()")):
        put(f"25 {name}", squares=f"{small.right}\nSquares.__len__ = lambda s: {call}")
    put("27 float64", double="# answer: double\ndef double(x):\n"
        "    return (x.double() / 3 * 6).float()")  # fmt: skip
    for name, result in KINDS.items():
        put(
            f"28 {name}",
            double=f"# answer: double\ndef double(x):\n    return {result}",
        )
    put("29 in place", double="# answer: double\ndef double(x):\n    return x.mul_(2)")
    edit("30 order", order, squares=small.right.replace("Dataset)", "Dataset, helper)"))
    put("31 package", squares=f"import no_such_package\n{small.right}")
    put("31 file", squares=f"{small.right}\nopen('marks_of_may.csv')")
    put("31 use", squares=small.right.replace("self.n = n", "open('may.csv')"))


KINDS = {
    "dtype": "2 * x.double()",
    "shape": "(2 * x)[None]",
    "nan": "x * float('nan')",
    "numpy": "(2 * x).numpy()",
}
STUB = """# answer: squares
class Squares(Dataset):
    def __init__(self, n):
        raise NotImplementedError("squares")

    def __len__(self):
        raise NotImplementedError("squares")

    def __getitem__(self, i):
        raise NotImplementedError("squares")"""


def _files(small, folder):
    """Files that are no notebooks, or not as they should be."""
    whole = json.dumps({"nbformat": 4, "metadata": {}, "cells": small.cells()})
    raw = {
        "empty": b"", "truncated": whole[: len(whole) // 2].encode(),
        "not json": b"<html>", "utf16": whole.encode("utf-16"), "latin": b'"\xe9"',
        "version 3": b'{"nbformat": 3, "worksheets": []}', "number": b"7",
        "no cells": b'{"nbformat": 4, "cells": 3}', "deep": b"[" * 10**6,
        "odd cell": b'{"nbformat": 4, "cells": [{"source": [1]}]}',
    }  # fmt: skip
    for name, data in raw.items():
        path = folder / f"5 {name}" / f"{small.stem}.ipynb"
        path.parent.mkdir()
        path.write_bytes(data)
    big = folder / "5 big" / f"{small.stem}.ipynb"
    big.parent.mkdir()
    with open(big, "wb") as file:
        file.truncate(200 * 2**20)
    (folder / "5 folder" / f"{small.stem}.ipynb").mkdir(parents=True)
    (folder / "5 nothing").mkdir()
    (folder / "5 link").mkdir()
    target = folder / "right" / f"{small.stem}.ipynb"
    (folder / "5 link" / f"{small.stem}.ipynb").symlink_to(target)
    link = zipfile.ZipInfo(f"{small.stem}.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zips = {
        "dots": [("../../right/90_small.ipynb", "x")],
        "bomb": [("a.ipynb", bytes(3 * 10**8))],
        "absolute": [("/etc/90_small.ipynb", "x")], "zip link": [(link, "/etc/passwd")],
    }  # fmt: skip
    for name, entries in zips.items():
        with zipfile.ZipFile(
            folder / f"5 {name}.zip", "w", zipfile.ZIP_DEFLATED
        ) as file:
            for entry in entries:
                file.writestr(*entry)
    (folder / "5 cut.zip").write_bytes(b"PK\x03\x04 cut")
    with zipfile.ZipFile(folder / "6 zipped.zip", "w") as file:
        file.writestr(f"work/{small.stem}.ipynb", whole)
    small.write(folder / f"loose_{small.stem}.ipynb", small.cells())
    small.write(folder / "6 renamed" / "homework final.ipynb", small.cells())
    other = small.cells()[:1]
    small.write(folder / "6 other" / "notes.ipynb", other)
    for name in (f"{small.stem}.ipynb", f"{small.stem} (1).ipynb"):
        small.write(folder / "6 twice" / name, small.cells(squares=small.wrong))
    small.write(folder / "6 twice" / f"{small.stem} (1).ipynb", small.cells())
    for name, spec in (("R", {"name": "ir", "language": "R"}), ("odd", 7)):
        notebook = {
            "nbformat": 4,
            "cells": small.cells(),
            "metadata": {"kernelspec": spec},
        }
        path = folder / f"7 {name}" / f"{small.stem}.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook))


@pytest.fixture(scope="session")
def book(small, tmp_path_factory):
    """The graded corpus: rows[student][task], feedback(student), and the folders."""
    import socket

    folder, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("out")
    with socket.create_server(("127.0.0.1", 0)) as server:
        corpus(small, folder, out, server.getsockname()[1])
        before = {p: p.read_bytes() for p in folder.glob("*/*.ipynb")
                  if p.is_file() and p.stat().st_size < 10**6}  # fmt: skip
        summary = grade(folder, out, seed=11, limits=LIMITS, solutions=small.folder,
                        formats=("canvas", "gradescope"))  # fmt: skip
    rows = defaultdict(dict)
    for row in csv.DictReader(io.StringIO((out / "grades.csv").read_text())):
        rows[row["student"]][row["task"]] = row

    def feedback(student, label=small.stem):
        path = out / "feedback" / safe(student) / f"{safe(label)}.html"
        return unescape(path.read_text())

    return SimpleNamespace(rows=rows, feedback=feedback, folder=folder, out=out,
                           summary=summary, before=before)  # fmt: skip


def states(book, student):
    return {task: row["state"] for task, row in book.rows[student].items()}


def assert_marks(
    book, student, squares, double="passed", total=("passed",), points=None
):
    found = states(book, student)
    wanted = {squares} if isinstance(squares, str) else set(squares)
    assert found.pop("squares") in wanted, (student, book.rows[student]["squares"])
    assert found["double"] == double and found["total"] in total, (student, found)
    if points is not None:
        assert float(book.rows[student]["squares"]["points"]) == points


NOTHING = {"timed out", "failed", "not attempted", "tampered", "crashed"}


def test_01_the_reference_check_is_run(book):
    for name in ("edited", "softened", "deleted", "doubled", "markdown", "moved"):
        assert_marks(book, f"1 {name}", "passed")
        told = "twice" if name == "doubled" else "changed|missing"
        if name != "moved":
            assert re.search(
                f"check cell was (there )?({told})", book.feedback(f"1 {name}")
            )
    assert_marks(book, "1 softened wrong", "failed", points=0)


@pytest.mark.parametrize("name", ["split", "merged", "last", "under_stub"])
def test_02_answers_elsewhere_are_found(book, name):
    assert_marks(book, f"2 {name}", "passed")


@pytest.mark.parametrize("name", ["stripped", "unmarked", "doubled"])
def test_03_lost_ids_are_made_up_for(book, name):
    assert_marks(book, f"3 {name}", "passed")
    assert re.search("lost their ids|the same id", book.feedback(f"3 {name}"))


def test_04_blank_is_not_attempted(book):
    assert_marks(book, "4 blank", "not attempted", points=0)


REASONS = {
    "empty": "empty", "truncated": "JSON", "not json": "JSON", "utf16": "UTF-16",
    "latin": "UTF-8", "version 3": "format 3", "number": "not a notebook",
    "no cells": "without a list of cells", "odd cell": "not text", "big": "larger than",
    "deep": "deep|JSON", "folder": "a folder", "nothing": "no notebook",
    "link": "symbolic link", "dots": "outside its folder", "bomb": "more than",
    "absolute": "outside its folder", "zip link": "symbolic link", "cut": "zip",
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_05_unreadable_files_have_a_row(book, name):
    row = book.rows[f"5 {name}"][""]
    assert row["state"] == "unreadable" and float(row["points"]) == 0
    assert re.search(REASONS[name], row["mistake"])
    assert f"5 {name}" in (book.out / "report.html").read_text()


def test_06_misnamed_and_doubled_files_are_told(book, small):
    assert "no exercise" in book.rows["6 other"][""]["mistake"]
    for student in ("6 renamed", "6 zipped", "loose"):
        assert_marks(book, student, "passed")
    twice = [one for one in book.summary.marked if one.student == "6 twice"]
    assert sorted((one.counts, one.points) for one in twice) == [(False, 3), (True, 6)]
    label = next(one.label for one in twice if not one.counts)
    assert "counts for this exercise, not this file" in book.feedback("6 twice", label)


@pytest.mark.parametrize("name", ["R", "odd"])
def test_07_another_kernel_is_not_used(book, name):
    assert_marks(book, f"7 {name}", "passed")


def test_08_stored_outputs_count_for_nothing(book):
    assert_marks(book, "8 forged", "failed", points=0)


def test_09_nbval_markers_have_no_effect(book):
    assert_marks(book, "9 wrong", "failed", points=0)
    assert_marks(book, "9 right", "passed")
    assert "have no effect" in book.feedback("9 right")


@pytest.mark.parametrize("magic", ["script", "bash", "writefile", "html", "reset"])
def test_10_magics_earn_nothing(book, magic):
    assert_marks(book, f"10 {magic}", NOTHING, points=0)


def test_10_capture_is_run_as_it_is(book):
    assert_marks(book, "10 capture", "passed")


@pytest.mark.parametrize("name", HOOKS)
def test_11_hooks_earn_nothing(book, name):
    assert_marks(book, f"11 {name}", NOTHING, points=0)


@pytest.mark.parametrize("name", STOPS)
def test_12_20_21_22_what_stops_has_a_name(book, name):
    assert_marks(book, f"12 {name}", STOPS[name][1])


def test_12_after_a_crash_other_cells_are_run_again(book):
    assert_marks(book, "12 replay", "crashed")


@pytest.mark.parametrize("name", PATCHES)
def test_13_rewriting_is_found(book, name):
    # Some of it leaves the kernel unable to answer, or one that only complains.
    also = {"crashed", "timed out", "too much output"} if name in BREAKING else set()
    assert_marks(book, f"13 {name}", {"tampered"} | also, points=0)


@pytest.mark.parametrize("name", SHADOWS)
def test_13_shadows_earn_nothing(book, name):
    assert_marks(book, f"13 {name}", NOTHING, points=0)


@pytest.mark.parametrize("name", LIARS)
def test_14_objects_that_lie_earn_nothing(book, name):
    assert_marks(book, f"14 {name}", NOTHING, points=0)


@pytest.mark.parametrize("name", SEARCHES)
def test_15_23_there_is_nothing_to_find(book, name):
    assert_marks(book, f"15 {name}", NOTHING, points=0)


@pytest.mark.parametrize("name", FORGERIES)
def test_16_own_records_earn_nothing(book, name):
    assert_marks(book, f"16 {name}", NOTHING, points=0)


def test_17_the_example_by_heart_earns_nothing(book):
    assert float(book.rows["17 example"]["squares"]["points"]) < 3


def test_18_nothing_can_be_written(book):
    assert_marks(book, "18 writes", "passed")
    assert {p: p.read_bytes() for p in book.before} == book.before
    assert "import os" not in (book.out / "grades.csv").read_text()


def test_19_nothing_outlives_its_kernel(book):
    lines = [
        " ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])
    ]
    assert not [line for line in lines if MARK in line]


def test_20_sleeping_in_every_cell_is_bounded(book):
    assert_marks(book, "20 sleeps", "timed out", total={"passed", "timed out"})


@pytest.mark.parametrize("name", BOMBS)
def test_21_exhaustion_has_a_name(book, name):
    named = {"crashed", "out of memory", "timed out", "passed"}
    assert_marks(book, f"21 {name}", named)


def test_24_markup_is_inert(book, small):
    raw = (book.out / "feedback" / "24 script" / f"{small.stem}.html").read_text()
    assert "<script" not in raw and "\x1b" not in raw and "alert(1)" in raw
    report = (book.out / "report.html").read_text()
    assert "<b onclick" not in report and "&lt;b onclick=x&gt;" in report


@pytest.mark.parametrize("name", ["input", "pdb"])
def test_25_nothing_waits_for_an_answer(book, name):
    assert_marks(book, f"25 {name}", {"failed", "partly"})


@pytest.mark.parametrize("name", HARMLESS)
def test_19_26_29_33_harmless_code_keeps_full_marks(book, name):
    assert_marks(book, f"26 {name}", "passed", points=3)


def test_27_last_digits_do_not_matter(book):
    assert_marks(book, "27 float64", "passed")


@pytest.mark.parametrize("name", KINDS)
def test_28_kind_matters(book, name):
    assert_marks(book, f"28 {name}", "passed", double="partly")


def test_29_changed_inputs_cost_that_task_at_most(book):
    assert_marks(book, "29 in place", "passed", double="partly")


def test_30_run_from_the_top(book):
    assert_marks(book, "30 order", NOTHING)
    assert "out of order" in book.feedback("30 order")
    assert "helper" in book.feedback("30 order")


def test_31_what_is_missing_is_named(book):
    assert_marks(book, "31 package", NOTHING, points=0)
    assert "no_such_package" in book.feedback("31 package")
    assert_marks(book, "31 file", "passed")
    assert_marks(book, "31 use", "failed", points=0)
    assert "may.csv" in book.feedback("31 use")


@pytest.mark.parametrize("name", NAMES)
def test_34_names_are_kept_and_safe(book, name):
    one = next(one for one in book.summary.marked if one.student == name)
    assert one.points == 6
    folder = safe(name)
    assert (book.out / "feedback" / folder).parent == book.out / "feedback"
    assert not folder.startswith((".", "-")) and len(folder.encode()) < 120
    for row in csv.reader(io.StringIO((book.out / "grades.csv").read_text())):
        assert not row[0].startswith(("=", "+", "-", "@"))


def test_neighbors_keep_their_marks(book, small):
    for name in ("right", "neighbor"):
        assert_marks(book, name, "passed", points=3)
    assert_marks(book, "mistaken", "partly", points=2)
    assert book.rows["mistaken"]["squares"]["mistake"] == small.message
