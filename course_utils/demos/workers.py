"""The workers' timeline: who loads which batch when, by rule and measured."""

from __future__ import annotations

import multiprocessing
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import NamedTuple

import ipywidgets as widgets
from torch.utils.data import DataLoader

from course_utils.data import SlowDataset
from course_utils.pictures.svg import INK, LINE, PALETTE, PANEL, SOFT, Picture, ink_on

from .base import Demo, slider

BATCHES, BATCH_SIZE = 12, 2
LOAD, TRAIN = 0.09, 0.03  # seconds a batch
MAIN = -1
LEFT, TOP, LANE, WIDTH = 120, 66, 40, 660


class Span(NamedTuple):
    """A stretch of time in a lane: worker 0, 1, …, or `MAIN`, the main process."""

    lane: int
    what: str
    batch: int
    start: float
    end: float


def workers() -> Demo:
    """Compare 0, 1, 2 and 4 workers, first by the rule, then measured."""
    controls = {
        "workers": widgets.SelectionSlider(
            options=[0, 1, 2, 4],
            description="num_workers",
            style={"description_width": "initial"},
        ),
        "prefetch": slider("prefetch_factor", 2, 1, 4),
        "measure": widgets.ToggleButton(description="measure", icon="play"),
    }
    measured: dict[tuple[int, int], list[Span]] = {}
    button = controls["measure"]

    def draw(workers: int, prefetch: int, measure: bool) -> Picture:
        found = measured.get((workers, prefetch))
        spans = found or by_rule(workers, prefetch)
        return timeline(spans, workers, "measured" if found else "by the rule")

    demo = Demo(draw, controls, "Workers' timeline: who loads which batch, and when.")
    demo.measured, demo.thread, demo.stop = measured, None, threading.Event()

    def start_or_stop(change) -> None:
        button.description = "stop" if change["new"] else "measure"
        button.icon = "stop" if change["new"] else "play"
        demo.stop.set()
        if change["new"]:
            demo.stop = threading.Event()
            setting = controls["workers"].value, controls["prefetch"].value
            job = start_loading(*setting), setting, demo.stop
            demo.thread = threading.Thread(target=run, args=job)
            demo.thread.start()

    def run(loading, setting: tuple[int, int], stop: threading.Event) -> None:
        spans = measure(loading, stop.is_set)
        if not stop.is_set():
            measured[setting] = spans
            button.value = False

    button.observe(start_or_stop, "value")
    for name in ("workers", "prefetch"):
        controls[name].observe(lambda change: setattr(button, "value", False), "value")
    return demo


def start_loading(workers: int, prefetch: int) -> Iterator[list[dict]]:
    """Start the workers of a real DataLoader over samples that are slow to load."""
    fork = "fork" in multiprocessing.get_all_start_methods()
    some = {
        "prefetch_factor": prefetch,
        "multiprocessing_context": "fork" if fork else None,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # more workers than cores: these only sleep
        loader = DataLoader(
            SlowDataset(BATCHES * BATCH_SIZE, LOAD / BATCH_SIZE),
            BATCH_SIZE,
            num_workers=workers,
            collate_fn=list,
            **(some if workers else {}),
        )
        return iter(loader)


def measure(loading: Iterator[list[dict]], stopped: Callable[[], bool]) -> list[Span]:
    """Take all batches, with a training step that waits, and note who did what.

    Times are seconds since the first sample was begun; starting workers is not counted.
    """
    spans = []
    for number, samples in enumerate(loading):
        if stopped():
            return []
        start = time.perf_counter()
        time.sleep(TRAIN)
        load = samples[0]["start"], samples[-1]["end"]
        spans.append(Span(samples[0]["worker"], "load", number, *load))
        spans.append(Span(MAIN, "train", number, start, time.perf_counter()))
    zero = min(span.start for span in spans)
    return [s._replace(start=s.start - zero, end=s.end - zero) for s in spans]


def by_rule(workers: int, prefetch: int) -> list[Span]:
    """What should happen if nothing but loading and training took time.

    Batch b belongs to worker b mod `workers`. At the start `workers * prefetch` batches
    are ordered; each batch that the main process takes orders one more.
    """
    spans: list[Span] = []
    now, free, taken = 0.0, [0.0] * workers, []
    for batch in range(BATCHES):
        if workers:
            lane, ordered = batch % workers, batch - workers * prefetch
            start = max(free[lane], taken[ordered] if ordered >= 0 else 0)
            free[lane] = start + LOAD
        else:
            lane, start = MAIN, now
        now = max(now, start + LOAD)
        taken.append(now)
        spans.append(Span(lane, "load", batch, start, start + LOAD))
        spans.append(Span(MAIN, "train", batch, now, now + TRAIN))
        now += TRAIN
    return spans


def timeline(spans: list[Span], workers: int, source: str) -> Picture:
    """One lane for the main process and one for each worker."""
    total = max(span.end for span in spans)
    scale = WIDTH / max(total, BATCHES * (LOAD + TRAIN) * 1.02)
    busy = sum(s.end - s.start for s in spans if s.what == "train") / total
    said = f"{total:.2f} s {source}, training {busy:.0%} of the time"
    alt = f"{workers} workers, {BATCHES} batches: {said}."
    height = TOP + (workers + 1) * LANE
    picture = Picture(LEFT + WIDTH + 20, height + 76, alt)
    picture.text(4, 20, f"DataLoader(slow, num_workers={workers})", 14, mono=True)
    picture.text(4, 46, said, 15, bold=True)
    for place, lane in enumerate([MAIN, *range(workers)]):
        y = TOP + place * LANE
        name = "main process" if lane == MAIN else f"worker {lane}"
        picture.text(4, y + 24, name, 13)
        picture.rect(LEFT, y + 4, WIDTH, LANE - 8, PANEL, radius=0)
    for span in spans:
        _span(picture, span, scale)
    _axis(picture, height, scale)
    _legend(picture, height + 48)
    return picture


def _span(picture: Picture, span: Span, scale: float) -> None:
    color = PALETTE[span.batch % len(PALETTE)]
    x, width = LEFT + span.start * scale, (span.end - span.start) * scale
    y, train = TOP + (span.lane + 1) * LANE + 4, span.what == "train"
    picture.rect(x, y, width, LANE - 8, color, INK, 2, hatch=train, stroke_width=0.7)
    if train:
        picture.circle(x + width / 2, y + 16, 9, color)
    middle = x + width / 2
    picture.text(
        middle, y + 20.5, span.batch + 1, 12, "middle", ink_on(color), bold=True
    )


def _axis(picture: Picture, y: float, scale: float) -> None:
    step = 0.2 if WIDTH / scale < 2 else 1
    picture.line(LEFT, y + 4, LEFT + WIDTH, y + 4)
    for tick in range(int(WIDTH / scale / step + 1e-9) + 1):
        x = LEFT + tick * step * scale
        picture.line(x, y + 4, x, y + 9)
        picture.text(x, y + 23, f"{tick * step:.1f} s", 12, "middle", SOFT)


def _legend(picture: Picture, y: float) -> None:
    for x, what, hatch in (
        (LEFT, "load a batch", False),
        (LEFT + 170, "train on it", True),
    ):
        picture.rect(x, y, 32, 18, PALETTE[0], LINE, 2, hatch)
        picture.text(x + 40, y + 14, what)
