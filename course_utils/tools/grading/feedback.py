"""What a student gets back: each task's card, with their own code beside it."""

from __future__ import annotations

from markupsafe import Markup

from course_utils.tools import pages

from .gradebook import Marked


def page(one: Marked) -> str:
    """The feedback on one submission, as a page of its own."""
    heading = one.stem or one.label or one.name
    notes = [*one.handed, *one.repairs, *one.notes]
    tasks = [_task(one, verdict) for verdict in one.verdicts]
    return pages.render(
        "feedback.html", one=one, heading=heading, notes=notes, tasks=tasks
    )


def _task(one: Marked, verdict: dict) -> dict[str, str | Markup]:
    slug = verdict["slug"]
    return {
        "slug": slug,
        "title": verdict["title"],
        "card": card(verdict),
        "error": one.errors.get(slug, ""),
        "code": one.code.get(slug, "").strip("\n"),
    }


def card(verdict: dict) -> Markup:
    """A stored verdict as the learner's card."""
    return pages.html(verdict["html"])
