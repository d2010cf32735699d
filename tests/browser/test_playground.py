"""The training playground in the Lab: it trains beside the notebook, and stops."""

import re


def open_playground(page, lab):
    """Run the lesson until its playground is live; a kernel that has just started may
    miss the first time, or be asked for."""
    lab.open(page, "notebooks/05_training.ipynb")
    cell = page.locator(".jp-CodeCell", has_text=re.compile(r"playground\(\)")).last
    for _ in range(3):
        lab.run_all(page)
        if page.locator("dialog.jp-Dialog").count():
            page.keyboard.press("Enter")
        cell.scroll_into_view_if_needed()
        if cell.locator("svg[aria-label^=Epoch]").count():
            break
    cell.locator("svg[aria-label^=Epoch]").wait_for()
    return cell


def epoch(cell):
    """The epoch that the live picture shows."""
    words = cell.locator("svg[aria-label^=Epoch]").get_attribute("aria-label")
    return int(re.match(r"Epoch (\d+):", words)[1])


def test_it_trains_beside_the_notebook_and_stops_within_a_moment(page, lab):
    cell = open_playground(page, lab)
    before = epoch(cell)
    cell.get_by_role("button", name="Start").click()
    cell.locator(
        f"svg[aria-label^=Epoch]:not([aria-label^='Epoch {before}:'])"
    ).wait_for()
    cell.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(300)
    stopped = epoch(cell)
    page.wait_for_timeout(1500)
    assert before < stopped == epoch(cell)
