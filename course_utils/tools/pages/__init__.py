"""The pages that the grader and the guide write: one base, nothing loaded, no script.

Whatever stands in a page is escaped, and what hides in text made visible: names, code
and messages come from people who may have written anything.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from course_utils.judging.card import SIGNS, number
from course_utils.locale import _, language
from course_utils.locale.again import again
from course_utils.tools.text import visible

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **facts: object) -> str:
    """A whole page, of a template in `templates/` and what it tells of."""
    return _environment().get_template(template).render(**facts)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "prose": prose,
        "slug": slug,
        "percent": percent,
        "points": number,
        "count": count,
        "known_mistakes": known_mistakes,
        "again": again,
        "times": times,
    }
    made.globals |= {"_": _, "language": language}
    made.globals["signs"] = {str(state): sign for state, sign in SIGNS.items()}
    return made


def _shown(value: object) -> object:
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return visible(value) if plain else value


def html(made: str) -> Markup:
    """HTML that was made and escaped elsewhere, such as a card."""
    return Markup(visible(made))


def prose(text: str) -> Markup:
    """An author's text: `code`, **bold** and *italic* set as such."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(visible(text))))
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return Markup(re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text))


def slug(name: str) -> Markup:
    """A name in code that may be broken after its underscores, and only there."""
    parts = str(escape(visible(name))).replace("_", "_<wbr>")
    return Markup(f"<code>{parts}</code>")


def percent(share: float) -> str:
    """A share as a whole number of percent."""
    return f"{share:.0%}"


def count(number: int, noun: str) -> str:
    """A number of things: `1 student`, `2 students`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def known_mistakes(number: int) -> str:
    """`1 known mistake`, `2 known mistakes`."""
    told = _("{count} known mistake") if number == 1 else _("{count} known mistakes")
    return told.format(count=number)


def times(number: int) -> str:
    """How often: `once`, `3 times`."""
    return _("once") if number == 1 else _("{count} times").format(count=number)
