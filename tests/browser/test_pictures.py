"""A picture stands alone: whatever the page leaves out, its stripes can be seen."""

import pytest

DEMO = "from course_utils.demos.threshold import threshold\n\ndemo = threshold()\ndemo"
# The stripes of the last demo: how many take room on the page, and in which colors.
STRIPES = """demos => {
    const [picture] = [...demos].at(-1).querySelectorAll('svg[role=img]');
    const paths = [...picture.querySelectorAll('.hatch')];
    const seen = paths.filter(path => path.getBoundingClientRect().width > 0);
    return {
        all: paths.length,
        seen: seen.length,
        inks: [...new Set(seen.map(path => getComputedStyle(path).stroke))],
        ink: getComputedStyle(picture.querySelector('text')).fill,
    };
}"""


@pytest.fixture(scope="module")
def two(page, lab):
    """A notebook with the same demo twice, the first out of the page."""
    lab.open(page, lab.write("two.ipynb", DEMO, DEMO))
    lab.run_all(page)
    page.locator(".course-demo").nth(1).scroll_into_view_if_needed()
    page.locator(".jp-CodeCell").first.evaluate("cell => cell.remove()")
    return page


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_stripes_stay_when_another_demo_has_left_the_page(two, lab, theme):
    lab.theme(two, theme)
    before = two.locator(".course-demo").evaluate_all(STRIPES)
    lab.execute(two, "list(demo.controls.values())[0].value = 0.7")
    lab.settle(two)
    after = two.locator(".course-demo").evaluate_all(STRIPES)
    for stripes in (before, after):
        assert stripes["all"] == stripes["seen"] > 4
        assert stripes["ink"] in stripes["inks"]  # on paper, that of the theme
