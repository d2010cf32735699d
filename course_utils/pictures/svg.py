"""Draw a picture once: SVG for the live notebook, PNG for the saved file."""

from __future__ import annotations

import io
import re
from functools import cache
from html import escape

# Lab's own theme variables, so that a live picture follows light and dark; the value
# behind the comma is what a PNG and any page outside Lab use.
INK = "var(--jp-content-font-color1, #1f2328)"
SOFT = "var(--jp-content-font-color2, #57606a)"
LINE = "var(--jp-border-color0, #6e7781)"
PAPER = "var(--jp-layout-color0, #ffffff)"
PANEL = "var(--jp-layout-color2, #eef0f2)"

# The palette of Okabe and Ito (2008), made to be told apart by color-blind people.
BLUE, ORANGE, GREEN = "#0072b2", "#e69f00", "#009e73"
RED, PINK, SKY, YELLOW = "#d55e00", "#cc79a7", "#56b4e9", "#f0e442"
PALETTE = (SKY, ORANGE, GREEN, PINK, YELLOW, BLUE, RED)

SANS = "DejaVu Sans, Verdana, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"


def ink_on(color: str) -> str:
    """Black or white, whichever is easier to read on a `#rrggbb` color (WCAG 2)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"


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


DEFINITIONS = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto-start-reverse">'
    f'<path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path d="M-1 7L7 -1" stroke="#000" stroke-opacity="0.55" stroke-width="1"/>'
    "</pattern></defs>"
)


class Picture:
    """A drawing of `width` × `height` pixels, with words for who cannot see it."""

    sharpness = 1.5  # PNG pixels a pixel; more makes notebooks too large

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
            self.add("rect", **box, fill="url(#hatch)")

    def circle(self, x, y, r, fill=PANEL, stroke=None, **more):
        """A circle around `(x, y)`."""
        self.add("circle", cx=x, cy=y, r=r, fill=fill, stroke=stroke, **more)

    def line(
        self, x1, y1, x2, y2, stroke=LINE, width=1.5, arrow=False, dash=None, **more
    ):
        """A straight line; `dash` such as `"4 3"`."""
        self.path(f"M{_number(x1)} {_number(y1)}L{_number(x2)} {_number(y2)}",
                  stroke, width, arrow, dash, **more)  # fmt: skip

    def path(
        self, d, stroke=LINE, width=1.5, arrow=False, dash=None, fill="none", **more
    ):
        """An SVG path; an arrow head at its end when `arrow`."""
        self.add("path", d=d, stroke=stroke, stroke_width=width, fill=fill,
                 stroke_dasharray=dash, marker_end="url(#arrow)" if arrow else None,
                 **more)  # fmt: skip

    def text(
        self, x, y, string, size=13, anchor="start", fill=INK, bold=False, mono=False,
        width=None,
    ):  # fmt: skip
        """One line of text with its baseline at `y`, cut to `width` pixels if given."""
        string = str(string)
        if width is not None:
            string = fit(string, width, size, mono, bold)
        self.add("text", escape(string), x=x, y=y, font_size=size, text_anchor=anchor,
                 fill=fill, font_weight="bold" if bold else None,
                 font_family=MONO if mono else None)  # fmt: skip

    def svg(self) -> str:
        """The picture as one SVG element that follows Lab's theme."""
        width, height, alt = self.width, self.height, escape(self.alt)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'aria-label="{alt}" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" style="max-width:100%;height:auto" '
            f'font-family="{SANS}">{DEFINITIONS}{"".join(self.parts)}</svg>'
        )

    def png(self, scale: float | None = None) -> bytes:
        """The picture as PNG on white, small enough to keep in a notebook."""
        return svg_to_png(self.svg(), scale or self.sharpness)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return still(self)


def svg_to_png(svg: str, scale: float = 2) -> bytes:
    """Render SVG to a PNG of few colors, with the fonts that matplotlib brings."""
    import resvg_py
    from matplotlib import get_data_path
    from PIL import Image

    plain = re.sub(r"var\(--[\w-]+,\s*([^)]+)\)", r"\1", svg)
    raw = resvg_py.svg_to_bytes(
        svg_string=plain, background="#ffffff", zoom=scale, skip_system_fonts=True,
        font_dirs=[f"{get_data_path()}/fonts/ttf"], font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans", monospace_family="DejaVu Sans Mono",
    )  # fmt: skip
    image = Image.open(io.BytesIO(bytes(raw))).convert("RGB").quantize(64)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def still(picture: Picture) -> tuple[dict, dict]:
    """Jupyter's data and metadata of a picture: a PNG and its words."""
    import base64

    size = {"width": picture.width, "height": picture.height, "alt": picture.alt}
    png = base64.b64encode(picture.png()).decode()
    return {"image/png": png, "text/plain": picture.alt}, {"image/png": size}
