"""Sent to a kernel: redraws every demo there is in it, once for each control's step."""

import gc
import json
import time
from collections import defaultdict
from statistics import median

import ipywidgets as widgets

from course_utils.demos.base import Demo

STEPS = 8


def step(control):
    """Set a control to its next value, or back to its first."""
    if hasattr(control, "index"):
        last = len(control.options) - 1
        control.index = control.index + 1 if control.index < last else 0
    elif isinstance(control, widgets.Checkbox):
        control.value = not control.value
    elif hasattr(control, "step"):
        value = control.value + control.step
        control.value = value if value <= control.max else control.min


def redraws(demos):
    """Median and longest time of a demo's redraws in ms, by the demo's module."""
    took = defaultdict(list)
    for demo in demos:
        for control in demo.controls.values():
            for _ in range(STEPS):
                drawn, start = demo.drawn, time.perf_counter()
                step(control)
                if demo.drawn is not drawn:
                    name = demo.draw.__module__.rpartition(".")[2]
                    took[name].append(1000 * (time.perf_counter() - start))
    return {name: [median(all), max(all)] for name, all in took.items()}


def report():
    """Print, as JSON, the times of all demos in this kernel."""
    demos = [one for one in gc.get_objects() if isinstance(one, Demo)]
    print(json.dumps(redraws(demos)))
