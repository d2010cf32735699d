"""The instructor's page: how the class did, and what to look at."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from course_utils.pictures.svg import BLUE, LINE, SOFT, Picture

from .gradebook import PASSED, Marked, safe
from .page import items, name, table, text
from .page import page as whole

if TYPE_CHECKING:
    from .grade import Summary

BINS = 10


def page(summary: Summary, held: list[tuple[str, bool, str]]) -> str:
    """The report on a class; `held` are the protections that were on."""
    stems = sorted({one.stem for one in summary.marked if one.counts and one.stem})
    students = len({one.student for one in summary.marked})
    lead = (
        f"{students} students, {len(summary.marked)} notebooks, {summary.anew} of them "
        f"marked in this run of {summary.seconds:.0f} s · seed {summary.seed} · "
        f"{datetime.now():%d %B %Y, %H:%M}"
    )
    parts = [f'<h1>Class report</h1><p class="lead">{lead}</p>', _protections(held)]
    parts += [_look(summary), _unreadable(summary)]
    for stem in stems:
        parts.append(_stem(stem, [m for m in summary.marked if m.stem == stem]))
    if summary.changes:
        parts.append(f"<h2>Changed since the last run</h2>{items(summary.changes)}")
    parts.append(f"<h2>Students</h2>{_students(summary.marked)}")
    return whole("Class report", "".join(parts))


def _protections(held: list[tuple[str, bool, str]]) -> str:
    if not held:
        return (
            '<div class="notes">Submissions were run <b>without isolation</b> '
            "(<code>--unisolated</code>): with all that your own user may do.</div>"
        )
    names = ", ".join(text(what) for what, on, _ in held if on)
    return f"<p>Submissions ran isolated: {names}.</p>"


def _look(summary: Summary) -> str:
    pairs = [(m, v) for m in summary.marked for v in m.verdicts]
    found = [(m, v) for m, v in pairs if v["state"] == "tampered"]
    if not found:
        return ""
    rows = [[_link(m), text(v["slug"]), text(v["note"])] for m, v in found]
    told = "<p>Code that rewrites what observes it gets no points; please look.</p>"
    body = table(["student", "task", "found"], rows, 0)
    return f"<h2>To look at: tampered</h2>{told}{body}"


def _unreadable(summary: Summary) -> str:
    rows = [[_link(m), text(m.name), text(m.reason)] for m in summary.unreadable]
    heads = ["student", "file", "why"]
    return f"<h2>Unreadable</h2>{table(heads, rows, 0)}" if rows else ""


def _stem(stem: str, marked: list[Marked]) -> str:
    counted = [m for m in marked if m.counts and not m.reason]
    if not counted:
        return ""
    tasks: dict[str, list[tuple[dict, float]]] = {}
    for one in counted:
        for v in one.verdicts:
            tasks.setdefault(v["slug"], []).append((v, one.seconds.get(v["slug"], 0)))
    heads = ["task", "states", "known mistakes", "passed", "median s"]
    body = table(heads, [_task(slug, told) for slug, told in tasks.items()], 2)
    return f"<h2>{text(stem)}</h2>{distribution(counted).svg()}{body}"


def _task(slug: str, told: list[tuple[dict, float]]) -> list[str]:
    from course_utils.judging.card import prose  # imports torch

    states = Counter(v["state"] for v, _ in told)
    mistakes = Counter(v["mistake"] for v, _ in told if v["mistake"])
    rate = states[PASSED] / len(told)
    said = "".join(f"<li>{n} × {prose(m)}</li>" for m, n in mistakes.most_common(5))
    return [
        f"<code>{text(slug)}</code>",
        "<br>".join(
            f"{n} {text(s)}".replace(" ", "&nbsp;") for s, n in states.most_common()
        ),  # fmt: skip
        f"<ul>{said}</ul>" if said else "–",
        f'<span class="bar" style="width:{rate * 4:.2f}rem"></span> {rate:.0%}',
        f"{median(seconds for _, seconds in told):.2f}",
    ]


def distribution(marked: list[Marked]) -> Picture:
    """How many students earned what share of the points, as ten bars."""
    shares = [one.points / one.max_points if one.max_points else 0 for one in marked]
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, int(share * BINS))] += 1
    told = ", ".join(f"{i * 10} to {i * 10 + 10} %: {n}" for i, n in enumerate(counts))
    width, floor = 48, 130
    picture = Picture(BINS * width + 20, 165, f"Students by share of points. {told}")
    for i, n in enumerate(counts):
        x, height = 10 + i * width, 100 * n / max(counts)
        picture.rect(x + 4, floor - height, width - 8, height, fill=BLUE, radius=2)
        if n:
            picture.text(x + width / 2, floor - height - 5, n, 12, "middle")
        picture.text(x, floor + 16, f"{i * 10}", 11, "middle", fill=SOFT)
    picture.text(10 + BINS * width, floor + 16, "100", 11, "end", fill=SOFT)
    picture.line(10, floor, 10 + BINS * width, floor, stroke=LINE)
    picture.text(10, 160, "share of the points, in percent", 11, fill=SOFT)
    return picture


def _students(marked: list[Marked]) -> str:
    rows = []
    for one in sorted(marked, key=lambda m: (m.student, m.label)):
        told = "unreadable" if one.reason else f"{one.points:g} of {one.max_points:g}"
        tries = "" if one.counts or one.reason else "does not count"
        rows.append([_link(one), text(one.label), tries, told])
    return table(["student", "notebook", "", "points"], rows, 1)


def _link(one: Marked) -> str:
    path = f"feedback/{quote(safe(one.student))}/{quote(safe(one.label))}.html"
    return f'<a href="{path}">{name(one.student)}</a>'
