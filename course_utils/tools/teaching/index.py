"""`notebooks/README.md`: the lessons, and where each concept is taught."""

from __future__ import annotations

import re
from pathlib import Path

from course_utils.pictures.pipeline import pipeline
from course_utils.tools.authoring.solution import read as read_solution

from .lesson import Lesson
from .lesson import read as read_lesson

# What learners look for by name, beside the terms that the lessons set in bold.
NAMES = {
    "00_tensors": "shape dtype device broadcasting",
    "01_dataset": "__init__ __getitem__ __len__ MNIST CIFAR10 ImageFolder IndexError "
    "default_collate random_split",
    "02_dataloader": "batch_size shuffle num_workers drop_last collate_fn generator "
    "worker_init_fn persistent_workers pin_memory IterableDataset",
    "03_module": "ResNet VGG torch.hub super().__init__() forward ModuleList "
    "state_dict load_state_dict requires_grad",
    "04_autograd": "backward grad_fn AccumulateGrad detach no_grad gradcheck",
    "05_training": "zero_grad cross_entropy SGD Adam momentum weight_decay "
    "torch.accelerator clip_grad_norm_",
    "06_inference": "eval() train() Dropout BatchNorm inference_mode accuracy "
    "precision recall F1 MSE RMSE MAE R² ROC bootstrap weights_only "
    "torch.export",
    "07_project": "EmbeddingBag padding_idx",
}


def as_markdown(root: Path, stems: list[str]) -> str:
    """The page: a table of lessons, then every concept in alphabetical order."""
    lessons = [read_lesson(root / "notebooks" / f"{stem}.ipynb") for stem in stems]
    tasks = {stem: _tasks(root, stem) for stem in stems}
    lines = [HEAD, "| lesson | minutes | sections | exercise |", "|---|---|---|---|"]
    for lesson in lessons:
        sections = " · ".join(section.title for section in lesson.sections)
        told = f"{len(tasks[lesson.stem])} tasks, {_minutes(tasks[lesson.stem])} min"
        exercise = f"[{told}](../exercises/{lesson.stem}.ipynb)"
        title = f"[{lesson.title}]({lesson.stem}.ipynb)"
        lines.append(f"| {title} | {lesson.minutes} | {sections} | {exercise} |")
    lines += ["", *_warm_ups(root, stems)]
    lines += [
        "",
        "## Index",
        "",
        "| concept | where | tasks that use it |",
        "|---|---|---|",
    ]
    for concept, places in sorted(
        concepts(lessons).items(), key=lambda c: _plain(c[0])
    ):
        where = " · ".join(
            f"[{stem[:2]}]({stem}.ipynb) {title}" for stem, title in places
        )
        used = [
            f"`{slug}`"
            for stem in dict.fromkeys(stem for stem, _ in places)
            for slug, text in tasks[stem].items()
            if _found(concept, text)
        ]
        lines.append(f"| {concept} | {where} | {' '.join(used)} |")
    return "\n".join(lines) + "\n"


def _warm_ups(root: Path, stems: list[str]) -> list[str]:
    """What the warm-ups ask again, and where it was taught."""
    lines = ["## Warm-ups", "", "| lesson | asks again | taught in |", "|---|---|---|"]
    for stem in stems:
        for turn in read_solution(root / "solutions" / f"{stem}.ipynb").turns:
            if turn.kind == "warm-up":
                earlier, _, section = turn.repeats.partition(", ")
                link = f"[{earlier[:2]}]({earlier}.ipynb) {section}"
                lines.append(f"| [{stem[:2]}]({stem}.ipynb) | {turn.title} | {link} |")
    return lines


def concepts(lessons: list[Lesson]) -> dict[str, list[tuple[str, str]]]:
    """Each bold term where it is set in bold, each name where it first stands."""
    found: dict[str, list[tuple[str, str]]] = {}
    for lesson in lessons:
        for section in lesson.sections:
            for term in section.terms:
                key = next((k for k in found if k.lower() == term.lower()), term)
                found.setdefault(key, []).append((lesson.stem, section.title))
    known = {_plain(key) for key in found}
    for lesson in lessons:
        for name in NAMES.get(lesson.stem, "").split():
            titles = [s.title for s in lesson.sections if name in s.text]
            if titles and _plain(name) not in known:
                found[f"`{name}`"] = [(lesson.stem, titles[0])]
    return found


def _tasks(root: Path, stem: str) -> dict[str, str]:
    solution = read_solution(root / "solutions" / f"{stem}.ipynb")
    texts = {c.get("id"): c.source for c in solution.notebook.cells}
    found = {}
    for task in solution.tasks:
        text = texts.get(f"{task.slug}-task", "")
        found[task.slug] = f"{text}\n{task.answer}\n{task.minutes}"
    return found


def _minutes(tasks: dict[str, str]) -> int:
    return sum(int(text.rsplit("\n", 1)[1]) for text in tasks.values())


def _found(concept: str, text: str) -> bool:
    word = re.escape(concept.strip("`"))
    return bool(re.search(rf"(?<!\w){word}(?!\w)", text, re.IGNORECASE))


def _plain(concept: str) -> str:
    return concept.strip("`_").lower()


HEAD = f"""# Lessons

Made by `course build`; do not edit. The map of the course, as lesson 00 draws it:

![{pipeline().alt}](images/map.png)
"""
