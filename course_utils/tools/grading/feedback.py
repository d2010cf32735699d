"""What a student gets back: each task's card, with their own code beside it."""

from __future__ import annotations

from markupsafe import Markup

from course_utils.locale import speaking
from course_utils.locale.again import again
from course_utils.tools import pages

from .gradebook import Marked


def page(mark: Marked) -> str:
    """The feedback on one submission, as a page of its own."""
    heading = mark.stem or mark.label or mark.name
    with speaking(mark.language, mark.stem):
        said = [*mark.handed, *mark.repairs, *mark.notes]
        return pages.render(
            "feedback.html",
            mark=mark,
            heading=heading,
            reason=again(mark.reason),
            notes=[*map(again, said)],
            tasks=[_task(mark, verdict) for verdict in mark.shown()],
        )


def _task(mark: Marked, verdict: dict) -> dict[str, str | Markup]:
    slug = verdict["slug"]
    return {
        "slug": slug,
        "title": verdict["title"],
        "card": card(verdict),
        "error": mark.errors.get(slug, ""),
        "code": mark.code.get(slug, "").strip("\n"),
    }


def card(verdict: dict) -> Markup:
    """A stored verdict as the learner's card."""
    return pages.html(verdict["html"])
