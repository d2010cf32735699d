"""A demo in Jupyter Notebook 7, which people open by themselves."""

import nbformat

DEMO = "from course_utils.demos.padding import padding\n\npadding()"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
READY = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return session?.isReady && session.session?.kernel?.status === 'idle';
}"""


def open_demo(page, server):
    page.goto(f"{server.address}/notebooks/demo.ipynb?token={server.token}")
    page.wait_for_function(READY)


def test_a_demo_lives_and_follows_its_controls(new_page, notebook7):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(DEMO)])
    book.metadata["kernelspec"] = KERNEL
    nbformat.write(book, notebook7.folder / "demo.ipynb")
    open_demo(new_page, notebook7)
    new_page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    demo = new_page.locator(".course-demo")
    demo.get_by_text("batch 3").wait_for()
    new_page.locator(".course-demo [role=slider]").focus()
    new_page.keyboard.press("End")
    demo.get_by_text("batch 3").wait_for(state="detached")
