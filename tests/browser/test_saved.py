"""What a saved notebook shows where no kernel draws: a still picture with words."""

import nbformat
import pytest
from nbconvert import HTMLExporter

from course_utils.tools.places import ROOT, stems

DEMO = "from course_utils.demos.padding import padding\n\npadding()"
LIVE = "application/vnd.jupyter.widget-view+json"
WIDTHS = """async found => {
    await Promise.all(found.map(picture => picture.decode()));
    return found.map(picture => picture.naturalWidth);
}"""


def widths(pictures):
    """How wide the pictures are, once they are loaded."""
    pictures.first.wait_for(state="attached")
    return pictures.evaluate_all(WIDTHS)


@pytest.mark.parametrize("stem", stems(room="notebooks"))
def test_a_converted_lesson_shows_its_demos_without_a_kernel(new_page, tmp_path, stem):
    html, _ = HTMLExporter().from_filename(str(ROOT / "notebooks" / f"{stem}.ipynb"))
    (tmp_path / "lesson.html").write_text(html)
    new_page.goto(f"file://{tmp_path}/lesson.html", wait_until="domcontentloaded")
    wide = widths(new_page.locator(".jp-RenderedImage img"))
    assert len(wide) >= 2 and min(wide) > 100


def test_a_demo_that_the_lab_saved_shows_its_picture_with_a_new_kernel(page, lab):
    lab.open(page, lab.write("saved.ipynb", DEMO))
    lab.run_all(page)
    page.locator(".course-demo").wait_for()
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    lab.open(page, "saved.ipynb")
    assert page.evaluate(
        "() => jupyterapp.shell.currentWidget.content.widgets[0].model.trusted"
    )
    (width,) = widths(page.locator(".jp-OutputArea-output img"))
    assert width > 200
    assert page.get_by_text("Error displaying widget").count() == 0


def test_a_lab_that_does_not_trust_a_notebook_shows_the_picture(page, lab):
    from course_utils.demos.padding import padding

    data, metadata = padding()._repr_mimebundle_()
    lab.write("given.ipynb", DEMO)
    notebook = nbformat.read(lab.folder / "given.ipynb", 4)
    notebook.cells[0].outputs = [
        nbformat.v4.new_output("execute_result", data, metadata=metadata)
    ]
    nbformat.write(notebook, lab.folder / "given.ipynb")
    lab.open(page, "given.ipynb")
    assert LIVE in lab.outputs(page)[0]["data"]
    (width,) = widths(page.locator(".jp-OutputArea-output img"))
    assert width > 200
