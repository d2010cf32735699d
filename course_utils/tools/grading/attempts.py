"""Which exercise each file answers, and which of several files counts.

The rule: of several files of one exercise the newest one counts that can be read and
that has an answer in it. What is newer is told, in this order, by the system (Canvas
numbers what it takes in), by the time of the file, by the number of a copy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

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
    found: list[Submission], references: dict[str, Reference]
) -> list[Submission]:
    """Those placed, each with its label, and whether it counts among a student's."""
    students: dict[str, list[Submission]] = defaultdict(list)
    for one in found:
        students[one.student].append(one)
    return [one for theirs in students.values() for one in _sorted(theirs, references)]


def place(one: Submission, references: dict[str, Reference]) -> list[Submission]:
    """A submission for each exercise that a notebook answers; one that answers none
    says so in its `reason`."""
    if one.reason:
        return [one]
    if any(BEGIN in cell["source"] for cell in one.cells):
        one.reason = "this is the course's solution, not an exercise"
        return [one]
    one.stem = identify(one, references)
    if not one.stem:
        one.reason = one.reason or "no exercise of this course is in it"
        return [one]
    if not _tasks(one, references[one.stem]):
        stem, one.stem = one.stem, ""
        one.reason = f"named like {stem}, but none of its tasks is in it"
        return [one]
    more = [stem for stem in references if _also_holds(one, stem, references)]
    if more:
        holds = " and ".join([one.stem, *more])
        one.notes.append(f"This notebook holds {holds}; each is marked.")
    return [one, *(replace(one, stem=stem, notes=[*one.notes]) for stem in more)]


def _also_holds(one: Submission, stem: str, references: dict) -> bool:
    """Whether a notebook answers tasks of a further exercise, named as such."""
    if stem == one.stem:
        return False
    own = references[one.stem].defines
    tasks = _tasks(one, references[stem], by_name=False)
    return any(tasks[slug] for slug in tasks.keys() - own.keys())


def _tasks(one: Submission, ref: Reference, by_name: bool = True) -> dict[str, bool]:
    """The tasks that have a cell in a notebook: slug → whether it is answered.

    by_name: a cell that defines what a task asks for is also one of that task's.
    """
    found: dict[str, bool] = {}
    stubs = {task.slug: bare(task.stub) for task in ref.tasks}
    for cell in one.cells:
        source = cell["source"]
        slugs = {*MARKER.findall(source), cell["id"].removesuffix("-answer")}
        if by_name:
            names = {a or b for a, b in DEFINED.findall(source)}
            slugs |= {slug for slug, theirs in ref.defines.items() if names & theirs}
        for slug in slugs & stubs.keys():
            found[slug] = found.get(slug, False) or bare(source) != stubs[slug]
    return found


def _sorted(theirs: list[Submission], references: dict) -> list[Submission]:
    """One student's submissions with their labels; notebooks of no exercise are told
    on those of one, and have a row only where there are none."""
    told = [f"Not marked: {one.name} ({one.reason})." for one in theirs if _stray(one)]
    kept = [one for one in theirs if not _stray(one)]
    if not any(one.stem for one in kept):
        kept, told = theirs, []
    groups: dict[str, list[Submission]] = defaultdict(list)
    for one in kept:
        one.notes += told
        named = [stem for stem in references if stem in one.name]
        groups[one.stem or (named[0] if named else one.name)].append(one)
    return [
        one for label in groups for one in _chosen(label, groups[label], references)
    ]


def _stray(one: Submission) -> bool:
    return bool(one.reason and one.cells)


def _chosen(label: str, files: list[Submission], references: dict) -> list[Submission]:
    """The files of one exercise, the one that counts first."""
    files = _without_twins(files)
    quality = {id(one): _quality(one, references) for one in files}
    files.sort(key=lambda one: (quality[id(one)], *_age(one, list(references))))
    best = files.pop()
    best.label = label
    others = []
    for one in reversed(files):
        older = quality[id(one)] == quality[id(best)]
        others.append(f"{one.name} ({'older' if older else LESS[quality[id(one)]]})")
        one.counts, one.label = False, f"{label} ({one.name})"
        one.notes.insert(0, f"{best.name} counts for this exercise, not this file.")
    if others:
        best.notes.insert(0, f"This file counts. These do not: {', '.join(others)}.")
    return [best, *reversed(files)]


def _quality(one: Submission, references: dict) -> int:
    if one.reason:
        return UNREADABLE
    answered = any(_tasks(one, references[one.stem]).values())
    return ANSWERED if answered else UNTOUCHED


def _age(one: Submission, stems: list[str]) -> tuple:
    return one.order, one.time // SECONDS, copy_number(one.name, stems), one.name


def _without_twins(files: list[Submission]) -> list[Submission]:
    """The files without those that say the same as another."""
    kept: dict[str, Submission] = {}
    for one in files:
        twin = kept.setdefault(one.content or one.name, one)
        if twin is not one:
            twin.notes.append(f"{one.name} is the same file.")
            one.counts = False
            one.notes.insert(0, f"{twin.name} is the same file, and counts.")
    return list(kept.values())
