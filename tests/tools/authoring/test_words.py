"""The catalog of the running course: whole, as `course build` writes it."""

import ast

from babel.messages import Catalog

from course_utils.tools.authoring import words
from course_utils.tools.places import PACKAGE


def test_the_catalog_is_as_build_writes_it():
    made = words.files()
    assert made and all(path.read_text("utf-8") == text for path, text in made.items())


def test_it_has_cards_commands_pages_demos_and_titles_of_turns():
    said = {message.id for message in words.extract()}
    card = ["passed", "shape {seen}, expected {expected}", "This looks like"]
    command = ["opens the first lesson", "no lesson {name}; there are {names}"]
    page = ["Your cell raised", "Timetable", "Task {slug}: {repair}"]
    demo = [
        "threshold",
        "batch size",
        "Now run the cell below.",
        "Targets must be 0 or 1.",
    ]
    assert said.issuperset([*card, *command, *page, *demo, "Parts of a table"])


def test_no_sentence_is_inside_another_string():
    """In there, Babel does not see it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for part in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
                called = getattr(getattr(part, "func", None), "id", "")
                ours = called in ("_", "N_")
                assert not (ours and isinstance(part.args[0], ast.Constant)), path


def test_what_changed_is_fuzzy_and_what_is_gone_is_left_out(tmp_path, monkeypatch):
    path = tmp_path / "ko" / "course.po"
    path.parent.mkdir()
    path.write_text(
        'msgid "Raise your hand"\nmsgstr "손을 드세요"\n\n'
        'msgid "Run your answer cell, then this cell."\nmsgstr "실행하세요."\n\n'
        'msgid "quite another thing"\nmsgstr "딴것"\n',
        "utf-8",
    )
    today = Catalog()
    for text in ("Raise your hand", "Run your answer cell first, then this cell."):
        today.add(text)
    monkeypatch.setattr(words, "extract", lambda: today)
    text = words.updated(path)
    assert 'msgid "Raise your hand"\nmsgstr "손을 드세요"' in text
    assert "#, fuzzy\n" in text and "실행하세요." in text
    assert "딴것" not in text and text.count("fuzzy") == 1
