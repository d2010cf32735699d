"""The bar names its steps on a terminal, and is quiet elsewhere."""

import io

from course_utils.tools.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_names_each_step_and_counts_those_that_are_done(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress("Marking", 2) as step:
        for name in ("Ada", "Bo [2]"):
            step(name)
    for words in ("Marking", "0/2  Ada", "1/2  Bo [2]", "2/2"):
        assert words in terminal.getvalue()


def test_a_bar_is_quiet_where_nobody_looks(capsys):
    with progress("Marking", 1) as step:
        step("Ada")
    assert capsys.readouterr() == ("", "")
