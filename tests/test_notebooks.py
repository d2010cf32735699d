"""What every committed notebook keeps to, and the rules of a lesson."""

import ast
import re

import nbformat
import pytest

from course_utils.tools.authoring.lesson import answers
from course_utils.tools.places import ROOT, stems

LESSONS = [ROOT / "notebooks" / f"{stem}.ipynb" for stem in stems(room="notebooks")]
ALL = LESSONS + sorted(
    p for room in ("solutions", "exercises") for p in (ROOT / room).glob("*.ipynb")
)
WIDGET = "application/vnd.jupyter.widget-view+json"
WARM_UP, LAST = "Warm-up", ("Recap", "What next")

each_notebook = pytest.mark.parametrize(
    "path", ALL, ids=lambda p: f"{p.parent.name}-{p.stem}"
)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)


def code(path):
    return [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]


def prose(path):
    return [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown"]


def outputs(path):
    return [(c, o) for c in code(path) for o in c.outputs]


def sections(path):
    """Title → the cells of each H2 section."""
    found = {}
    title = None
    for cell in nbformat.read(path, 4).cells:
        heading = re.search(r"^## (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and heading:
            title = heading[1]
        if title:
            found.setdefault(title, []).append(cell)
    return found


@each_notebook
def test_a_notebook_is_valid_small_and_for_the_python3_kernel(path):
    nbformat.validate(nbformat.read(path, 4))
    metadata = nbformat.read(path, 4).metadata
    assert metadata.kernelspec.name == "python3" and "widgets" not in metadata
    # A solution also holds every known mistake, and what its checks observed.
    limit = 400 if path.parent.name == "solutions" else 200
    assert path.stat().st_size < limit * 1024


@each_notebook
def test_a_notebook_was_run_from_top_to_bottom(path):
    """nbval compares nothing in a cell that was never run."""
    counts = [cell.execution_count for cell in code(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_no_error_stderr_or_widget_is_stored(path):
    for cell, output in outputs(path):
        assert output.output_type != "error", cell.source
        assert output.get("name") != "stderr", cell.source
        assert WIDGET not in output.get("data", {}), cell.source


@each_notebook
def test_a_stored_picture_has_words(path):
    for cell, output in outputs(path):
        data = output.get("data", {})
        assert not ("image/svg+xml" in data and "image/png" not in data), cell.source
        if "image/png" in data:
            assert output.metadata["image/png"]["alt"], cell.source


@each_notebook
def test_links_to_files_lead_somewhere(path):
    for text in prose(path):
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        for target in re.findall(r"\]\((?!http|#|attachment)([^)#]+)", text):
            assert (path.parent / target).exists(), target


@each_lesson
def test_a_lesson_opens_with_its_aims_and_the_map(path):
    first, cells = prose(path)[0], code(path)
    assert re.search(r"^# ", first, re.MULTILINE)
    assert "You will be able to" in first and re.search(r"\d+ minutes", first)
    assert 3 <= len(re.findall(r"^[-*] ", first, re.MULTILINE)) <= 4
    assert "pipeline(" in cells[0].source
    assert sum(bool(re.search(r"^# ", t, re.MULTILINE)) for t in prose(path)) == 1


@each_lesson
def test_every_section_has_its_parts(path):
    parts = sections(path)
    parts.pop(WARM_UP, None)
    assert tuple(parts)[-2:] == LAST and 4 <= len(parts) - 2 <= 7
    for title in list(parts)[:-2]:
        text = "\n".join(cell.source for cell in parts[title])
        for part in (
            "Break it",
            "**Keep this:**",
            "<details><summary>Teaching",
        ):
            assert part in text, f"{title}: {part}"
        code = "\n".join(c.source for c in parts[title] if c.cell_type == "code")
        assert "**Predict" in text or "predict(" in code, title
        assert re.search(r"Teaching notes · \d+ min", text), f"{title}: minutes"


@each_lesson
def test_a_lesson_ends_at_its_exercise(path):
    assert f"../exercises/{path.stem}.ipynb" in prose(path)[-1]


@each_lesson
def test_code_cells_are_short(path):
    lengths = []
    for cell in code(path):
        lengths.append(sum(bool(line.strip()) for line in cell.source.splitlines()))
        assert lengths[-1] <= 15 or "check" in cell.source, cell.source
    assert sorted(lengths)[len(lengths) // 2] <= 5


@each_lesson
def test_prose_is_half_of_a_lesson_and_short(path):
    cells = nbformat.read(path, 4).cells
    share = len(prose(path)) / len(cells)
    words = [len(re.findall(r"\w+", text)) for text in prose(path)]
    assert 0.45 <= share <= 0.65
    assert sum(words) / len(words) <= 60


@each_lesson
def test_a_lesson_shows_a_demo(path):
    assert any("course_utils.demos" in cell.source for cell in code(path))


@each_lesson
def test_a_lesson_uses_what_it_imports(path):
    source = "\n".join(c.source for c in code(path) if not c.source.startswith("%"))
    tree = ast.parse(source)
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert imported <= used


def visible(cell):
    return not cell.metadata.get("jupyter", {}).get("outputs_hidden")


@each_lesson
def test_no_prediction_shows_its_answer(path):
    cells = nbformat.read(path, 4).cells
    for cell in answers(cells):
        assert not visible(cell), cell.source
        shown = "".join(
            o.get("text", "") or o.get("data", {}).get("text/plain", "")
            for o in cell.outputs
        ).strip()
        asked = cells[cells.index(cell) - 1].source.split("**Predict")[-1]
        assert len(shown) < 4 or shown not in asked, f"{shown} stands in {asked}"
