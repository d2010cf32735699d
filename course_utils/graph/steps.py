"""A graph as a film: what is known after each step, forward and then backward."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Backward, View
from .values import Value


@dataclass(frozen=True)
class Step:
    """One moment. kind: `start`, `forward` or `backward`; box: the one that works.

    turns: how many entries of `graph.backward` are done after this step.
    """

    kind: str
    box: int | None
    turns: int
    turn: Backward | None = None


@dataclass
class State:
    """What the picture shows after a step."""

    computed: set[int]  # boxes whose value is known
    gradient: dict[int, Value]  # box → the gradient to show
    turned: set[int]  # boxes that had their turn in this backward
    freed: set[int]  # nodes whose kept tensors are gone
    step: Step | None = None  # None: all is over

    def knows(self, box: int) -> bool:
        """Whether the box's value is known."""
        return self.step is None or box in self.computed


def steps(view: View) -> list[Step]:
    """All steps in order: the start, each operation forward, then each box backward.

    A folded box has its step when the last of its nodes has had its turn.
    """
    boxes = range(len(view.boxes))
    running = [b for b in boxes if view.boxes[b].kind not in ("leaf", "data")]
    running.sort(key=lambda b: max(view.boxes[b].nodes))
    film = [Step("start", None, 0), *(Step("forward", b, 0) for b in running)]
    ends: dict[tuple[int, int], int] = {}  # (which backward, box) → its last turn
    for i, turn in enumerate(view.graph.backward):
        ends[turn.turn, view.home[turn.node]] = i
    for (_, box), i in sorted(ends.items(), key=lambda item: item[1]):
        film.append(Step("backward", box, i + 1, _speaker(view, box, i)))
    return film


def _speaker(view: View, box: int, last: int) -> Backward:
    """The turn to tell about: of a folded module, that of its output."""
    turns = view.graph.backward
    of_output = (
        turn
        for turn in turns[: last + 1]
        if turn.turn == turns[last].turn and turn.node == view.boxes[box].out
    )
    return next(of_output, turns[last])


def state_at(view: View, film: list[Step], number: int | None) -> State:
    """What is known after step `number`; everything for None."""
    at = len(film) - 1 if number is None else min(max(number, 0), len(film) - 1)
    state = State(set(), {}, set(), set(), None if number is None else film[at])
    for b, box in enumerate(view.boxes):
        leaf = view.graph.nodes[box.out]
        if box.kind in ("leaf", "data"):
            state.computed.add(b)
        if box.kind == "leaf" and leaf.grad is not None:
            state.gradient[b] = leaf.grad
    state.computed |= {s.box for s in film[: at + 1] if s.kind == "forward"}
    current = None
    for turn in view.graph.backward[: film[at].turns]:
        if turn.turn != current:
            current = turn.turn
            _forget(view, state)
        _apply(view, state, turn)
    return state


def _forget(view: View, state: State) -> None:
    """A new backward begins: only leaves keep their gradient."""
    state.turned.clear()
    for b in [b for b in state.gradient if view.boxes[b].kind != "leaf"]:
        del state.gradient[b]


def _apply(view: View, state: State, turn: Backward) -> None:
    b = view.home[turn.node]
    box = view.boxes[b]
    state.turned.add(b)
    if turn.frees:
        state.freed.add(turn.node)
    if turn.node == box.out and box.kind == "leaf":
        state.gradient[b] = turn.grad
    elif turn.node == box.out and turn.gradient:
        state.gradient[b] = turn.gradient
