"""What a check tells a class's board: little, only who joined, and without waiting."""

import socket
import threading
import time

import pytest

import course_utils.checking as checking
from course_utils.checking import board
from course_utils.judging import keys
from course_utils.tools.teaching.board import Board, known_tasks

STEM = "01_dataset"
TASK = keys.load(STEM)["tasks"][0]
WRONG = {**TASK["reference"], **TASK["mistakes"][1], "task": TASK["task"], "stem": STEM}


@pytest.fixture
def joined(monkeypatch):
    """Join a board at an address; what was greeted before is forgotten."""

    def join(address, code="abc"):
        monkeypatch.setenv(board.JOINED, f"http://{address}/ {code} Anna Maria")
        monkeypatch.setattr(board, "greeted", set())
        monkeypatch.setattr(board, "messenger", board.Messenger())

    monkeypatch.delenv("COURSE_SEED", raising=False)
    return join


def test_nobody_is_told_of_who_has_not_joined(monkeypatch, capsys):
    for seat in ("", "127.0.0.1:9", "127.0.0.1:9 code"):
        monkeypatch.setenv(board.JOINED, seat)
        monkeypatch.setattr(board, "post", lambda *_: pytest.fail("told"))
        checking._display(WRONG)
    assert board.JOINED not in capsys.readouterr().out


def test_the_board_gets_task_state_and_mistake_and_nothing_else(joined, monkeypatch):
    sent = []
    monkeypatch.setattr(board, "post", lambda to, message: sent.append((to, message)))
    joined("127.0.0.1:9")
    checking._display(WRONG)
    board.messenger.join()
    message = {"stem": STEM, "task": TASK["task"], "state": "failed", "mistake": 2}
    assert sent[0][1] in (message, {**message, "state": "partly"})
    assert sent[0][0] == ("127.0.0.1:9", "abc", "Anna Maria")


def test_what_is_sent_arrives(joined, serving):
    with serving(Board(known_tasks([STEM]))) as desk:
        joined(desk.address, desk.code)
        checking._display(WRONG)
        board.messenger.join()
    assert desk.board.people["Anna Maria"].work[STEM, TASK["task"]].mistake == 2


def test_the_first_card_says_what_is_told_and_how_to_leave(joined, capsys):
    joined("127.0.0.1:9")
    checking._display(WRONG)
    first = capsys.readouterr().out
    checking._display(WRONG)
    assert "You joined the class board at 127.0.0.1:9 as Anna Maria" in first
    assert "nothing else" in first and "%env COURSE_BOARD=" in first
    assert "You joined" not in capsys.readouterr().out
    assert "/hand?code=abc&name=Anna+Maria" in first


def test_what_is_added_to_a_card_is_escaped():
    evil = board.Seat('x"><script>', "<b>", "<i>")
    html = board.card(evil, True, False)["text/html"]
    assert "<script" not in html and "<b>" not in html and "<i>" not in html


def test_a_board_that_never_answers_holds_up_no_check(joined, capsys):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        joined(f"127.0.0.1:{silent.getsockname()[1]}")
        for _ in range(3 * board.WAITING):
            checking._display(WRONG)
        assert board.messenger.queue.qsize() <= board.WAITING
        assert threading.current_thread() is not board.messenger.thread
    assert capsys.readouterr().out.count("Raise your hand") == 3 * board.WAITING


@pytest.mark.parametrize("address", ["127.0.0.1:9", "no such place", "x:y:z", "[", ":"])
def test_an_address_that_is_none_breaks_no_check(joined, capsys, address):
    joined(address.replace(" ", "-"))
    checking._display(WRONG)
    board.messenger.join()
    assert TASK["task"] in capsys.readouterr().out


def test_the_thread_ends_and_begins_again(joined, monkeypatch):
    monkeypatch.setattr(board, "LINGER", 0.01)
    monkeypatch.setattr(board, "post", lambda *_: None)
    joined("127.0.0.1:9")
    messenger = board.messenger
    for _ in range(2):
        checking._display(WRONG)
        messenger.join()
        while messenger.thread:
            time.sleep(0.01)


def test_the_grader_tells_no_board(joined, monkeypatch):
    joined("127.0.0.1:9")
    monkeypatch.setenv("COURSE_SEED", "1")
    monkeypatch.setattr(board, "tell", lambda *_: pytest.fail("told"))
    checking._display(WRONG)
