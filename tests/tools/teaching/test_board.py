"""The board of a class: what it counts, what it refuses, and that none is lost."""

import json
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from course_utils.checking import board as hook
from course_utils.errors import CourseError
from course_utils.tools.lab import launch
from course_utils.tools.teaching.board import PEOPLE, Board, Known, Refused

TASKS = {
    ("01", "half"): Known("01", "half", ["a row", "<b>a column</b>"]),
    ("01", "whole"): Known("01", "whole", []),
}
EVIL = '<img src=x onerror="alert(1)">'


class Clock:
    """A time that is set by hand."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def board(clock):
    return Board(TASKS, clock)


@pytest.fixture
def desk(board, serving):
    with serving(board) as desk:
        yield desk


def ask(desk, path, message=None, cookie=None):
    """(status, text) of a request; a message is posted, as JSON where it is a dict."""
    connection = HTTPConnection(desk.address, timeout=20)
    headers = {"Cookie": f"key={cookie}"} if cookie else {}
    if isinstance(message, dict):
        message = json.dumps(message)
    elif message:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("POST" if message else "GET", path, message, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def told(desk, **changed):
    facts = dict(name="anna", stem="01", task="half", state="failed", mistake=1)
    return {"code": desk.code, **facts, **changed}


def test_the_same_mistake_three_times_is_stuck_until_it_passes(board, clock):
    for stuck in (False, False, True):
        board.tell("anna", "01", "half", "failed", 1)
        assert board.people["anna"].stuck(clock()) is stuck
    board.tell("anna", "01", "half", "failed", 2)
    assert not board.people["anna"].stuck(clock())
    board.tell("anna", "01", "half", "passed", 0)
    assert not board.people["anna"].stuck(clock() + 900)


def test_eight_minutes_of_trying_is_stuck_but_not_of_being_away(board, clock):
    board.tell("bo", "01", "whole", "failed", 0)
    clock.now += 8 * 60
    assert not board.people["bo"].stuck(clock())
    board.tell("bo", "01", "whole", "partly", 0)
    assert board.people["bo"].stuck(clock())
    assert not board.people["bo"].stuck(clock() + 8 * 60)


def test_the_most_frequent_mistake_counts_learners_not_checks(board):
    for name, mistake in [("a", 1), ("a", 1), ("b", 2), ("c", 2), ("d", 0)]:
        board.tell(name, "01", "half", "failed", mistake)
    found = [(number, message) for number, _, message in board.frequent()]
    assert found == [(2, "<b>a column</b>"), (1, "a row")]


def test_hands_wait_in_their_order_and_stand_on_top(board, clock):
    for name in ("anna", "bo", "cy"):
        board.tell(name, "01", "half", "passed", 0)
    for name in ("cy", "bo", "cy"):
        clock.now += 1
        board.hand(name, True)
    assert [person.name for person in board.hands()] == ["cy", "bo"]
    assert [person.name for person, _ in board.rows()] == ["bo", "cy", "anna"]
    board.hand("cy", False)
    assert [person.name for person in board.hands()] == ["bo"]


@pytest.mark.parametrize(
    "facts",
    [
        ("", "01", "half", "failed", 0),
        (None, "01", "half", "failed", 0),
        ("a", "99", "half", "failed", 0),
        ("a", ["01"], "half", "failed", 0),
        ("a", "01", "half", "tampered", 0),
        ("a", "01", "half", ["failed"], 0),
        ("a", "01", "half", "failed", 3),
        ("a", "01", "half", "failed", -1),
        ("a", "01", "half", "failed", True),
        ("a", "01", "half", "failed", "1"),
    ],
)
def test_what_no_check_says_is_refused(board, facts):
    with pytest.raises(Refused):
        board.tell(*facts)
    assert board.received == 0


def test_a_board_has_room_for_so_many(board):
    for number in range(PEOPLE):
        board.person(f"learner {number}")
    with pytest.raises(Refused):
        board.person("one more")


@pytest.mark.parametrize("path", ["/tell", "/join"])
def test_who_does_not_know_the_code_is_kept_out(desk, path):
    for wrong in ("", "zzzzzz", None, ["x"], "é"):
        assert ask(desk, path, told(desk, code=wrong))[0] == 403
    for broken in ("not json", "[1]", '"x"', "\ud800".encode("utf-8", "replace")):
        connection = HTTPConnection(desk.address)
        connection.request("POST", path, broken)
        assert connection.getresponse().status == 400
        connection.close()
    assert desk.board.people == {}
    assert ask(desk, "/tell", told(desk, code=desk.code.upper()))[0] == 204


def test_names_are_for_the_key_and_the_projector_has_none(desk):
    ask(desk, "/tell", told(desk))
    for path in ("/teacher", "/teacher/part", "/teacher?key=x", "/projector?code=x"):
        assert ask(desk, path)[0] == 403
    assert "anna" in ask(desk, "/teacher/part", cookie=desk.key)[1]
    status, text = ask(desk, f"/projector?code={desk.code}")
    assert status == 200 and "anna" not in text and "a row" in text


def test_all_that_is_sent_is_shown_escaped(desk):
    ask(desk, "/tell", told(desk, name=EVIL, mistake=2))
    query = urlencode({"code": desk.code, "name": EVIL})
    pages = [
        ask(desk, "/teacher", cookie=desk.key),
        ask(desk, "/projector?" + query),
        ask(desk, "/hand?" + query),
    ]
    for status, text in pages:
        assert status == 200 and "<img" not in text and "<b>a column" not in text


def test_a_hand_is_raised_on_the_page_and_taken_down_by_either(desk):
    ask(desk, "/tell", told(desk))
    form = {"code": desk.code, "name": "anna", "up": "yes"}
    assert "Your hand is up" in ask(desk, "/hand", urlencode(form))[1]
    assert "hand up" in ask(desk, "/teacher/part", cookie=desk.key)[1]
    ask(desk, "/teacher", "name=anna", cookie=desk.key)
    assert "hand up" not in ask(desk, "/teacher/part", cookie=desk.key)[1]
    assert ask(desk, "/hand", urlencode({**form, "code": "x"}))[0] == 403


def test_the_lab_joins_and_tells_a_wrong_code(desk, monkeypatch):
    monkeypatch.setenv(hook.JOINED, "")
    said = launch.join(desk.address, desk.code, "Anna Maria")
    assert said.endswith(" as Anna Maria.") and "Anna Maria" in desk.board.people
    with pytest.raises(CourseError, match="does not know the code"):
        launch.join(desk.address, "zzzzzz", "anna")
    assert "No board answers" in launch.join("127.0.0.1:9", desk.code, "anna")


def test_sixty_learners_are_told_without_a_loss(desk):
    learners, seconds = 60, 3
    messengers = [hook.Messenger() for _ in range(learners)]
    for _ in range(seconds):
        for number, messenger in enumerate(messengers):
            to = hook.Seat(desk.address, desk.code, f"learner {number}")
            messenger.tell(to, stem="01", task="half", state="failed", mistake=1)
        time.sleep(0.2)
    for messenger in messengers:
        messenger.join()
    assert desk.board.received == learners * seconds
    assert len(desk.board.people) == learners
