"""The command `course`."""

from __future__ import annotations

import sys

import click


class Commands(click.Group):
    """Ends every error a user can cause with one line and exit code 2."""

    def invoke(self, context):
        from .authoring.markers import AuthorError
        from .grading.collect import Unreadable

        try:
            return super().invoke(context)
        except (AuthorError, Unreadable, ValueError, OSError) as error:
            if context.params.get("debug"):
                raise
            told = error
            if isinstance(error, OSError) and error.filename:
                told = f"{error.filename}: {error.strerror}"
            click.echo(f"course: {told}", err=True)
            sys.exit(2)


@click.group(cls=Commands)
@click.option("--debug", is_flag=True, hidden=True)
@click.version_option(package_name="pytorch-basics-course")
def main(debug: bool) -> None:
    """The course on PyTorch's basics: open it, check, grade, build."""


@main.command()
@click.argument("stems", nargs=-1)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 where a file is stale."
)
@click.option(
    "--seeds",
    type=click.IntRange(1),
    help="Also run all answers from this many other seeds.",
)
def build(stems: tuple[str, ...], check: bool, seeds: int | None) -> None:
    """Make exercises and keys from solutions."""
    from . import lab
    from .authoring import build as authoring
    from .progress import progress
    from .teaching import index

    names = known(stems, authoring.stems())
    with progress("Building", len(names)) as step:
        found = authoring.build(names, check, step)
    page = {
        lab.ROOT / "notebooks" / "README.md": index.as_markdown(lab.ROOT, lab.lessons())
    }
    found += authoring.settle(page, check)
    for path in found:
        click.echo(
            f"{'stale' if check else 'written'}: {path.relative_to(authoring.ROOT)}"
        )
    if not found:
        click.echo("All is up to date.")
    if seeds:
        with progress("Seeds", len(names) * seeds) as step:
            authoring.repeat(names, seeds, step)
    if check and found:
        click.echo("Run `course build` to make them again.")
        sys.exit(1)


def known(given: tuple[str, ...], stems: list[str]) -> list[str]:
    """The stems named on the command line, all of them where none is."""
    for name in given:
        if name not in stems:
            raise ValueError(f"no lesson {name!r}; there are {', '.join(stems)}")
    return list(given) or stems


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("stem", required=False)
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
@click.option("--present", is_flag=True, help="Larger type, no outputs: for a class.")
@click.option("--reset", is_flag=True, help="Open a fresh copy beside your own.")
def lab(stem: str | None, jupyter_options, present: bool, reset: bool) -> None:
    """Open JupyterLab at a lesson; further options go to JupyterLab."""
    from . import copies, lab

    stem = known((stem,) if stem else (), lab.lessons())[0]
    page = f"notebooks/{stem}.ipynb"
    if present:
        lab.present(page, jupyter_options)
        return
    if reset:
        page = str(copies.fresh(lab.ROOT, page).relative_to(lab.ROOT))
        click.echo(f"A fresh copy: {page}. Yours is as it was.")
    lab.run(lab.arguments(page), jupyter_options)


@main.command()
def update() -> None:
    """Fetch the newest course; what you wrote is kept in STEM.mine.ipynb."""
    from . import copies, lab

    news, kept = copies.update(lab.ROOT)
    for page in news:
        click.echo(f"updated: {page}")
    for path in kept:
        click.echo(f"your version is kept: {path.relative_to(lab.ROOT)}")
    click.echo("The course is up to date.")


@main.command()
def doctor() -> None:
    """Look at Python, torch, Jupyter, kernels, data, the grader; name remedies."""
    from .doctor import examine

    findings = examine()
    for finding in findings:
        click.echo(str(finding))
    sys.exit(0 if all(f.well for f in findings) else 1)


@main.command()
@click.argument("notebooks", nargs=-1, required=True, type=click.Path())
def check(notebooks: tuple[str, ...]) -> None:
    """Your own mark: a card for each task, and the total; a folder for all in it."""
    from .checking.card import as_text, number
    from .grading import check
    from .grading.gradebook import visible

    earned, total, paths = 0, 0, check.notebooks(notebooks)
    for path in paths:
        verdicts, remarks = check.check(path)
        points = sum(v.points for v in verdicts), sum(v.max_points for v in verdicts)
        click.echo(f"{path}: {number(points[0])} of {number(points[1])} points")
        tried = [v for v in verdicts if v.state != "not attempted" or len(paths) == 1]
        if len(tried) < len(verdicts):  # of many notebooks, only what was begun
            click.echo(f"  not attempted: {len(verdicts) - len(tried)} tasks")
        for line in [*map(as_text, tried), *(remarks if tried else [])]:
            click.echo(visible(line))
        click.echo()
        earned, total = earned + points[0], total + points[1]
    click.echo(f"Total: {number(earned)} of {number(total)} points")
    sys.exit(0 if earned == total else 1)


@main.command()
@click.argument("submissions", type=click.Path(), required=False)
@click.option("--out", required=True, type=click.Path(), help="Where to write.")
@click.option("--seed", type=int, help="Of the inputs; repeats an earlier batch.")
@click.option("--workers", type=click.IntRange(1), help="Processes; all cores.")
@click.option("--scheduler", help="Address of a Dask cluster to mark on.")
@click.option("--format", "formats", multiple=True, help="gradescope or canvas, too.")
@click.option("--unisolated", is_flag=True, help="Mark without the protections.")
@click.option("--demo", type=click.IntRange(1), help="Make a class of so many first.")
def grade(submissions: str | None, out: str, demo: int | None, **options) -> None:
    """Mark a class: a folder with a folder, zip or notebook for each student."""
    from pathlib import Path

    from .grading import grade

    if bool(submissions) == bool(demo):
        raise ValueError("give a folder of submissions or --demo N, one of the two")
    if demo:
        from .grading.demo import demo_class

        submissions = str(Path(out, "class"))
        demo_class(submissions, demo)
    summary = grade.grade(submissions, out, **options)
    click.echo(str(summary))


@main.command()
@click.argument("stems", nargs=-1)
@click.option("--html", type=click.Path(), help="Write a page to print to this file.")
@click.option("--grades", type=click.Path(), help="Count mistakes in this grades.csv.")
def guide(stems: tuple[str, ...], html: str | None, grades: str | None) -> None:
    """An instructor's timetable: minutes, demos, questions, known mistakes."""
    from collections import Counter
    from pathlib import Path

    from .lab import ROOT, lessons
    from .teaching import guide

    seen = guide.counts(Path(grades)) if grades else Counter()
    parts = guide.outline(ROOT, known(stems, lessons()), seen)
    if html:
        Path(html).write_text(guide.as_html(parts), encoding="utf-8")
        click.echo(f"written: {html}")
    else:
        click.echo(guide.as_text(parts))


if __name__ == "__main__":
    main()
