"""What a student gets back: each task's card, with their own code beside it."""

from __future__ import annotations

from .gradebook import Marked, visible
from .page import items, name, text
from .page import page as whole


def page(one: Marked) -> str:
    """The feedback on one submission, as a page of its own."""
    title = f"{one.stem or one.label or one.name}: {one.student}"
    head = f"<h1>{text(one.stem or one.label or one.name)}</h1>"
    head += f'<p class="lead">{name(one.student)} · {text(one.name)}</p>'
    if one.reason:
        said = f"<p>This file could not be marked: {text(one.reason)}.</p>"
        return whole(title, f'{head}<div class="notes">{said}</div>')
    head += f"<p><b>{one.points:g} of {one.max_points:g} points</b></p>"
    if not one.counts:
        head += "<p>Another file of this exercise counts; this one is marked too.</p>"
    if one.repairs or one.notes:
        head += f'<div class="notes">{items([*one.repairs, *one.notes])}</div>'
    return whole(title, head + "".join(_task(one, v) for v in one.verdicts))


def _task(one: Marked, verdict: dict) -> str:
    slug = verdict["slug"]
    parts = [f"<h2>{text(verdict['title'])}</h2>", visible(verdict["html"])]
    error = one.errors.get(slug)
    if error:
        parts.append(f"<p>Your cell raised <code>{text(error)}</code></p>")
    code = one.code.get(slug, "").strip("\n")
    if code:
        parts.append(f"<pre>{text(code)}</pre>")
    return "".join(parts)
