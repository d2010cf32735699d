"""Answers that forge what a check sees earn nothing unseen."""

import pytest

from course_utils.tools.grading.job import Step, Terms
from course_utils.tools.grading.run import run

SETUP = [
    "from course_utils.checking import exercise, raises\ncheck = exercise('90_small')"
]
CHECK = """@check("total")
def _(see):
    see("the sum", lambda: total([1, 2]))
    see("the error", raises(lambda: total(None)))"""
TOTAL = "def total(x): return sum(x)\n"
FACT = "{'kind': 'int', 'value': 3}"
OBSERVE = "import course_utils.checking.observe as o\n"
PRIVATE = f"""
for cell in get_ipython().kernel.shell_handlers["course_check"].__closure__:
    if see := getattr(cell.cell_contents, "See", None):
        see._made.__code__ = (lambda self, make: {FACT}).__code__
"""
# Each changes what observes, or who answers the grader.
ATTACKS = {
    "private function": f"{OBSERVE}o.See._made = lambda self, make: {FACT}",
    "private code": PRIVATE,
    "table": "import course_utils.checking.encode as e\n"
    f"e.SIMPLE[int] = lambda value: {FACT}",
    "builtins of the check": f"{OBSERVE}o.PYTHON['sum'] = lambda x: 3",
    "defaults": f"{OBSERVE}o.encode.__defaults__ = (0, 0)",
    "state": "import course_utils.checking.state as s\n"
    "s.State.restore = lambda self: None",
    "judging": "import course_utils.judging.difference as d\n"
    "d.difference = lambda *a, **k: None",
    "answers to the grader": """
kernel = get_ipython().kernel
def answer(stream, ident, parent):
    reply = {"status": "ok", "nonce": parent["content"].get("nonce"), "record": "[]"}
    kernel.session.send(stream, "execute_reply", reply, parent, ident=ident)
kernel.shell_handlers["course_check"] = kernel.shell_handlers["course_record"] = answer
""",
    "the table of handlers": "kernel = get_ipython().kernel\n"
    "kernel.shell_handlers = dict(kernel.shell_handlers)",
    "who calls the handlers": "kernel = get_ipython().kernel\n"
    "before = kernel.dispatch_shell\n"
    "kernel.dispatch_shell = lambda *a, **k: before(*a, **k)",
}


def shown(code):
    steps = [Step(code, ["total"]), Step(CHECK, ["total"], check="total")]
    terms = Terms(1, modules=("course_utils.checking",))  # as in a batch
    return run("90_small", SETUP, steps, terms).checks["total"]


@pytest.mark.parametrize("name", ATTACKS)
def test_what_observes_is_looked_at(name):
    seen = shown(TOTAL + ATTACKS[name])
    assert seen.state == "tampered" and seen.note.startswith("rewritten: ")


def test_errors_are_seen_by_the_copy_that_checks():
    seen = shown(TOTAL)
    kinds = [fact["value"]["kind"] for fact in seen.record["observations"]]
    assert kinds == ["int", "error"]
