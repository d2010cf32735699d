"""The grader inside Gradescope's container: a zip to upload, and what runs in there.

Gradescope unpacks the zip into `/autograder/source`, runs its `setup.sh` once, and then
`run_autograder` for each submission in a container of its own, as root. Where a sandbox
can be had there, it is used. Elsewhere a submission runs as a user of its own, who sees
neither the solutions nor the results; `MISSING` is what that does not protect from.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.tools.kernels import protections
from course_utils.tools.kernels.bubblewrap import plain_user
from course_utils.tools.places import PACKAGE, ROOT, SOLUTIONS

from . import exports
from .attempts import choose, place
from .batch import Batch
from .collect import Submission, hand_in
from .grade import mark_all
from .gradebook import Marked
from .job import Limits, Terms
from .people import Person
from .reference import Reference, reference
from .store import Store
from .writing import write

SCRIPTS = Path(__file__).parent / "gradescope"
DEMOTED = PACKAGE / "tools" / "kernels" / "demoted.py"
HOME = Path("/autograder")
PROJECT = ("pyproject.toml", "README.md", "LICENSE")
LEFT_OUT = ("__pycache__", "keys", "settings")
MISSING = (
    "the network can be reached",
    "other processes can be seen, though not looked into",
    "memory is limited for each process, not for all together",
    "what a submission writes to /tmp stays until its container ends",
)


def bundle(path: Path, stems: list[str], seed: int | None, torch_index: str) -> None:
    """Write the zip that Gradescope runs for an assignment of these exercises.

    seed: of the inputs, the same for every submission; a new one where it is `None`.
    torch_index: the address of a package index with a small build of torch.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _contents(stems):
            entry = zipfile.ZipInfo(name, exports.DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if "/" not in name else 0o644) << 16
            archive.writestr(entry, content)
        archive.writestr("settings.json", json.dumps({"seed": seed}))
        archive.writestr("torch_index", torch_index)


def _contents(stems: list[str]) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the course's own files in the zip."""
    for script in ("setup.sh", "run_autograder"):
        yield script, (SCRIPTS / script).read_bytes()
    for stem in stems:
        yield (
            f"solutions/{stem}.ipynb",
            (ROOT / SOLUTIONS / f"{stem}.ipynb").read_bytes(),
        )
    for name in PROJECT:
        yield f"course/{name}", (ROOT / name).read_bytes()
    for path in sorted(PACKAGE.rglob("*")):
        inner = path.relative_to(ROOT)
        if path.is_file() and not set(inner.parts) & set(LEFT_OUT):
            yield f"course/{inner.as_posix()}", path.read_bytes()


def run(home: Path = HOME) -> None:
    """Mark the submission that stands in Gradescope's container.

    Writes `results/results.json`, whatever happens; what only an instructor should see
    goes to standard output.
    """
    try:
        results = _results(home)
    except Exception as error:  # an instructor sees the traceback
        traceback.print_exc(file=sys.stdout)
        known = isinstance(error, CourseError)
        why = str(error) if known else "The autograder failed; tell your instructor."
        results = {"score": 0, "output": why}
    write(home / "results" / "results.json", json.dumps(results, indent=1))


def _results(home: Path) -> dict:
    source = home / "source"
    for private in (source, home / "results"):
        private.chmod(0o700)
    settings = json.loads((source / "settings.json").read_text(encoding="utf-8"))
    paths = sorted((source / "solutions").glob("*.ipynb"))
    references = {path.stem: reference(path) for path in paths}
    isolated = all(protection.on for protection in protections())
    print("Submissions run isolated." if isolated else _demoted())
    marked = _marked(home, references, Terms(settings["seed"], Limits(), isolated))
    shown = [mark for mark in marked if mark.counts or mark.reason]
    results = exports.gradescope(shown)
    there = {mark.stem for mark in shown if mark.verdicts}
    results["tests"] += [
        {"name": stem, "score": 0, "max_score": ref.points, "output": "nothing to mark"}
        for stem, ref in references.items()
        if stem not in there
    ]
    return results


def _marked(home: Path, references: dict[str, Reference], terms: Terms) -> list[Marked]:
    placed: list[Submission] = []
    for submission in hand_in(home / "submission", Person("submission")):
        placed += place(submission, references)
    with tempfile.TemporaryDirectory() as folder:
        batch = Batch(Store(Path(folder), terms.seed), terms, references)
        marked, _ = mark_all(choose(placed, references), batch, 1, None)
    return marked


def _demoted() -> str:
    """Have all kernels run without root's rights; returns what that leaves open."""
    user = plain_user()
    if user is None:
        raise CourseError("the autograder must be run as root, as Gradescope does")
    folder = Path(tempfile.mkdtemp()) / "kernels" / "python3"
    launch = [sys.executable, str(DEMOTED), str(user), str(Limits().memory)]
    spec = {
        "argv": [*launch, "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
    }
    write(folder / "kernel.json", json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(folder.parent.parent)
    return (
        "No sandbox can be made in this container. Submissions run as a user of their "
        f"own, who sees neither solutions nor results; but {'; '.join(MISSING)}."
    )


if __name__ == "__main__":
    run()
