"""What if? Each line that a fold changes shows what the fold says, and only then."""

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils.tools.places import ROOT, stems
from course_utils.tools.teaching.variations import FOLD, variations

LESSONS = [
    stem
    for stem in stems(room="notebooks")
    if FOLD.search((ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8"))
]
code = nbformat.v4.new_code_cell


def cells_of(stem):
    return nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", 4).cells


def shown(cells):
    """All that cells show, as text."""
    outputs = [output for cell in cells for output in cell.outputs]
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in outputs]
    errors = [o.get("evalue", "") for o in outputs]
    return "\n".join([*texts, *errors])


def played(stem):
    """(variation, what is shown with its line, what without) as a learner sees it: the
    lesson from the top, and after each section its lines changed and changed back."""
    cells, folds, played = [], iter(variations(cells_of(stem))), []
    for cell in cells_of(stem):
        if cell.cell_type == "code":
            cells.append(code(cell.source))
            continue
        for _ in FOLD.findall(cell.source):
            for one in next(folds):
                runs = [[*map(code, part)] for part in (one.cells, one.before)]
                cells += runs[0] + runs[1]
                played.append((one, *runs))
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(ROOT / "notebooks")}}
    options = {"timeout": 600, "allow_errors": True, "coalesce_streams": True}
    NotebookClient(notebook, resources=where, **options).execute()
    return [(one, shown(new), shown(old)) for one, new, old in played]


@pytest.mark.parametrize("stem", LESSONS)
def test_each_section_has_three_variations_of_a_line(stem):
    folds = variations(cells_of(stem))
    assert len(folds) >= 4 and {len(fold) for fold in folds} == {3}
    assert all(one.old != one.new for fold in folds for one in fold)


@pytest.mark.parametrize("stem", LESSONS)
def test_a_changed_line_shows_what_the_fold_says(stem):
    for one, new, old in played(stem):
        assert one.shows in new, f"{one.section}: {one.new}\n{new}"
        assert one.shows not in old, f"{one.section}: {one.old}\n{old}"


def test_a_line_that_is_nowhere_is_told():
    text = (
        "## A\n\n<details><summary>What if?</summary>\n\n- `x = {}` becomes `x`: `3`.\n"
    )
    cells = [code("x = 1"), nbformat.v4.new_markdown_cell(text + "</details>")]
    with pytest.raises(ValueError, match="A: no cell has the line `x = {}`"):
        variations(cells)
