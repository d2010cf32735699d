"""What every demo stands on: controls, one SVG, and a PNG for the saved notebook."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from course_utils.pictures.svg import Picture, still

# ipywidgets leaves slider handles and Play's buttons without a name and shows no ring
# where the focus is; Lab takes the arrow keys to walk from cell to cell. A page runs no
# script that a widget brings, but what an image asks for that cannot be loaded.
MENDS = """
<style>
.course-demo :is([role=slider], .widget-readout, button, select, input):focus-visible {
  outline: 3px solid #0072b2 !important; outline-offset: 2px; box-shadow: 0 0 0 2px #fff
}
</style>
<img hidden alt="" src="data:," onerror="
  const call = (element, name) => {
    if (element.ariaLabel !== name) element.ariaLabel = name;
  };
  const mend = box => {
    for (const slider of box.querySelectorAll('.widget-slider')) {
      const parts = ['.widget-label', '.widget-readout', '[role=slider]'];
      const [label, shown, handle] = parts.map(part => slider.querySelector(part));
      if (!handle) continue;
      call(handle, label.textContent);
      if (!shown.isContentEditable) continue;
      shown.role = 'textbox';
      call(shown, label.textContent);
    }
    const acts = ['play or pause', 'back to the start', 'repeat'];
    for (const play of box.querySelectorAll('.widget-play'))
      acts.forEach((act, i) => call(play.children[i], act));
    const arrows = '[role=slider], .widget-readout, select';
    for (const control of box.querySelectorAll(arrows))
      control.dataset.lmSuppressShortcuts = true;
  };
  const begin = () => {
    const box = this.closest('.course-demo');
    if (!box) return setTimeout(begin, 50);
    mend(box);
    const seen = {childList: true, subtree: true};
    new MutationObserver(() => mend(box)).observe(box, seen);
  };
  begin();
">
"""


LIVE = "application/vnd.jupyter.widget-view+json"


def live_view(view: widgets.Widget) -> dict:
    """What Jupyter needs to show a widget, beside its picture."""
    return view._repr_mimebundle_()[LIVE]


class Demo:
    """A picture that controls redraw: live in Jupyter, a PNG in the saved file.

    draw: called with every control's value by name, returns a `Picture`.
    controls: name → ipywidget; each needs a `description`, its name on the screen.
    words: one line that says what is shown; it must not vary, nbval compares it.
    """

    def __init__(
        self,
        draw: Callable[..., Picture],
        controls: dict[str, widgets.Widget],
        words: str,
    ):
        self.draw, self.controls, self.words = draw, controls, words
        self.picture = widgets.HTML()
        for control in controls.values():
            control.observe(self.redraw, "value")
            control.tooltip = control.tooltip or ""  # None is shown as "null"
        row = widgets.HBox(
            [
                w
                for c in controls.values()
                for w in (getattr(c, "player", None), c)
                if w
            ],
            layout={"flex_flow": "row wrap"},
        )
        self.view = widgets.VBox([row, self.picture, widgets.HTML(MENDS)])
        self.view.add_class("course-demo")
        self.redraw()

    def values(self) -> dict:
        """The controls' present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self, change=None) -> None:
        """Draw the picture for the present values."""
        self.drawn = self.draw(**self.values())
        self.picture.value = self.drawn.html()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = still(self.drawn)
        data[LIVE] = live_view(self.view)
        data["text/plain"] = self.words
        return data, metadata


def slider(description: str, value: int, low: int, high: int) -> widgets.IntSlider:
    """An integer slider whose name is wide enough to be read."""
    return widgets.IntSlider(
        value,
        low,
        high,
        description=description,
        style={"description_width": "initial"},
    )


def player(description: str, last: int, interval: int = 700) -> widgets.IntSlider:
    """A slider from 0 to `last` with Play, Pause and Stop beside it.

    The player is the attribute `player` of the slider; `Demo` shows both.
    """
    control = slider(description, 0, 0, last)
    control.player = widgets.Play(value=0, min=0, max=last, interval=interval)
    control.link = widgets.jslink((control.player, "value"), (control, "value"))
    return control
