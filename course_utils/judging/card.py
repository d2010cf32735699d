"""The card: what a check cell shows, in HTML and as plain text."""

from __future__ import annotations

import re
from html import escape

from course_utils.locale import _

from . import words
from .compare import Criterion, Verdict
from .state import State

SIGNS = {State.PASSED: "✓", State.PARTLY: "◐", State.NOT_ATTEMPTED: "○"}
EDGES = {
    State.PASSED: "#009e73",
    State.PARTLY: "#e69f00",
    State.FAILED: "#d55e00",
    State.NOT_ATTEMPTED: "#8c959f",
}


def number(points: float) -> str:
    """Points without needless zeros."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def headline(verdict: Verdict) -> str:
    """State and points in one line; a task without points has its state only."""
    sign, state = SIGNS.get(verdict.state, "✗"), words.state(verdict.state)
    line = f"{sign} {verdict.slug}: {state}"
    if not verdict.max_points:
        return line
    with_points = _("{line}, {points} of {all} points")
    points, most = number(verdict.points), number(verdict.max_points)
    return with_points.format(line=line, points=points, all=most)


def as_text(verdict: Verdict) -> str:
    """The card as plain text."""
    lines = [headline(verdict)]
    if mistake := words.mistake(verdict):
        lines.append(f"  {': '.join(mistake)}")
    if note := words.note(verdict):
        return "\n".join([*lines, f"  {note}"])
    for criterion in verdict.criteria:
        lines.append(f"  {_mark(criterion)}{_after(words.says(criterion))}")
    if verdict.error:
        lines.append(f"  {error_line(verdict.error)}")
        lines += [f"    {line}" for line in trace_lines(verdict.error)]
    return "\n".join(lines)


def _mark(criterion: Criterion) -> str:
    return f"{'✓' if criterion.passed else '✗'} {words.name(criterion)}"


def _after(text: str) -> str:
    return f": {text}" if text else ""


def error_line(error: dict) -> str:
    """Type and first line of an error's message."""
    message = (error["message"].strip().splitlines() or [""])[0][:300]
    return f"{error['type']}: {message}" if message else error["type"]


def trace_lines(error: dict) -> list[str]:
    """The learner's own lines, the deepest last."""
    told = _("in {name}, line {line}: {source}")
    return [
        told.format(name=name, line=line, source=source)
        for name, line, source in error.get("trace", [])
    ]


def as_html(verdict: Verdict) -> str:
    """The card as HTML that follows Lab's theme; everything observed is escaped."""
    edge = EDGES.get(verdict.state, EDGES[State.FAILED])
    head = escape(headline(verdict))
    parts = [
        f'<div role="group" aria-label="{head}" style="border-left:'
        f"6px solid {edge};padding:6px 12px;margin:4px 0;max-width:48em;"
        'line-height:1.5;color:var(--jp-content-font-color1,#1f2328)">',
        f"<b>{head}</b>",
    ]
    if mistake := words.mistake(verdict):
        parts.append(f"<div><b>{mistake[0]}:</b> {prose(mistake[1])}</div>")
    if note := words.note(verdict):
        return "".join([*parts, f"<div>{escape(note)}</div></div>"])
    parts += map(_criterion, verdict.criteria)
    if verdict.error:
        lines = [error_line(verdict.error), *trace_lines(verdict.error)]
        parts.append(
            '<pre style="margin:6px 0;padding:6px 8px;white-space:pre-wrap;'
            'background:var(--jp-layout-color2,#eef0f2);color:inherit">'
            f"{escape(chr(10).join(lines))}</pre>"
        )
    return "".join([*parts, "</div>"])


def prose(message: str) -> str:
    """An author's message: escaped, `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(message))


def _criterion(criterion: Criterion) -> str:
    says = words.says(criterion)
    code = f": <code>{escape(says)}</code>" if says else ""
    return f"<div>{escape(_mark(criterion))}{code}</div>"
