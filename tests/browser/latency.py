"""Run by `make bench`: the time from a key to the changed picture, in the browser."""

import json
from statistics import median

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


def test_latency(page, lab, name_of_demo):
    """Prints a demo's milliseconds as a line of JSON, if a slider redraws it."""
    if name_of_demo == "stepper":  # a row of its own: it needs a graph
        return
    name = name_of_demo
    call = f"from course_utils.demos.{name} import {name}\n\n{name}()"
    lab.open(page, lab.write(f"{name}.ipynb", call))
    lab.run_all(page)
    page.locator(".course-demo svg[role=img]").wait_for()
    page.evaluate(WATCH)
    sliders = page.locator(".course-demo [role=slider]")
    for number in range(TIMES if sliders.count() else 0):
        sliders.first.focus()
        page.keyboard.press("ArrowLeft" if number % 6 < 3 else "ArrowRight")
        lab.settle(page)
    if took := page.evaluate("window.took"):
        print("\n" + json.dumps({name: median(took)}))
