"""One class that is marked: what is known of it already, and how to mark the rest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.places import PACKAGE
from course_utils.tools.progress import progress

from . import gradebook, pool
from .collect import Submission
from .compose import Reference, compose
from .gradebook import Marked
from .job import Job, Limits


class Batch:
    """One class, one seed, one folder: what is marked already, and how to mark."""

    def __init__(self, out: Path, seed: int, limits: Limits, isolated: bool,
                 references: dict[str, Reference]):  # fmt: skip
        self.out, self.seed, self.limits = out, seed, limits
        self.isolated, self.references = isolated, references
        self.results: dict[str, dict] = {}
        self.expected: dict[str, dict] = {}
        rooms = ("checking", "judging", "tools/grading")
        code = [
            path.read_bytes()
            for room in rooms
            for path in sorted((PACKAGE / room).glob("*.py"))
        ]
        self.engine = hashlib.sha256(b"".join(code)).hexdigest()

    def key(self, one: Submission) -> str:
        """What decides a submission's marks, and whose it is, as a hash."""
        ref = self.references.get(one.stem)
        whose = [one.student, one.name, one.label, one.content, one.reason]
        by = [self.seed, ref and ref.content, self.isolated, self.engine]
        told = json.dumps([whose, by, asdict(self.limits)])
        return hashlib.sha256(told.encode()).hexdigest()[:40]

    def path(self, key: str) -> Path:
        return self.out / "results" / f"{key}.json"

    def stored(self, key: str) -> bool:
        """Whether a whole result is there; it is kept to be used."""
        try:
            self.results[key] = json.loads(self.path(key).read_text(encoding="utf-8"))
            Marked(**self.results[key])
        except (OSError, ValueError, TypeError):
            return False
        return True

    def result(self, key: str, one: Submission) -> Marked:
        """The stored result, or the row of what cannot be read."""
        if one.stem:
            return Marked(**self.results[key])
        ref = self.references.get(one.label)
        stem, points = (ref.stem, ref.points) if ref else ("", 0)
        return Marked(
            key, one.student, one.name, stem, one.label, ref is not None, points,
            [], {}, [], list(one.notes), {}, {}, one.reason,
        )  # fmt: skip

    def sweep(self, keys: set[str]) -> None:
        """Forget results of submissions that changed or are gone."""
        for path in (self.out / "results").glob("*.json"):
            if path.stem not in keys:
                path.unlink(missing_ok=True)

    def job(self, stem: str, steps: list) -> Job:
        setup = self.references[stem].setup
        return Job(stem, setup, steps, self.seed, self.limits, self.isolated)

    def mark(
        self, todo: list, workers: int, scheduler: str | None
    ) -> dict[str, Marked]:
        """Mark what is to do, storing each result; returns what could not be marked."""
        if not todo:
            return {}
        stems = sorted({one.stem for _, one in todo})
        composed = {key: compose(one, self.references[one.stem]) for key, one in todo}
        from . import score  # imports torch: not in the workers

        def jobs() -> dict[str, Job]:
            refs = {
                stem: score.reference_steps(self.references[stem]) for stem in stems
            }
            wanted = {stem: self.job(stem, steps) for stem, steps in refs.items()}
            return wanted | {k: self.job(s.stem, composed[k].steps) for k, s in todo}

        failed: dict[str, Marked] = {}
        waiting: list[tuple[str, dict | str]] = []
        mine = dict(todo)
        with progress("Marking", len(todo) + len(stems)) as step:
            for name, told in pool.run(jobs(), workers, scheduler):
                if name in self.references:
                    if isinstance(told, str):
                        raise CourseError(
                            f"the reference of {name} did not run: {told}"
                        )
                    ref = self.references[name]
                    self.expected[name] = score.expected(ref, told)
                    step(name)
                else:
                    waiting.append((name, told))
                for key, told in [
                    w for w in waiting if mine[w[0]].stem in self.expected
                ]:
                    waiting.remove((key, told))
                    self._judge(key, mine[key], composed[key], told, failed)
                    step(gradebook.visible(mine[key].student)[:30].replace("[", "("))
        return failed

    def _judge(self, key, one: Submission, composed, told, failed: dict) -> None:
        from . import score

        ref, expect = self.references[one.stem], self.expected[one.stem]
        lost = isinstance(told, str)
        told = {"checks": {}, "notes": [told], "errors": {}} if lost else told
        verdicts = [
            score.stored(
                task, score.judge(task, _shown(told, task.slug), expect[task.slug])
            )
            for task in ref.tasks
        ]
        seconds = {k: c["seconds"] for k, c in told["checks"].items()}
        marked = Marked(
            key, one.student, one.name, one.stem, one.label, one.label == one.stem,
            ref.points, verdicts, seconds, composed.repairs,
            told["notes"], told["errors"], composed.code,
        )  # fmt: skip
        if lost:
            failed[key] = marked
            return
        text = json.dumps(asdict(marked))
        gradebook.write(self.path(key), text)
        self.results[key] = json.loads(text)


def _shown(told: dict, slug: str) -> dict | None:
    """What a task's check showed, with the error that its own cells raised."""
    shown = told["checks"].get(slug)
    return shown and {**shown, "raised": told["errors"].get(slug, "")}
