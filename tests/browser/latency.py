"""Run by `make bench`: the time from a key to the changed picture, in the browser."""

import json
from statistics import median

NAMES = (
    "broadcasting conveyor padding convolution dataset_explorer early_stopping "
    "feature_maps module_explorer threshold"
).split()
TIMES = 18
WATCH = """() => {
    window.took = [];
    const begin = () => { window.begun = performance.now(); };
    window.addEventListener('keydown', begin, true);
    new MutationObserver(seen => {
        const redrawn = seen.some(one => one.target.matches('.widget-html-content'));
        if (redrawn && window.begun) {
            window.took.push(performance.now() - window.begun);
            window.begun = 0;
        }
    }).observe(document.body, {childList: true, subtree: true});
}"""


def test_latency(page, lab):
    """Prints milliseconds by demo as one line of JSON."""
    found = {}
    for name in NAMES:
        source = f"from course_utils.demos.{name} import {name}\n\n{name}()"
        lab.open(page, lab.write(f"{name}.ipynb", source))
        lab.run_all(page)
        page.locator(".course-demo svg[role=img]").wait_for()
        page.evaluate(WATCH)
        page.locator(".course-demo [role=slider]").first.focus()
        for number in range(TIMES):
            page.keyboard.press("ArrowLeft" if number % 6 < 3 else "ArrowRight")
            lab.settle(page)
        found[name] = median(page.evaluate("window.took"))
    print("\n" + json.dumps(found))
