"""Text that others wrote, made fit to be shown: in a terminal, a page, a table."""

from __future__ import annotations

import unicodedata

KEPT = "\n\t\u200c\u200d"  # the last two stand within words of some scripts, and emoji
HIDDEN = ("Cc", "Cf", "Cs")


def visible(text: str) -> str:
    """Text without control characters, terminal escapes and changes of direction."""
    return "".join(
        c if c in KEPT or unicodedata.category(c) not in HIDDEN else "�" for c in text
    )
