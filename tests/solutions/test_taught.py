"""What an exercise asks for, a lesson up to there or the task's own text has said."""

import ast
import builtins
import re

import nbformat
import pytest

from course_utils.tools.authoring.solution import read, tags
from course_utils.tools.places import LESSONS, ROOT, SOLUTIONS, stems

KINDS = (str, list, dict, set, tuple, int, float, bytes, object, BaseException)
PLAIN = {*dir(builtins), *(name for kind in KINDS for name in dir(kind))}


def words(text):
    return set(re.findall(r"\w+", text))


def asked(code):
    """The names of libraries that an answer uses: attributes, keywords, globals."""
    nodes = list(ast.walk(ast.parse(code)))
    names, own = set(), set()
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            (names if isinstance(node.ctx, ast.Load) else own).add(name)
        elif isinstance(node, ast.keyword | ast.arg):
            (names if isinstance(node, ast.keyword) else own).add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
    return {name for name in names - own - PLAIN if name}


def texts(notebook):
    """For each answer's slug, the Markdown above it up to the answer before."""
    found, text = {}, ""
    for cell in notebook.cells:
        if "answer" in tags(cell):
            found[re.search(r"(?:answer|turn): (\w+)", cell.source)[1]] = text
            text = ""
        elif not {"mistake", "alternative", "equal"} & set(tags(cell)):
            text += cell.source
    return found


@pytest.mark.parametrize("stem", stems())
def test_what_the_exercise_asks_has_been_said(stem):
    said = set()
    for earlier in stems()[: stems().index(stem) + 1]:
        lesson = nbformat.read(ROOT / LESSONS / f"{earlier}.ipynb", as_version=4)
        said |= words("\n".join(cell.source for cell in lesson.cells))
    solution = read(ROOT / SOLUTIONS / f"{stem}.ipynb")
    own = texts(solution.notebook)
    unsaid = {
        task.slug: names
        for task in solution.tasks
        if (names := asked(task.answer) - said - words(own[task.slug] + task.stub))
    }
    assert unsaid == {}
