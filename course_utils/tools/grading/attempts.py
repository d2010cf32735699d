"""Which exercise each file answers, and which of several files counts.

The rule: of several files of one exercise the newest one counts that can be read and
that has an answer in it. What is newer is told, in this order, by the system (Canvas
numbers what it takes in), by the time of the file, by the number of a copy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from course_utils.locale.again import N_
from course_utils.tools.authoring.markers import BEGIN

from .cells import MARKER, bare
from .collect import Submission
from .identify import identify
from .names import copy_number
from .reference import Reference

DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=", re.M)
SECONDS = 2  # what a zip knows of time
UNREADABLE, UNTOUCHED, ANSWERED = range(3)
LESS = {UNREADABLE: "cannot be read", UNTOUCHED: "has no answer"}


def choose(
    submissions: list[Submission], references: dict[str, Reference]
) -> list[Submission]:
    """Those placed, each with its label, and whether it counts among a student's."""
    students: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        students[submission.student].append(submission)
    chosen: list[Submission] = []
    for theirs in students.values():
        chosen += _sorted(theirs, references)
    return chosen


def place(submission: Submission, references: dict[str, Reference]) -> list[Submission]:
    """A submission for each exercise that a notebook answers; one that answers none
    says so in its `reason`."""
    if submission.reason:
        return [submission]
    if any(BEGIN in cell["source"] for cell in submission.cells):
        submission.reason = N_("this is the course's solution, not an exercise")
        return [submission]
    submission.stem = identify(submission, references)
    if not submission.stem:
        submission.reason = submission.reason or N_(
            "no exercise of this course is in it"
        )
        return [submission]
    if not _tasks(submission, references[submission.stem]):
        stem, submission.stem = submission.stem, ""
        submission.reason = N_(
            "named like {stem}, but none of its tasks is in it", stem=stem
        )
        return [submission]
    more = [stem for stem in references if _also_holds(submission, stem, references)]
    if more:
        holds = " and ".join([submission.stem, *more])
        submission.notes.append(
            N_("This notebook holds {holds}; each is marked.", holds=holds)
        )
    copies = [replace(submission, stem=s, notes=[*submission.notes]) for s in more]
    return [submission, *copies]


def _also_holds(submission: Submission, stem: str, references: dict) -> bool:
    """Whether a notebook answers tasks of a further exercise, named as such."""
    if stem == submission.stem:
        return False
    own = references[submission.stem].defines
    tasks = _tasks(submission, references[stem], by_name=False)
    return any(tasks[slug] for slug in tasks.keys() - own.keys())


def _tasks(
    submission: Submission, ref: Reference, by_name: bool = True
) -> dict[str, bool]:
    """The tasks that have a cell in a notebook: slug → whether it is answered.

    by_name: a cell that defines what a task asks for is also one of that task's.
    """
    answered: dict[str, bool] = {}
    stubs = {task.slug: bare(task.stub) for task in ref.tasks}
    for cell in submission.cells:
        source = cell["source"]
        slugs = {*MARKER.findall(source), cell["id"].removesuffix("-answer")}
        if by_name:
            names = {a or b for a, b in DEFINED.findall(source)}
            slugs |= {slug for slug, theirs in ref.defines.items() if names & theirs}
        for slug in slugs & stubs.keys():
            changed = bare(source) != stubs[slug]
            answered[slug] = answered.get(slug, False) or changed
    return answered


def _sorted(theirs: list[Submission], references: dict) -> list[Submission]:
    """One student's submissions with their labels; notebooks of no exercise are told
    on those of one, and have a row only where there are none."""
    strays = [submission for submission in theirs if _stray(submission)]
    kept = [submission for submission in theirs if not _stray(submission)]
    if not any(submission.stem for submission in kept):
        kept, strays = theirs, []
    groups: dict[str, list[Submission]] = defaultdict(list)
    for submission in kept:
        submission.notes += [
            N_("Not marked: {name} ({reason}).", name=s.name, reason=s.reason)
            for s in strays
        ]
        named = [stem for stem in references if stem in submission.name]
        label = submission.stem or (named[0] if named else submission.name)
        groups[label].append(submission)
    chosen: list[Submission] = []
    for label, files in groups.items():
        chosen += _chosen(label, files, references)
    return chosen


def _stray(submission: Submission) -> bool:
    return bool(submission.reason and submission.cells)


def _chosen(label: str, files: list[Submission], references: dict) -> list[Submission]:
    """The files of one exercise, the one that counts first."""
    stems = list(references)
    ranked = [(_rank(file, references), _age(file, stems), file) for file in files]
    ranked = _without_twins(sorted(ranked, key=lambda entry: entry[:2], reverse=True))
    (best_rank, _, best), *rest = ranked
    best.label = label
    others = []
    for rank, _, file in rest:
        others.append(f"{file.name} ({'older' if rank == best_rank else LESS[rank]})")
        file.counts, file.label = False, f"{label} ({file.name})"
        file.notes.insert(
            0,
            N_("{name} counts for this exercise, not this file.", name=best.name),
        )
    if others:
        best.notes.insert(
            0,
            N_("This file counts. These do not: {names}.", names=", ".join(others)),
        )
    return [best, *(file for _, _, file in rest)]


def _rank(submission: Submission, references: dict) -> int:
    if submission.reason:
        return UNREADABLE
    answered = any(_tasks(submission, references[submission.stem]).values())
    return ANSWERED if answered else UNTOUCHED


def _age(submission: Submission, stems: list[str]) -> tuple:
    """What is larger for a newer file."""
    name, time = submission.name, submission.time // SECONDS
    return submission.order, time, copy_number(name, stems), name


def _without_twins(ranked: list[tuple]) -> list[tuple]:
    """The files without those that say the same as one before."""
    kept: dict[str, tuple] = {}
    for entry in ranked:
        file = entry[-1]
        twin = kept.setdefault(file.content or file.name, entry)[-1]
        if twin is not file:
            twin.notes.append(N_("{name} is the same file.", name=file.name))
            file.counts = False
            file.notes.insert(
                0, N_("{name} is the same file, and counts.", name=twin.name)
            )
    return list(kept.values())
