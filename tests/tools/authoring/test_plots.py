"""Figures that a lesson draws with `plt`, as the build stores them."""

import base64
import io

import nbformat
import pytest
from PIL import Image

from course_utils.errors import CourseError
from course_utils.tools.authoring import plots

SMOOTH = Image.linear_gradient("L").convert("RGBA")


def drawn(source, image=SMOOTH):
    out = io.BytesIO()
    image.save(out, "PNG")
    png = base64.b64encode(out.getvalue()).decode()
    data = {"image/png": png, "text/plain": "<Figure size 640x480 with 1 Axes>"}
    output = nbformat.v4.new_output("display_data", data=data)
    return nbformat.v4.new_code_cell(source, outputs=[output])


def test_a_figure_gets_its_title_as_words_and_few_colors():
    cell = drawn('plt.plot(losses)\nplt.title("The loss by epoch")')
    plots.finish([cell])
    (output,) = cell.outputs
    assert output.metadata["image/png"]["alt"] == "The loss by epoch"
    image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    assert image.size == SMOOTH.size and len(image.getcolors()) <= plots.COLORS


def test_a_finished_figure_stays_as_it_is():
    cell = drawn('axes.set_title("The loss by epoch")')
    plots.finish([cell])
    once = nbformat.from_dict(cell)["outputs"][0]["data"]["image/png"]
    plots.finish([cell])
    assert cell.outputs[0].data["image/png"] == once


def test_a_figure_without_a_title_is_refused():
    with pytest.raises(CourseError, match="needs words"):
        plots.finish([drawn("plt.plot(losses)")])
