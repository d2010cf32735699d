"""The card: what a check cell shows, in HTML and as plain text."""

from __future__ import annotations

import re
from html import escape

from .compare import FAILED, NOT_ATTEMPTED, PARTLY, PASSED, Verdict

SIGNS = {PASSED: "✓", PARTLY: "◐", FAILED: "✗", NOT_ATTEMPTED: "○"}
EDGES = {
    PASSED: "#009e73",
    PARTLY: "#e69f00",
    FAILED: "#d55e00",
    NOT_ATTEMPTED: "#8c959f",
}


def number(points: float) -> str:
    """Points without needless zeros."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def headline(verdict: Verdict) -> str:
    """State and points in one line."""
    sign = SIGNS.get(verdict.state, "✗")
    return (
        f"{sign} {verdict.slug}: {verdict.state}, "
        f"{number(verdict.points)} of {number(verdict.max_points)} points"
    )


def as_text(verdict: Verdict) -> str:
    """The card as plain text."""
    lines = [headline(verdict)]
    if verdict.note:
        return "\n".join([*lines, f"  {verdict.note}"])
    for criterion in verdict.criteria:
        says = f": {criterion.says}" if criterion.says else ""
        lines.append(f"  {'✓' if criterion.passed else '✗'} {criterion.name}{says}")
    if verdict.error:
        lines.append(f"  {error_line(verdict.error)}")
        lines += [f"    {line}" for line in trace_lines(verdict.error)]
    if verdict.mistake:
        lines.append(f"  This looks like: {verdict.mistake}")
    return "\n".join(lines)


def error_line(error: dict) -> str:
    """Type and first line of an error's message."""
    message = (error["message"].strip().splitlines() or [""])[0][:300]
    return f"{error['type']}: {message}" if message else error["type"]


def trace_lines(error: dict) -> list[str]:
    """The learner's own lines, the deepest last."""
    return [
        f"in {name}, line {line}: {source}"
        for name, line, source in error.get("trace", [])
    ]


def as_html(verdict: Verdict) -> str:
    """The card as HTML that follows Lab's theme; everything observed is escaped."""
    edge, head = EDGES.get(verdict.state, EDGES[FAILED]), escape(headline(verdict))
    parts = [
        f'<div role="group" aria-label="{head}" style="border-left:'
        f"6px solid {edge};padding:6px 12px;margin:4px 0;max-width:760px;"
        'line-height:1.5;color:var(--jp-content-font-color1,#1f2328)">',
        f"<b>{head}</b>",
    ]
    if verdict.note:
        parts.append(f"<div>{escape(verdict.note)}</div>")
    else:
        parts += map(_criterion, verdict.criteria)
    if verdict.error and not verdict.note:
        lines = [error_line(verdict.error), *trace_lines(verdict.error)]
        parts.append(
            '<pre style="margin:6px 0;padding:6px 8px;white-space:pre-wrap;'
            'background:var(--jp-layout-color2,#eef0f2);color:inherit">'
            f"{escape(chr(10).join(lines))}</pre>"
        )
    if verdict.mistake:
        parts.append(f"<div><b>This looks like:</b> {prose(verdict.mistake)}</div>")
    return "".join([*parts, "</div>"])


def prose(message: str) -> str:
    """An author's message: escaped, `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(message))


def _criterion(criterion) -> str:
    says = f": <code>{escape(criterion.says)}</code>" if criterion.says else ""
    sign = "✓" if criterion.passed else "✗"
    return f"<div>{sign} {escape(criterion.name)}{says}</div>"
