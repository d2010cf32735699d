"""A class's board in a browser: it follows the class, and can be read."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from course_utils.checking import board as hook
from course_utils.tools.teaching.board import Board, known_tasks

STEM = "01_dataset"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def desk(serving):
    with serving(Board(known_tasks([STEM]))) as desk:
        yield desk


def tell(desk, name, task="squares_dataset", state="failed", mistake=1):
    to = hook.Seat(desk.address, desk.code, name)
    message = dict(stem=STEM, task=task, state=state, mistake=mistake)
    assert hook.post(to, message) == 204


def teacher(page, desk):
    page.goto(f"http://{desk.address}/teacher?key={desk.key}")
    assert desk.key not in page.url


def test_the_board_follows_the_class(new_page, desk):
    teacher(new_page, desk)
    for _ in range(3):
        tell(desk, "anna")
    tell(desk, "bo")
    row = new_page.get_by_role("row", name="anna")
    expect(row).to_contain_text("stuck")
    expect(new_page.locator("ol.often")).to_contain_text("2 learners")
    tell(desk, "anna", state="passed", mistake=0)
    expect(row).not_to_contain_text("stuck")
    expect(row).to_contain_text("✓")


def test_a_hand_goes_up_and_down(new_page, desk):
    tell(desk, "anna")
    new_page.goto(f"http://{desk.address}/hand?code={desk.code}&name=anna")
    new_page.get_by_role("button", name="Raise my hand").click()
    expect(new_page.get_by_role("heading")).to_have_text("Your hand is up")
    teacher(new_page, desk)
    expect(new_page.locator("ol.hands")).to_contain_text("anna")
    new_page.get_by_role("button", name="done").click()
    expect(new_page.locator("ol.hands")).to_have_count(0)
    assert desk.board.hands() == []


def test_what_was_sent_runs_nothing(new_page, desk):
    new_page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    teacher(new_page, desk)
    tell(desk, EVIL)
    expect(new_page.get_by_role("row", name=EVIL[:10])).to_be_visible()
    assert new_page.locator("main img").count() == 0


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", ["teacher?key={key}", "projector?code={code}", ""])
def test_its_pages_can_be_read(new_page, desk, path, scheme):
    for name in ("anna", "bo"):
        tell(desk, name)
    desk.board.hand("bo", True)
    new_page.emulate_media(color_scheme=scheme)
    new_page.goto(f"http://{desk.address}/{path.format(key=desk.key, code=desk.code)}")
    found = Axe().run(new_page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def test_the_projector_shows_no_names(new_page, desk):
    tell(desk, "anna")
    new_page.goto(f"http://{desk.address}/projector?code={desk.code}")
    expect(new_page.locator("ol.often")).to_contain_text("1 learner")
    tell(desk, "bo")
    expect(new_page.locator("ol.often")).to_contain_text("2 learners")
    assert "anna" not in new_page.content()


def test_a_check_in_the_lab_reaches_the_board(page, lab, new_page, desk):
    first = f"%env COURSE_BOARD={desk.address} {desk.code} anna"
    cells = [
        "from course_utils.checking import exercise\n\n"
        f'check = exercise("{STEM}")\nfrom torch.utils.data import Dataset',
        "class SquaresDataset(Dataset):\n    pass",
        '@check("squares_dataset", points=3)\ndef _(see):\n'
        '    see("the number of samples", lambda: len(SquaresDataset(5)))',
    ]
    lab.open(page, lab.write("board.ipynb", first, *cells))
    lab.run_all(page)
    card = page.locator(".jp-OutputArea-output", has_text="You joined the class board")
    expect(card.get_by_role("link", name="Raise your hand")).to_be_visible()
    expect(card).to_contain_text("nothing else")
    teacher(new_page, desk)
    expect(new_page.get_by_role("row", name="anna")).to_be_visible()
