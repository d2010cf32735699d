"""A batch on disk: its seed, and the facts on each submission; in doubt, made anew."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from course_utils import __version__
from course_utils.judging.compare import Verdict
from course_utils.tools.places import judges

from .collect import Submission
from .job import Terms
from .reference import Reference
from .typed import dump, load
from .writing import read, remove, write_below


@dataclass
class Result:
    """What one submission earned and showed, without a word or a color of ours.

    seconds, errors, code: by task. repairs, notes: remarks on how it was read and run.
    """

    key: str
    student: str
    name: str
    stem: str
    verdicts: list[Verdict]
    seconds: dict[str, float]
    repairs: list[str]
    notes: list[str]
    errors: dict[str, str]
    code: dict[str, str]


class Store:
    """The folder of a batch. Whatever stands in the way of a file there is removed.

    Raises OSError where the folder itself cannot be made.
    """

    def __init__(self, folder: Path, seed: int | None):
        """Use the seed given, else the one that is stored, else a new one."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.seed = self._stored_seed() if seed is None else seed
        self.engine = [judges("tools/grading", "tools/kernels"), version("torch")]
        about = {"seed": self.seed, "version": __version__}
        self.write("batch.json", json.dumps(about))

    def _stored_seed(self) -> int:
        """A run that was stopped goes on with its seed."""
        try:
            seed = load(dict, read(self.folder / "batch.json")).get("seed")
        except (OSError, ValueError, TypeError):
            seed = None
        return seed if type(seed) is int else secrets.randbelow(2**31)

    def key(self, submission: Submission, ref: Reference, terms: Terms) -> str:
        """What decides a submission's marks, and whose it is, as a hash."""
        whose = [submission.student, submission.name, submission.content]
        by = [ref.stem, ref.content, self.engine]
        how = [terms.seed, terms.isolated, asdict(terms.limits)]
        text = json.dumps([whose, by, how])
        return hashlib.sha256(text.encode()).hexdigest()[:40]

    def load(self, key: str) -> Result | None:
        """A whole result under its own name; `None` where there is none."""
        try:
            result = load(Result, read(self.folder / "results" / f"{key}.json"))
        except (OSError, ValueError, TypeError):
            return None
        return result if result.key == key else None

    def save(self, result: Result) -> Result:
        """Write a result; returns it as it will be read again."""
        text = dump(result)
        self.write(f"results/{result.key}.json", text)
        return load(Result, text)

    def sweep(self, keys: set[str]) -> None:
        """Forget results of submissions that changed or are gone."""
        for path in (self.folder / "results").glob("*.json"):
            if path.stem not in keys:
                remove(path)

    def write(self, name: str | Path, content: str | bytes) -> Path:
        """Write a file of the batch, all or nothing; returns its path."""
        return write_below(self.folder, name, content)
