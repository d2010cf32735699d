"""Draw a picture once: SVG for the live notebook, PNG for the saved file."""

from __future__ import annotations

import base64
import io
import re
from functools import cache
from html import escape
from math import ceil, floor, hypot

from .palette import BLACK, INK, LINE, PANEL, ROLES, SOFT, WHITE, channels, ink_on

# Letters of this size are 18 px high in a class, where type of 14 px becomes 22 px.
SMALLEST = 11.5
TYPE = "font-size:var(--jp-content-font-size1,14px)"  # of a lesson's prose
EM = 14  # pixels of a picture that are one em of the page
LEAST = 0.8  # of its width, below which a picture is scrolled in place of shrunk

THEMED = re.compile(r"var\(--[\w-]+,\s*([^)]+)\)")  # with the color outside Lab
HIDDEN = 'aria-hidden="true"'
SANS = "DejaVu Sans, Verdana, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


@cache
def _font(mono: bool, bold: bool):
    from matplotlib import get_data_path
    from PIL import ImageFont

    name = "DejaVuSans" + ("Mono" if mono else "") + ("-Bold" if bold else "")
    return ImageFont.truetype(f"{get_data_path()}/fonts/ttf/{name}.ttf", 100)


@cache
def text_width(string: str, size: float = 13, mono: bool = False, bold: bool = False):
    """Width of a line of text in pixels."""
    return _font(mono, bold).getlength(string) * size / 100


def fit(string: str, width: float, size: float = 13, mono=False, bold=False) -> str:
    """The text, cut with an ellipsis where it is wider than `width` pixels."""
    if text_width(string, size, mono, bold) <= width:
        return string
    while string and text_width(string + "…", size, mono, bold) > width:
        string = string[:-1]
    return string + "…"


def attributes(**values) -> str:
    """SVG attributes from keywords; `None` is left out, `_` becomes `-`."""
    pairs = ((k.replace("_", "-"), v) for k, v in values.items() if v is not None)
    return " ".join(f'{k}="{escape(_number(v))}"' for k, v in pairs)


def _number(value) -> str:
    return (
        f"{value:.2f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else str(value)
    )


class Picture:
    """A drawing of `width` × `height` pixels, with words for who cannot see it.

    alt: the words; "" for a part whose words stand elsewhere on the page.

    It defines no ids, so that any number of pictures can share a page, also the same
    one twice, and none depends on another that the page leaves out.
    """

    sharpness = 1.5  # PNG pixels a pixel; more makes notebooks too large
    colors = 64  # of the PNG

    def __init__(self, width: float, height: float, alt: str):
        self.width, self.height, self.alt = round(width), round(height), alt
        self.parts: list[str] = []

    def add(self, tag: str, content: str = "", **values) -> None:
        """Any SVG element; `content` must already be escaped."""
        self.parts.append(f"<{tag} {attributes(**values)}>{content}</{tag}>")

    def rect(
        self,
        x,
        y,
        width,
        height,
        fill=PANEL,
        stroke=None,
        radius=3,
        hatch=False,
        **more,
    ):
        """A rectangle; `hatch` draws stripes over the fill, so color is not alone."""
        box = dict(x=x, y=y, width=width, height=height, rx=radius)
        self.add("rect", **box, fill=fill, stroke=stroke, **more)
        if hatch:
            d = stripes(x, y, width, height)
            ink = ink_on(fill)
            self.path(d, ink, 1, stroke_opacity=0.55, **{"class": "hatch"})

    def circle(self, x, y, r, fill=PANEL, stroke=None, **more):
        """A circle around `(x, y)`."""
        self.add("circle", cx=x, cy=y, r=r, fill=fill, stroke=stroke, **more)

    def line(
        self, x1, y1, x2, y2, stroke=LINE, width=1.5, arrow=False, dash=None, **more
    ):
        """A straight line, with an arrow head at its end when `arrow`.

        dash: such as `"4 3"`.
        """
        d = f"M{_number(x1)} {_number(y1)}L{_number(x2)} {_number(y2)}"
        self.path(d, stroke, width, dash, **more)
        if arrow:
            self.head(x2, y2, x2 - x1, y2 - y1, stroke, 4 + 3.5 * width)

    def head(self, x, y, right, down, fill=LINE, size=9.0):
        """An arrow head with its tip at `(x, y)`, that points along `(right, down)`."""
        long = hypot(right, down) or 1
        along, across = right / long * size, down / long * size
        corners = [
            (x - along + side * across * 0.45, y - across - side * along * 0.45)
            for side in (1, -1)
        ]
        d = "".join(f"L{_number(cx)} {_number(cy)}" for cx, cy in corners)
        self.path(f"M{_number(x)} {_number(y)}{d}z", None, None, fill=fill)

    def path(self, d, stroke=LINE, width=1.5, dash=None, fill="none", **more):
        """An SVG path."""
        pen = {"stroke": stroke, "stroke_width": width, "fill": fill}
        self.add("path", d=d, **pen, stroke_dasharray=dash, **more)

    def text(
        self,
        x,
        y,
        string,
        size=13,
        anchor="start",
        fill=INK,
        bold=False,
        mono=False,
        width=None,
    ):
        """One line of text with its baseline at `y`, cut to `width` pixels if given."""
        string = str(string)
        if width is not None:
            string = fit(string, width, size, mono, bold)
        place = {"x": x, "y": y, "font_size": size, "text_anchor": anchor}
        weight, family = "bold" if bold else None, MONO if mono else None
        look = {"fill": fill, "font_weight": weight, "font_family": family}
        self.add("text", escape(string), **place, **look)

    def svg(self, style: str = "max-width:100%;height:auto") -> str:
        """The picture as one SVG element that follows Lab's theme."""
        width, height = self.width, self.height
        role = f'role="img" aria-label="{escape(self.alt)}"' if self.alt else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {role or HIDDEN} '
            f'width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" style="{style}" '
            f'font-family="{SANS}">{"".join(self.parts)}</svg>'
        )

    def html(self) -> str:
        """The picture for a live page: it grows with the page's type.

        In a narrow place it shrinks a little, and is scrolled sideways from there on.
        """
        wide = self.width / EM
        return scrolled(
            self.svg(
                f"width:{wide:.2f}em;min-width:{wide * LEAST:.2f}em;max-width:100%;"
                "height:auto;display:block"
            )
        )

    def png(self, scale: float | None = None) -> bytes:
        """The picture as PNG on white, small enough to keep in a notebook."""
        return svg_to_png(self.svg(), scale or self.sharpness, self.colors)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return still(self)


def stripes(x: float, y: float, width: float, height: float, gap: int = 6) -> str:
    """The path of the slanted lines that fill a rectangle.

    The lines of all rectangles belong to one set, `x + y = gap * n`, so they meet.
    """
    lines = []
    first, last = (x + y) / gap, (x + y + width + height) / gap  # at the corners
    for n in range(floor(first) + 1, ceil(last)):
        left = max(x, gap * n - y - height)
        long = min(x + width, gap * n - y) - left
        lines.append(f"M{_number(left)} {_number(gap * n - left)}")
        lines.append(f"l{_number(long)} {_number(-long)}")
    return "".join(lines)


def scrolled(content: str) -> str:
    """HTML in the size of a lesson's type, scrolled sideways where it is too wide."""
    return f'<div style="overflow-x:auto;{TYPE}">{content}</div>'


def svg_to_png(svg: str, scale: float = 2, colors: int = 64) -> bytes:
    """Render SVG to a PNG of few colors, with the fonts that matplotlib brings."""
    import resvg_py
    from matplotlib import get_data_path
    from PIL import Image

    plain = THEMED.sub(r"\1", svg)
    raw = resvg_py.svg_to_bytes(
        svg_string=plain,
        background=WHITE,
        zoom=scale,
        skip_system_fonts=True,
        font_dirs=[f"{get_data_path()}/fonts/ttf"],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
        monospace_family="DejaVu Sans Mono",
    )
    out = io.BytesIO()
    image = Image.open(io.BytesIO(bytes(raw))).convert("RGB")
    _few_colors(image, colors).save(out, "PNG", optimize=True)
    return out.getvalue()


def _few_colors(image, count: int):
    """The image in `count` colors: the palette's own where it has them, exactly.

    Without them a thin line of one color takes that of a large area beside it.
    """
    from PIL import Image

    colors = {color for _, color in image.getcolors(image.width * image.height)}
    inks = (WHITE, BLACK, INK, SOFT, LINE, PANEL, *ROLES)
    wanted = [channels(THEMED.sub(r"\1", ink)) for ink in inks]
    exact = [color for color in wanted if color in colors]
    mixed = image.quantize(count - len(exact)).getpalette()
    others = [tuple(mixed[i : i + 3]) for i in range(0, len(mixed), 3)]
    chosen = Image.new("P", (1, 1))
    own = [other for other in others if not any(_alike(other, c) for c in exact)]
    chosen.putpalette([channel for color in exact + own for channel in color])
    return image.quantize(palette=chosen, dither=Image.Dither.NONE)


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """So near that Pillow may take one for the other."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 8


def still(picture: Picture) -> tuple[dict, dict]:
    """Jupyter's data and metadata of a picture: a PNG and its words."""
    size = {"width": picture.width, "height": picture.height, "alt": picture.alt}
    png = base64.b64encode(picture.png()).decode()
    return {"image/png": png, "text/plain": picture.alt}, {"image/png": size}
