"""A graph on a live page, below words that stay: a window that follows what works."""

from __future__ import annotations

from course_utils.pictures.svg import EM, LEAST, TYPE, Picture

from .layout import Point

# Pixels of a page of Lab beside the picture: menu, tabs, toolbar and status bar, the
# controls of the stepper and its folded legend.
AROUND = 215
LOWEST = 12  # em of the window on a very small screen
# In type of 14 px a graph may shrink to 0.8 of its size before it is cut; for a class,
# in type of 22 px, it does not shrink. The line through both, in em and px:
CLASS = 22
IN_EM = (CLASS - LEAST * EM) / (CLASS - EM)
IN_PX = CLASS - CLASS * IN_EM


class Window(Picture):
    """A picture seen through a window as wide as the page, and as high as fits.

    words: what stands above, whatever the window shows. focus: what is kept in sight.
    The page does all this itself, with CSS, as only it knows its size.
    """

    def __init__(self, width: float, height: float, alt: str, words: Picture):
        super().__init__(width, height, alt)
        self.words, self.focus = words, Point(0, 0)

    def html(self) -> str:
        """The words and the window."""
        wide, high = self.width / EM, self.height / self.width
        least = f"calc({wide * IN_EM:.2f}em + {wide * IN_PX:.0f}px)"
        room = f"100vh - {AROUND}px - {self.words.height / EM:.2f}em"
        style = (
            f"--wide:clamp({least},100cqw,{wide:.2f}em);"
            f"--high:calc(var(--wide)*{high:.4f});"
            f"height:min(var(--high),max({LOWEST}em,{room}));"
            "position:relative;overflow:hidden"
        )
        x, y = self.focus.x / self.width, self.focus.y / self.height
        place = (
            f"position:absolute;width:var(--wide);height:auto;max-width:none;"
            f"left:{_shift('--wide', x)};top:{_shift('--high', y)}"
        )
        window = f'<div style="{style}">{self.svg(place)}</div>'
        around = f"container-type:inline-size;{TYPE}"
        return f'<div style="{around}">{self.words.html()}{window}</div>'


def _shift(size: str, share: float) -> str:
    """How far a side is moved so that a share of it stands in the middle, without a gap
    at either end."""
    return f"max(min(0px,50% - var({size})*{share:.4f}),min(0px,100% - var({size})))"
