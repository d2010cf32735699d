"""The batch conveyor: how a DataLoader packs samples into batches, epoch by epoch."""

from __future__ import annotations

from typing import Any, NamedTuple

from course_utils.locale.again import N_
from course_utils.pictures.palette import INK, LINE, PANEL, PAPER, SERIES, SOFT
from course_utils.pictures.parts import Cell, counted, draw_cell
from course_utils.pictures.svg import Picture

from .base import Demo, player, slider, switch
from .blame import plain_errors
from .packing import EPOCHS, MOST, Epoch, Run, run, source, unchanged

FEW = 12  # with more samples, one epoch is drawn at a time
LEFT, ROOM, TOP = 84, 736, 58
WIDTH = LEFT + ROOM


@plain_errors
def conveyor(data: Any = 10) -> Demo:
    """Step through the batches of a few epochs.

    data: how many samples, or a dataset, of which the first 60 are packed; a sampler,
    which gives indices; a batch sampler, which gives lists of them; or a DataLoader, in
    the order that comes next. At most 60 samples an epoch are shown. What is given
    stays as it is. Raises CourseError for anything else.
    """
    samples, choices, loader = source(data)
    most = min(samples or MOST, MOST)
    controls = {
        "batch_size": slider("batch size", min(4, most), 1, most),
        "shuffle": switch("shuffle"),
        "drop_last": switch("drop_last"),
        "seed": slider("seed", 0, 0, 9),
    }
    controls = {name: controls[name] for name in choices}

    def pack() -> Run:
        with unchanged(data):
            made = loader(**{name: c.value for name, c in controls.items()})
            return run(made, samples)

    now = pack()
    begin = now.batches + (now.batches + 1) // 2  # the middle of the second epoch
    step = player("batches so far", EPOCHS * now.batches, begin)

    def fit(change) -> None:
        """Keep the place in the epoch; the last step is the last batch of the last."""
        nonlocal now
        before, now = now.batches, pack()
        epoch, done = divmod(max(step.value - 1, 0), before)
        share = (done + 1) / before if step.value else 0
        place = epoch * now.batches + round(share * now.batches)
        step.max = max(step.max, EPOCHS * now.batches)
        step.value = step.player.value = place
        step.max = EPOCHS * now.batches

    for control in controls.values():
        control.observe(fit, "value")

    def draw(step: int, **chosen) -> Picture:
        how = ", ".join(f"{n}={v}" for n, v in chosen.items() if n != "seed")
        call = f"DataLoader(dataset, {how})" if how else type(data).__name__
        return conveyor_picture(now, step, call)

    words = N_(
        "Batch conveyor: the samples of a dataset, packed into batches by epoch."
    )
    return Demo(draw, {**controls, "step": step}, words)


def conveyor_picture(run: Run, step: int, call: str) -> Picture:
    """The dataset above, one belt an epoch below, after `step` batches."""
    step = min(step, run.batches * EPOCHS)
    epoch, done = divmod(max(step - 1, 0), run.batches)
    done = min(done + 1, step)
    place = Place.of(run)
    words = _words(run, epoch, done, step)
    shown = range(EPOCHS) if place.few else [epoch]
    height = place.belts + len(shown) * place.rows * place.belt + 6
    picture = Picture(WIDTH, height, words)
    picture.text(4, 18, call, 14, mono=True, width=WIDTH - 8)
    picture.text(4, 42, words, 14, bold=True, width=WIDTH - 8)
    _dataset(picture, place, run, run.epochs[epoch], done)
    for row, number in enumerate(shown):
        top = place.belts + row * place.rows * place.belt
        reached = max(0, min(step - number * run.batches, run.batches))
        picture.text(4, top + 20, f"epoch {number + 1}", 14, fill=SOFT)
        _belt(picture, place, top, run, number, reached, number == epoch)
    return picture


class Place(NamedTuple):
    """Pixels: a sample's tile, in the dataset and on a belt; from one to the next in
    the dataset; from one row of a belt to the next; how many rows a belt may have; and
    where the belts begin. `few` samples have room for words and for three belts."""

    few: bool
    small: int
    tile: int
    step: int
    belt: int
    rows: int
    belts: int

    @classmethod
    def of(cls, run: Run) -> Place:
        most = min(run.samples, MOST)
        few = most <= FEW
        highest = max((i for batch in sum(run.epochs, []) for i in batch), default=0)
        small = 40 if few else 24
        tile = 36 if highest > 999 else small
        step, belt = (54, 68) if few else (28, tile + 20)
        if run.more == 0:  # the batch size may change
            cuts = [[n] * (most // n) + [most % n] for n in range(1, most + 1)]
        else:
            cuts = [[len(batch) for batch in packed] for packed in run.epochs]
        rows = max(len(_rows(sizes, tile)) for sizes in cuts)
        above = -(-most // (ROOM // step)) * (small + 18)
        return cls(few, small, tile, step, belt, rows, TOP + above + 12)


def _rows(sizes: list[int], tile: int) -> list[list[int]]:
    """Batches of these sizes in rows that are as wide as a belt."""
    rows, used = [[]], 0
    for number, size in enumerate(sizes):
        width = min(size, _longest(tile)) * tile + 12
        if used and used + width > ROOM + 6:
            rows.append([])
            used = 0
        rows[-1].append(number)
        used += width
    return rows


def _longest(tile: int) -> int:
    """How many tiles of a batch are drawn."""
    return (ROOM - 140) // tile


def _words(run: Run, epoch: int, done: int, step: int) -> str:
    packed = run.epochs[epoch]
    count = len(packed) + (run.more or 0)
    total = "many" if run.more is None else f"{count:,}"
    if not step:
        return f"{total} batches an epoch; none so far"
    indices = ", ".join(map(str, packed[done - 1][:8])) if packed else ""
    rest = ", …" if packed and len(packed[done - 1]) > 8 else ""
    so_far = counted(epoch * count + done, "iteration")
    place = f"Epoch {epoch + 1}, batch {done} of {total}"
    return f"{place}: samples [{indices}{rest}]; {so_far} so far"


def _dataset(picture: Picture, place: Place, run: Run, packed: Epoch, done: int):
    """The samples in their own order, colored once they were given in this epoch."""
    batch_of: dict[int, int] = {}
    for number, batch in enumerate(packed[:done]):
        for index in batch:
            batch_of.setdefault(index, number)
    picture.text(4, TOP + place.small / 2 + 5, "dataset", 14, fill=SOFT)
    shown, across = min(run.samples, MOST), ROOM // place.step
    over = run.more == 0 and done == len(packed)
    for index in range(shown):
        row, column = divmod(index, across)
        x, y = LEFT + column * place.step, TOP + row * (place.small + 18)
        batch = batch_of.get(index)
        _tile(picture, x, y, place.small, index, batch, batch == done - 1)
        words = ("left out" if place.few else "out") if batch is None else batch + 1
        if place.few and batch is not None:
            words = f"batch {words}"
        if batch is not None or over:
            middle = x + place.small / 2
            picture.text(middle, y + place.small + 13, words, 12, "middle", SOFT)
    if run.samples > shown:
        row, column = divmod(shown, across)
        x, y = LEFT + column * place.step, TOP + row * (place.small + 18)
        picture.text(x + 4, y + 18, f"… {run.samples - shown:,} more", 13)


def _belt(picture, place: Place, top: float, run: Run, epoch: int, reached, current):
    """One epoch's batches in their order; those to come are still empty."""
    packed = run.epochs[epoch]
    for row, numbers in enumerate(_rows([len(batch) for batch in packed], place.tile)):
        x, y = LEFT, top + row * place.belt
        for number in numbers:
            now = current and number == reached - 1
            _batch(picture, place, x, y, packed[number], number, number < reached, now)
            x += min(len(packed[number]), _longest(place.tile)) * place.tile + 12
    hidden = len(packed[-1]) - _longest(place.tile) if packed else 0
    notes = [f"… {hidden:,} more in it"] if hidden > 0 else []
    if run.more:
        notes.append(f"… {counted(run.more, 'batch', 'batches')} more")
    out = sorted(set(range(min(run.samples, MOST))).difference(*packed))
    if reached == len(packed) and out and run.more == 0:
        indices = ", ".join(map(str, out[:4])) + (", …" if len(out) > 4 else "")
        notes.append(f"left out: {indices}")
    for line, words in enumerate(notes):
        picture.text(x + 2, y + place.tile / 2 + 5 + 16 * line, words, 13)


def _batch(picture, place: Place, x, y, batch: list[int], number: int, full, now):
    tiles = batch[: _longest(place.tile)]
    width = len(tiles) * place.tile + 6
    box = (x, y - 3, width, place.tile + 6, PANEL, INK if now else LINE, 5)
    picture.rect(*box, stroke_width=2.5 if now else 1)
    for column, index in enumerate(tiles):
        left = x + 3 + column * place.tile
        if full:
            _tile(picture, left, y, place.tile, index, number)
        else:
            cell = Cell("", PAPER, dash="3 3")
            draw_cell(picture, left, y, place.tile, place.tile, cell)
    if place.few:
        words = f"batch {number + 1}" if width > 54 else number + 1
        ink, below = INK if now else SOFT, y + place.tile + 16
        picture.text(x + width / 2, below, words, 12, "middle", ink, bold=now)


def _tile(picture: Picture, x, y, side, index: int, batch: int | None, now=False):
    """A sample's index on its batch's color, or on paper while it has none."""
    fill = PAPER if batch is None else SERIES[batch % len(SERIES)]
    cell = Cell(index, fill, bold=True, size=16 if side == 40 else 12)
    draw_cell(picture, x, y, side, side, cell)
    if now:
        picture.rect(x, y, side, side, "none", INK, 0, stroke_width=2.5)
