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
from course_utils.errors import CourseError
from course_utils.locale import _
from course_utils.locale.again import N_
from course_utils.pictures.palette import INK, LINE, PANEL, SERIES, WRONG
from course_utils.pictures.parts import Cell, Chart, Key, draw_cell, legend, mixed
from course_utils.pictures.svg import Picture

from .base import Demo, steps
from .blame import plain_errors

BATCHES, BATCH_SIZE, PREFETCH = 8, 2, 2  # PyTorch's own prefetch_factor
MAIN = -1
WAITING = mixed(WRONG, 0.35)
LEFT, TOP, LANE, GHOST, WIDTH = 120, 62, 36, 22, 690


class Span(NamedTuple):
    """A stretch of time in a lane: worker 0, 1, …, or `MAIN`, the main process."""

    lane: int
    what: str
    batch: int
    start: float
    end: float


@plain_errors
def workers(n: int = 0, load: float = 0.09, train: float = 0.03) -> Demo:
    """Compare numbers of workers, first by the rule, then measured.

    n: the number to begin with, 0 to 8. load, train: seconds that a batch takes to
    load, and to train on: 0.001 to 2. Raises CourseError for others.
    """
    if not (type(n) is int and 0 <= n <= 8):
        raise CourseError(N_("workers takes 0 to 8 workers, not {n!r}.", n=n))
    for name, seconds in (("load", load), ("train", train)):
        if not (isinstance(seconds, int | float) and 0.001 <= seconds <= 2):
            raise CourseError(
                N_("{name} must be 0.001 to 2 seconds a batch.", name=name)
            )
    options = sorted({0, 1, 2, 4, n})
    button = widgets.ToggleButton(description=_("measure"), icon="play")
    controls = {"workers": steps("num_workers", options, value=n), "measure": button}
    measured: dict[int, list[Span]] = {}

    def draw(workers: int, measure: bool) -> Picture:
        source = "measured" if workers in measured else "by the rule"
        spans = measured.get(workers) or by_rule(workers, load, train)
        return timeline(spans, by_rule(0, load, train), workers, options[-1], source)

    demo = Demo(
        draw,
        controls,
        N_("Workers' timeline: who loads which batch, and when."),
        saved=lambda: draw(n or 2, False),
    )
    demo.measured, demo.thread, demo.stop = measured, None, threading.Event()

    def start_or_stop(change) -> None:
        button.description = _("stop") if change["new"] else _("measure")
        button.icon = "stop" if change["new"] else "play"
        demo.stop.set()
        if change["new"]:
            demo.stop = threading.Event()
            number = controls["workers"].value
            job = start_loading(number, load), number, demo.stop
            demo.thread = threading.Thread(target=run, args=job)
            demo.thread.start()

    def run(loading: Iterator, number: int, stop: threading.Event) -> None:
        spans = measure(loading, train, stop.is_set)
        if not stop.is_set():
            measured[number] = spans
            button.value = False

    button.observe(start_or_stop, "value")
    controls["workers"].observe(lambda change: setattr(button, "value", False), "value")
    return demo


def start_loading(workers: int, load: float) -> Iterator[list[dict]]:
    """Start the workers of a real DataLoader over samples that are slow to load."""
    fork = "fork" in multiprocessing.get_all_start_methods()
    how = {"multiprocessing_context": "fork" if fork else None} if workers else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # more workers than cores: these only sleep
        dataset = SlowDataset(BATCHES * BATCH_SIZE, load / BATCH_SIZE)
        loader = DataLoader(
            dataset, BATCH_SIZE, num_workers=workers, collate_fn=list, **how
        )
        return iter(loader)


def measure(
    loading: Iterator[list[dict]], train: float, stopped: Callable[[], bool]
) -> list[Span]:
    """Take all batches, with a training step that waits, and note who did what.

    Times are seconds since the first sample was begun; starting workers is not counted.
    """
    spans = []
    for number, samples in enumerate(loading):
        if stopped():
            return []
        start = time.perf_counter()
        time.sleep(train)
        loaded = samples[0]["start"], samples[-1]["end"]
        spans.append(Span(samples[0]["worker"], "load", number, *loaded))
        spans.append(Span(MAIN, "train", number, start, time.perf_counter()))
    zero = min(span.start for span in spans)
    return [s._replace(start=s.start - zero, end=s.end - zero) for s in spans]


def by_rule(workers: int, load: float, train: float) -> list[Span]:
    """What should happen if nothing but loading and training took time.

    Batch b belongs to worker b mod `workers`. At the start `workers * PREFETCH` batches
    are ordered; each batch that the main process takes orders one more.
    """
    spans: list[Span] = []
    now, free, taken = 0.0, [0.0] * workers, []
    for batch in range(BATCHES):
        if workers:
            lane, ordered = batch % workers, batch - workers * PREFETCH
            start = max(free[lane], taken[ordered] if ordered >= 0 else 0)
            free[lane] = start + load
        else:
            lane, start = MAIN, now
        now = max(now, start + load)
        taken.append(now)
        spans.append(Span(lane, "load", batch, start, start + load))
        spans.append(Span(MAIN, "train", batch, now, now + train))
        now += train
    return spans


def waits(spans: list[Span]) -> list[Span]:
    """When the main process has nothing to do, before each batch that it trains on."""
    busy = sorted((s for s in spans if s.lane == MAIN), key=lambda span: span.start)
    gaps, free = [], 0.0
    for span in busy:
        if span.start - free > 1e-3:
            gaps.append(Span(MAIN, "wait", span.batch, free, span.start))
        free = span.end
    return gaps


def timeline(
    spans: list[Span], alone: list[Span], workers: int, most: int, source: str
) -> Picture:
    """One lane for the main process and one for each worker, up to `most`; at the top,
    thin, what the main process would do `alone`."""
    total, slowest = (max(s.end for s in each) for each in (spans, alone))
    waiting = sum(gap.end - gap.start for gap in waits(spans))
    words = f"{total:.2f} s {source}"
    if workers:
        words += f", {slowest / total:.1f} times as fast as without workers"
    words += f"; training waits {waiting:.2f} s" if waiting else ""
    if not workers:
        words += "; training waits while the same process loads"
    alt = f"{workers} workers, {BATCHES} batches: {words}."
    bottom = TOP + GHOST + (most + 1) * LANE + 4
    picture = Picture(LEFT + WIDTH + 16, bottom + 60, alt)
    picture.text(4, 18, f"DataLoader(slow, num_workers={workers})", 14, mono=True)
    picture.text(4, 42, words, 14, bold=True)
    end = max(total, slowest) * 1.01
    chart = Chart(picture, LEFT, TOP, WIDTH, bottom - TOP, (0, end))
    _ghost(chart, alone)
    for place, lane in enumerate([MAIN, *range(workers)]):
        y = TOP + GHOST + place * LANE
        name = "main process" if lane == MAIN else f"worker {lane}"
        picture.text(4, y + 23, name, 13)
        picture.rect(LEFT, y + 4, WIDTH, LANE - 8, PANEL, radius=0)
    for span in [*waits(spans), *spans]:
        _span(chart, span)
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10) if end / s < 10)
    chart.axes({i * step: f"{i * step:.1f} s" for i in range(int(end / step) + 1)}, {})
    keys = [
        Key("load a batch", SERIES[0]),
        Key("train on it", SERIES[0], hatch=True),
        Key("wait for it", WAITING, dash="3 2"),
    ]
    legend(picture, LEFT, bottom + 46, keys)
    return picture


def _ghost(chart: Chart, alone: list[Span]) -> None:
    chart.picture.text(4, TOP + 12, "0 workers", 12)
    for span in alone:
        x, width = chart.x(span.start), chart.x(span.end) - chart.x(span.start)
        fill = SERIES[span.batch % len(SERIES)]
        train = span.what == "train"
        chart.picture.rect(x, TOP + 2, width, 11, fill, LINE, 0, train, opacity=0.6)


def _span(chart: Chart, span: Span) -> None:
    x, width = chart.x(span.start), chart.x(span.end) - chart.x(span.start)
    y = TOP + GHOST + (span.lane + 1) * LANE + 4
    if span.what == "wait":
        cell = Cell("waits" if width > 40 else "", WAITING, dash="3 2")
    else:
        number = span.batch + 1 if width > 11 else ""
        fill = SERIES[span.batch % len(SERIES)]
        cell = Cell(number, fill, hatch=span.what == "train", bold=True)
    draw_cell(chart.picture, x, y, width, LANE - 8, cell)
    if span.what == "train":
        chart.picture.rect(x, y, width, LANE - 8, "none", INK, 0)
