"""Commands in a learner's language, and the editions that they open and lay out."""

import json
import shutil

import pytest
from click.testing import CliRunner

from course_utils.locale import language
from course_utils.tools import editions
from course_utils.tools.cli import main
from course_utils.tools.lab import folder, launch, stage
from course_utils.tools.lab.copies import ROOMS
from course_utils.tools.places import MARK, ROOT

LINES = ('exercise("00_tensors")', 'exercise("00_tensors", language="ko")')
COMMANDS = [
    ["check", "none.ipynb"],
    ["doctor", "--class"],
    ["guide", "none"],
    ["lab", "none"],
    ["start", "file"],
    ["update"],
]


def course(*words):
    """Run a command in this process, which speaks English again afterwards."""
    done = CliRunner().invoke(main, list(words))
    assert language() == "en"
    return done


def korean(path, room):
    """The Korean edition of a notebook, with its one line of code."""
    text = (ROOT / room / path.name).read_text("utf-8")
    ours, theirs = (json.dumps(line)[1:-1] for line in LINES)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(ours, theirs), "utf-8")


@pytest.fixture
def edition(tmp_path, monkeypatch):
    """A course with one lesson and one exercise in two languages."""
    root = tmp_path / "course"
    for room in ROOMS:
        korean(root / room / "ko" / "00_tensors.ipynb", room)
        shutil.copy(ROOT / room / "00_tensors.ipynb", root / room)
    monkeypatch.setattr(folder, "ROOT", root)
    monkeypatch.chdir(tmp_path)
    return root


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_every_command_of_a_learner_says_errors_in_its_language(
    say, tmp_path, monkeypatch, words
):
    said = {
        "{path}: there is no such file or folder": "{path} 파일이 없어요",
        "no lesson {name}; there are {names}": "{name} 강의가 없어요",
        "{path} is a file: name a folder": "{path}은 파일이에요",
    }
    say(**said)
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    done = course(words[0], "--lang", "kr", *words[1:])
    assert done.exit_code == 2 and "no language 'kr'; there are en, ko" in done.output
    if words[0] in ("check", "guide", "start"):
        done = course(*words, "--lang", "ko")
        assert done.exit_code == 2 and "요\n" in done.output, done.output


def test_start_notes_the_language_and_update_keeps_it(say, edition, tmp_path):
    said = {
        "The course is in {folder}. In there:": "{folder}에 강의가 있어요.",
        "no lesson {name}; there are {names}": "{name} 강의가 없어요",
    }
    say(**said)
    done = course("start", "mine", "--lang", "ko")
    assert "mine에 강의가 있어요." in done.output
    assert "course check notebooks/ko exercises/ko" in done.output
    mine = tmp_path / "mine"
    for room in ROOMS:
        assert (mine / room / "ko" / "00_tensors.ipynb").exists()
    folder.update(mine)
    assert json.loads((mine / MARK).read_text("utf-8"))["language"] == "ko"


def test_a_folder_s_language_is_spoken_in_it(say, edition, tmp_path, monkeypatch):
    say(**{"no lesson {name}; there are {names}": "{name} 강의가 없어요"})
    course("start", "mine", "--lang", "ko")
    monkeypatch.chdir(tmp_path / "mine" / "notebooks")
    assert "강의가 없어요" in course("lab", "none").output
    assert "no lesson 'none'" in course("lab", "none", "--lang", "en").output


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_lab_opens_the_edition(say, edition, tmp_path, monkeypatch, lang):
    say(passed="통과")
    course("start", "mine", "--lang", lang)
    monkeypatch.chdir(tmp_path / "mine")
    opened = []
    monkeypatch.setattr(launch, "run", lambda options, extra: opened.extend(options))
    assert course("lab", "00_tensors").exit_code == 0
    page = f"{editions.room('notebooks', lang)}/00_tensors.ipynb"
    assert f"--LabApp.default_url=/lab/tree/{page}" in opened


def test_a_class_has_copies_of_every_edition(say, edition, tmp_path):
    say(passed="통과")
    made = stage.staged(edition, tmp_path / "copies")
    inner = {path.relative_to(tmp_path / "copies").as_posix() for path in made}
    assert inner == {
        f"{room}{part}/00_tensors.ipynb" for room in ROOMS for part in ("", "/ko")
    }


def test_check_answers_each_notebook_in_its_language(say, edition):
    done_of = "{name}: {done} of {all} turns and warm-ups done"
    said = {
        "{name}: {points} of {all} points": "{name}: {all}점 가운데 {points}점",
        done_of: "{name}: {all}개 중 {done}개",
        "Total: {points} of {all} points": "모두 {all}점",
    }
    say(**said)
    done = course("check", "course/notebooks/ko", "course/exercises/ko")
    assert done.exit_code == 1
    assert "notebooks/ko/00_tensors.ipynb: 5개 중 0개" in done.output
    assert "exercises/ko/00_tensors.ipynb: 12점 가운데 0점" in done.output
    assert "모두 12점" in done.output
    both = course("check", "course/exercises/ko", "course/exercises").output
    assert "counts for this exercise" in both and "12점" in both  # each task once
