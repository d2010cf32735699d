"""Text that others wrote, made fit to be shown: in a terminal, a page, a table."""

from __future__ import annotations

import re
import unicodedata

KEPT = "\n\t\u200c\u200d"  # the last two stand within words of some scripts, and emoji
HIDDEN = ("Cc", "Cf", "Cs")


def visible(text: str) -> str:
    """Text without control characters, terminal escapes and changes of direction."""
    return "".join(
        c if c in KEPT or unicodedata.category(c) not in HIDDEN else "�" for c in text
    )


def plain(text: str) -> str:
    """An author's text without the marks of bold and italic; code stays as it is."""
    codes = CODE.findall(text)
    bare = MARKS.sub(r"\2", CODE.sub("`", text))
    return re.sub("`", lambda _: codes.pop(0), bare)


CODE = re.compile(r"`[^`]*`")
MARKS = re.compile(r"(\*{1,2})(?=\S)([^*]+?)(?<=\S)\1")
