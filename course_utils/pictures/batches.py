"""The parts of a DataLoader: from indices to a batch, and which argument does what."""

from __future__ import annotations

from .palette import INK, LINE, PANEL, SOFT
from .svg import Picture

# part → (what it gives for the first batch, the arguments that decide it)
PARTS = {
    "sampler": (("3, 7, 5, 2,", "0, 8, …"), ("shuffle, sampler,", "generator")),
    "batch sampler": (("[3, 7, 5, 2]",), ("batch_size,", "drop_last")),
    "dataset": (
        ("dataset[3]", "dataset[7]", "dataset[5]", "dataset[2]"),
        ("dataset,", "num_workers"),
    ),
    "collate": (
        ("[(x, y), (x, y),", " (x, y), (x, y)]", "→ (xs, ys)"),
        ("collate_fn",),
    ),
    "batch": (("(4, 1, 8, 8)", "(4,)"), ()),
}
TELLS = ("an order", "four indices", "four samples", "put together", "two tensors")
WIDTH, HEIGHT, GAP, LEFT, TOP = 156, 116, 24, 4, 30


def inside_loader() -> Picture:
    """How one batch of four digits comes about inside a DataLoader."""
    alt = "Inside a DataLoader: " + " → ".join(PARTS) + "."
    width = 2 * LEFT + len(PARTS) * WIDTH + (len(PARTS) - 1) * GAP
    picture = Picture(width, TOP + HEIGHT + 62, alt)
    for i, (part, (gives, arguments)) in enumerate(PARTS.items()):
        x = LEFT + i * (WIDTH + GAP)
        middle, last = x + WIDTH / 2, part == "batch"
        picture.text(middle, TOP - 10, part, 15, "middle", bold=True)
        stroke, thick = (INK, 3) if last else (LINE, 1)
        picture.rect(x, TOP, WIDTH, HEIGHT, PANEL, stroke, 6, stroke_width=thick)
        picture.text(middle, TOP + 20, TELLS[i], 13, "middle", SOFT)
        for row, line in enumerate(gives):
            picture.text(middle, TOP + 44 + 18 * row, line, 13, "middle", mono=True)
        for row, line in enumerate(arguments):
            y = TOP + HEIGHT + 30 + 18 * row
            picture.text(middle, y, line, 13, "middle", mono=True, bold=True)
        if arguments:
            y = TOP + HEIGHT
            picture.line(middle, y + 15, middle, y + 2, arrow=True)
        if i:
            y = TOP + HEIGHT / 2
            picture.line(x - GAP + 3, y, x - 3, y, width=2, arrow=True)
    return picture
