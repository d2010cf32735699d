"""The command `course`.

Each command imports what it needs when it runs: `course --help` starts at once.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path

import click

from course_utils.errors import CourseError
from course_utils.locale import _
from course_utils.locale.again import again

from .places import EXERCISES, LESSONS, MARK, ROOT, SOLUTIONS, checkout, here, stems

Positive = click.IntRange(1)
PIP = "`pip install --upgrade pytorch-basics-course`"
FILE = click.Path(readable=False)  # whether it can be read is seen when it is read


class Commands(click.Group):
    """Ends every error a user can cause with one line and exit code 2."""

    def main(self, *args, **options):
        for stream in (sys.stdout, sys.stderr):  # ✓ is in no code page of Windows
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="replace")
        return super().main(*args, **options)

    def invoke(self, context):
        try:
            return super().invoke(context)
        except CourseError as error:
            message = again(str(error))
        except OSError as error:  # a file that cannot be read or written
            if not error.filename:
                raise
            message = f"{error.filename}: {error.strerror}"
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "course"
            message = f"{error.format_message().rstrip('.')}; see `{command} --help`"
        click.echo(f"course: {message}", err=True)
        sys.exit(2)


def speak(context: click.Context, option: click.Option, name: str | None) -> None:
    """Let a command speak a language until it ends, English where none is named."""
    from course_utils.locale import speaking

    from .editions import known, laid_in

    context.find_root().with_resource(speaking(known(name) if name else laid_in()))


speaks = click.option(
    "--lang",
    metavar="LANGUAGE",
    callback=speak,
    is_eager=True,
    expose_value=False,
    help="en or ko; without it, that of your folder.",
)


@click.group(cls=Commands)
@click.version_option(package_name="pytorch-basics-course")
def main() -> None:
    """The course on PyTorch's basics: open it, check, grade, build."""


def known(given: tuple[str, ...], names: list[str]) -> list[str]:
    """The stems named on the command line, all of them where none is.

    Raises `CourseError` for one that is not among `names`, or where there are none.
    """
    if not names:
        missing = _("no notebooks of the course in {folder}: get it anew")
        raise CourseError(missing.format(folder=ROOT))
    for name in given:
        if name not in names:
            unknown = _("no lesson {name}; there are {names}")
            raise CourseError(unknown.format(name=repr(name), names=", ".join(names)))
    return list(given) or names


@main.command()
@click.argument("names", nargs=-1, metavar="[STEMS]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 where a file is stale."
)
@click.option(
    "--seeds",
    type=click.IntRange(1),
    help="Also run all answers from this many other seeds.",
)
@click.option(
    "--mutants",
    is_flag=True,
    help="Change right answers by machine; list changes that no criterion notices.",
)
def build(
    names: tuple[str, ...], check: bool, seeds: int | None, mutants: bool
) -> None:
    """Make exercises and keys from solutions."""
    from .authoring import seeds as draws
    from .authoring import words
    from .authoring.build import build, repeat, settle
    from .progress import progress
    from .teaching import index

    checkout()
    wanted = known(names, stems())
    with progress("Building", len(wanted)) as step:
        stale = build(wanted, check, step)
    page = {ROOT / LESSONS / "README.md": index.as_markdown(ROOT, stems(room=LESSONS))}
    stale += settle(page | words.files(), check)
    for path in stale:
        click.echo(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
    if not stale:
        click.echo("All is up to date.")
    draws.refuse(wanted)
    if seeds:
        with progress("Seeds", len(wanted) * seeds) as step:
            repeat(wanted, seeds, step)
    if mutants:
        show_mutants(wanted)
    if check and stale:
        click.echo("Run `course build` to make them again.")
        sys.exit(1)


def show_mutants(names: list[str]) -> None:
    """Judge all mutants of some stems; exits 1 where one passes that is not listed."""
    from .authoring import mutants
    from .authoring.solution import read
    from .progress import progress

    solutions = [read(ROOT / SOLUTIONS / f"{stem}.ipynb") for stem in names]
    with progress(
        "Mutants", sum(len(s.tasks) + len(s.turns) for s in solutions)
    ) as step:
        results = mutants.mutate_all(solutions, None, step)
    for result in results:
        for mutant in result.survivors:
            click.echo(f"{result.stem}, {result.slug} passes: {mutant}")
        for line in result.unused:
            click.echo(f"{result.stem}, {result.slug} lists in vain: {line}")
    click.echo(mutants.summary(results))
    if any(result.survivors or result.unused for result in results):
        sys.exit(1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="[STEM]", type=click.UNPROCESSED)
@click.option(
    "--present",
    is_flag=True,
    help="For a class: large, and what answers a question waits for its cell.",
)
@click.option(
    "--keep", type=FILE, help="Of --present: the folder that keeps the copies."
)
@click.option("--reset", is_flag=True, help="Open a fresh copy beside your own.")
@click.option(
    "--board",
    nargs=2,
    metavar="ADDRESS CODE",
    help="Join your class's board: it sees which tasks you check, and their state.",
)
@click.option("--nickname", help="Your name on the board; asked for without it.")
@speaks
def lab(
    words: tuple[str, ...],
    present: bool,
    keep: str | None,
    reset: bool,
    board: tuple[str, str] | None,
    nickname: str | None,
) -> None:
    """Open JupyterLab at a lesson; further options go to JupyterLab."""
    from course_utils.locale import language

    from .editions import room
    from .lab import copies, launch

    root = here()
    lessons = room(LESSONS, language())
    stem, options = launch.chosen(words, known((), stems(root, lessons)))
    page = f"{lessons}/{stem}.ipynb"
    if board:
        name = nickname or ask(_("Your nickname"), "--nickname")
        click.echo(launch.join(*board, name))
    if keep and not present:
        raise CourseError(
            _("--keep goes with --present; your own notebooks stay anyway")
        )
    if present:
        launch.present(page, options, keep)
        return
    if reset:
        page = copies.fresh(root, page).relative_to(root).as_posix()
        click.echo(_("A fresh copy: {page}. Yours is as it was.").format(page=page))
    launch.run(launch.arguments(page, root), options)


def ask(question: str, option: str) -> str:
    """What somebody at the keyboard answers; raises CourseError where nobody is."""
    if not sys.stdin.isatty():
        raise CourseError(_("{option} is missing").format(option=option))
    return click.prompt(question)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, help="8765.")
@click.option("--local", is_flag=True, help="Serve this machine only, to try it.")
def board(port: int, local: bool) -> None:
    """A class's board: who is at which task, who is stuck, whose hand is up."""
    import webbrowser

    from .teaching import serve
    from .teaching.board import Board, known_tasks

    desk = serve.Desk(Board(known_tasks(stems(room=LESSONS))))

    def ready() -> None:
        link = (
            f"http://127.0.0.1:{desk.address.rpartition(':')[2]}/teacher?key={desk.key}"
        )
        click.echo(f"Learners join with: course lab --board {desk.address} {desk.code}")
        click.echo(f"Your view, with names: {link}")
        click.echo(
            f"For the projector: http://{desk.address}/projector?code={desk.code}"
        )
        click.echo("Stop it with Ctrl-C; nothing is stored.")
        webbrowser.open(link)

    serve.serve(desk, port, local, ready)


@main.command()
@speaks
def update() -> None:
    """Fetch the newest course; what you wrote is kept in STEM.mine.ipynb."""
    from .lab import copies, folder

    root = here()
    laid = (root / MARK).exists()
    news, kept = (folder if laid else copies).update(root)
    for page in news:
        click.echo(_("updated: {page}").format(page=page))
    for path in kept:
        said = _("your version is kept: {page}")
        click.echo(said.format(page=path.relative_to(root)))
    if laid:
        newer = _("The course is up to date; for a newer one: {pip}, then this again.")
        click.echo(newer.format(pip=PIP))
    else:
        click.echo(_("The course is up to date."))


@main.command()
@click.argument("folder", type=FILE)
@speaks
def start(folder: str) -> None:
    """Lay the lessons and exercises out in a folder of your own."""
    from course_utils.locale import language

    from .editions import room
    from .lab.folder import start

    new = start(Path(folder), language())
    done = _("The course is in {folder}. In there:")
    if not new:
        done = _("The course was already in {folder}. In there:")
    click.echo(done.format(folder=folder))
    rooms = " ".join(room(name, language()) for name in (LESSONS, EXERCISES))
    click.echo("  course lab      " + _("opens the first lesson"))
    click.echo(f"  course check {rooms}      " + _("shows your progress"))


@main.command()
@click.option(
    "--class", "short", is_flag=True, help="One line for your instructor, to send."
)
@speaks
def doctor(short: bool) -> None:
    """Look at Python, torch, Jupyter, kernels, data, the grader; name remedies."""
    from .lab.doctor import examine, one_line

    findings = examine(grader=not short)
    for line in [one_line(findings)] if short else findings:
        click.echo(str(line))
    sys.exit(0 if all(f.well for f in findings) else 1)


@main.command()
@click.argument("notebooks", nargs=-1, required=True, type=FILE)
@speaks
def check(notebooks: tuple[str, ...]) -> None:
    """Your own mark: a card for each task, and the total; what of a lesson's turns
    and warm-ups is done. A folder stands for all in it. Each notebook is answered in
    its own language."""

    from .grading import check
    from .text import visible

    found = check.find(check.notebooks(notebooks))
    for other in found.others:
        click.echo(visible(f"{other.name}: {again(other.reason or other.notes[0])}"))
    done = [show_lesson(lesson) for lesson in found.lessons]
    if found.exercises:
        done.append(show_exercises(found.exercises))
    lost = [other for other in found.others if not other.cells]
    sys.exit(0 if all(done) and not lost else 1)


def show_lesson(lesson) -> bool:
    """What of a lesson's turns and warm-ups is done; whether all are."""
    from course_utils.locale import speaking

    from .grading.identify import language_of
    from .grading.lesson import as_text, check_lesson
    from .text import visible

    tasks = check_lesson(lesson, lesson.stem)
    done = [task for task, verdict in tasks if verdict.state == "passed"]
    with speaking(language_of(lesson), lesson.stem):
        line = _("{name}: {done} of {all} turns and warm-ups done")
        facts = {"done": len(done), "all": len(tasks)}
        click.echo(line.format(name=lesson.name, **facts))
        for task, verdict in tasks:
            click.echo(visible(as_text(lesson.stem, task, verdict)))
    click.echo()
    return len(done) == len(tasks)


def show_exercises(exercises: list) -> bool:
    """A card for each task that was tried, and the total; whether all passed."""
    from course_utils.judging.card import number
    from course_utils.locale import language, speaking

    from .grading import check
    from .grading.identify import language_of

    earned, total = 0, 0
    for exercise in exercises:
        verdicts, remarks = check.check(exercise)
        with speaking(language_of(exercise), exercise.stem):
            show_cards(exercise.name, verdicts, remarks, len(exercises) == 1)
        earned += sum(v.points for v in verdicts)
        total += sum(v.max_points for v in verdicts)
    spoken = {language_of(exercise) for exercise in exercises}
    with speaking(spoken.pop() if len(spoken) == 1 else language()):
        line = _("Total: {points} of {all} points")
        click.echo(line.format(points=number(earned), all=number(total)))
    return earned == total


def show_cards(name: str, verdicts: list, remarks: list[str], single: bool) -> None:
    """The cards of one exercise; of many exercises, only what was begun has a card."""
    from course_utils.judging.card import as_text, number

    from .text import visible

    line = _("{name}: {points} of {all} points")
    points = number(sum(verdict.points for verdict in verdicts))
    most = number(sum(verdict.max_points for verdict in verdicts))
    click.echo(line.format(name=name, points=points, all=most))
    tried = [v for v in verdicts if v.state != "not attempted" or single]
    left = [v.slug for v in verdicts if v not in tried]
    if left:
        named = ", ".join(left)
        click.echo("  " + _("not attempted: {tasks}").format(tasks=named))
    for line in [*map(as_text, tried), *map(again, remarks if tried else [])]:
        click.echo(visible(line))
    click.echo()


@main.command()
@click.argument("submissions", type=FILE, required=False)
@click.option("--out", required=True, type=FILE, help="Where to write.")
@click.option("--seed", type=int, help="Of the inputs; repeats an earlier batch.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores.")
@click.option("--scheduler", help="Address of a Dask cluster to mark on.")
@click.option(
    "--roster",
    type=FILE,
    help="CSV of the class, with some of the columns name (or first and last name), "
    "id, email, login, canvas, moodle, section; exports of Canvas, Moodle, Gradescope "
    "and GitHub Classroom have them. Who handed in nothing gets a row.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    help="canvas, moodle or gradescope: write the marks in its form, too.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="STEM=NAME",
    help="What an exercise's assignment is called there: 01_dataset='HW 1 (123)'.",
)
@click.option(
    "--anonymous", is_flag=True, help="Write a report without names, too, to show."
)
@click.option("--limit-cell", type=Positive, metavar="SECONDS", help="60; of a cell.")
@click.option("--limit-notebook", type=Positive, metavar="SECONDS", help="300, in all.")
@click.option(
    "--limit-memory", type=Positive, metavar="MB", help="4096; of a notebook."
)
@click.option("--unisolated", is_flag=True, help="Mark without the protections.")
@click.option("--demo", type=click.IntRange(1), help="Make a class of so many first.")
def grade(
    submissions: str | None,
    out: str,
    demo: int | None,
    columns: tuple[str, ...],
    limit_cell: int | None,
    limit_notebook: int | None,
    limit_memory: int | None,
    **options,
) -> None:
    """Mark a class: a folder or zip from Canvas, Moodle, Gradescope, nbgrader or
    GitHub Classroom, or one with a folder, zip or notebook for each student."""
    from .grading.demo import demo_class
    from .grading.grade import grade
    from .grading.job import Limits

    checkout()
    if bool(submissions) == bool(demo):
        raise CourseError("give a folder of submissions or --demo N, one of the two")
    if wrong := [text for text in columns if "=" not in text]:
        raise CourseError(f"--column {wrong[0]}: write it as STEM=NAME")
    options["limits"] = Limits.given(limit_cell, limit_notebook, limit_memory)
    options["columns"] = dict(text.split("=", 1) for text in columns)
    if demo:
        submissions = str(Path(out, "class"))
        demo_class(submissions, demo)
    click.echo(str(grade(submissions, out, **options)))


@main.command()
@click.argument("names", nargs=-1, metavar="[STEMS]...")
@click.option(
    "--gradescope",
    "path",
    required=True,
    type=FILE,
    help="Write the zip to upload to this file.",
)
@click.option("--seed", type=int, help="Of the inputs, for all submissions.")
@click.option(
    "--torch-index",
    default="",
    metavar="ADDRESS",
    help="A package index with a small build of torch, see README.",
)
def autograder(
    names: tuple[str, ...], path: str, seed: int | None, torch_index: str
) -> None:
    """Make the zip with which Gradescope marks an assignment of some exercises."""
    from .grading import autograder

    checkout()
    wanted = known(names, stems())
    autograder.bundle(Path(path), wanted, seed, torch_index)
    click.echo(f"written: {path}, for {', '.join(wanted)}")
    click.echo(
        "Gradescope's containers do not let this grader make its sandbox. There, "
        "submissions run as a user who sees neither solutions nor results, but:"
    )
    for line in autograder.MISSING:
        click.echo(f"- {line}")


@main.command()
@click.argument("names", nargs=-1, metavar="[STEMS]...")
@click.option(
    "--plan",
    "shape",
    metavar="SHAPE",
    help="Share the lessons out over sessions: 3x90 (three of 90 minutes) or day.",
)
@click.option("--at", default="9:00", metavar="TIME", help="When a plan begins; 9:00.")
@click.option("--html", type=FILE, help="Write a page to read or print to this file.")
@click.option("--grades", type=FILE, help="Count mistakes in this grades.csv.")
@speaks
def guide(
    names: tuple[str, ...],
    shape: str | None,
    at: str,
    html: str | None,
    grades: str | None,
) -> None:
    """An instructor's timetable: minutes, demos, questions, known mistakes."""
    from .teaching import guide
    from .teaching.plan import plan

    seen = guide.counts(Path(grades)) if grades else Counter()
    parts = guide.outline(ROOT, known(names, stems(room=LESSONS)), seen)
    made = plan([part[:2] for part in parts], shape, at) if shape else None
    if html:
        Path(html).write_text(guide.as_html(parts, made), encoding="utf-8")
        click.echo(_("written: {file}").format(file=html))
    else:
        click.echo(guide.as_text(parts, made))


if __name__ == "__main__":
    main()
