"""What a check shows alike from every seed: who knows it once need not compute it."""

from __future__ import annotations

from collections.abc import Iterable

from course_utils.errors import CourseError
from course_utils.judging import keys
from course_utils.judging.compare import differs
from course_utils.tools.places import ROOT, SOLUTIONS

from .run import Runner
from .solution import Solution, Task, read

MORE = 2  # seeds beside the key's own


def constant(runner: Runner, task: Task, reference: dict) -> list[str]:
    """The criteria of a task that come out the same from other seeds, too."""
    names = [fact["name"] for fact in reference["observations"]]
    for seed in range(runner.seed + 1, runner.seed + 1 + MORE):
        other = Runner(runner.solution, seed)
        record = other.record(task, task.answer, f"reference, seed {seed}")
        facts = {fact["name"]: fact for fact in record["observations"]}
        for fact in reference["observations"]:
            name = fact["name"]
            if name in names and (name not in facts or differs(facts[name], fact)):
                names.remove(name)
    return names


def mostly_constant(solution: Solution, key: dict) -> list[str]:
    """A line for each task of an exercise that earns more than half of its points from
    what is the same from every seed, unless its check cell says why it has to be so."""
    lines = []
    reasons = {task.slug: task.same_from_every_seed for task in solution.tasks}
    for task in key["tasks"]:
        facts = task["reference"]["observations"]
        weights = {fact["name"]: fact.get("weight", 1) for fact in facts}
        same = sum(weights[name] for name in task["constant"])
        total, names = sum(weights.values()), ", ".join(task["constant"][:3])
        if 2 * same > total and reasons.get(task["task"]) == "":
            lines.append(
                f"{solution.path.name}, {task['task']}: {same} of {total} is the same "
                f"from every seed ({names}): draw these inputs, or say why not in the "
                "check cell's metadata, `same_from_every_seed`"
            )
    return lines


def refuse(stems: Iterable[str]) -> None:
    """Raise `CourseError` with such lines where the keys, as they are, have any."""
    lines = []
    keys.load.cache_clear()  # the build has written them anew
    for stem in stems:
        key = keys.load(stem)
        if key and all("constant" in task for task in key["tasks"]):
            lines += mostly_constant(read(ROOT / SOLUTIONS / f"{stem}.ipynb"), key)
    if lines:
        raise CourseError("\n".join(lines))
