"""The predictions explorer: a model's answers to unseen names, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from course_utils.data import PlaceName, place_names, split_by_place
from course_utils.errors import CourseError
from course_utils.locale import _
from course_utils.locale.again import N_
from course_utils.pictures.palette import DATA, GOOD, MODEL, PANEL, SOFT, WRONG, ink_on
from course_utils.pictures.parts import Cell, bar, counted, draw_cell
from course_utils.pictures.svg import Picture, fit, text_width

from .base import FULL_NAME, Demo, choice, slider
from .blame import plain_errors, taken_by
from .letter_pairs import LetterPairs

Answer = Callable[[str], Sequence[float]]
ALL = "all languages"
WIDTH, LEFT, BARS, BAR, TOP, ROW = 740, 8, 118, 340, 224, 24
LETTER, LETTERS, ROOM = 30, 92, 96  # a letter's box; where the boxes stand, how high
SHOWN, LEAST = 6, 0.005  # so many bars, of chances that are not shown as 0.00


@dataclass
class Judged:
    """A name with the model's probabilities, in the order of the languages."""

    name: str
    language: int
    chances: list[float]

    @property
    def answer(self) -> int:
        """The language that the model finds likeliest."""
        return max(range(len(self.chances)), key=self.chances.__getitem__)

    @property
    def right(self) -> bool:
        """Whether the answer is the name's own language."""
        return self.answer == self.language


@plain_errors
def predictions(
    answer: Answer | None = None,
    names: Sequence[PlaceName] | None = None,
    languages: Sequence[str] | None = None,
    opens_at: str | None = None,
) -> Demo:
    """Look at a model's answers to names of the test, wrong ones first, or type a name.

    answer: gives the probabilities of a text, in the order of `languages`; without it,
    a small model of letter pairs answers, which is the same on every machine.
    names: the names to look at; without them, a fifth of all places.
    opens_at: the name that is shown first; without it, the surest wrong answer.
    Raises CourseError where the answer has another length, or no name is `opens_at`.
    """
    learn, held = split_by_place(place_names())
    if answer is None:
        model = LetterPairs(learn)
        answer, languages = model.chances, model.languages
    if not callable(answer) or not languages:
        raise CourseError(
            N_(
                "predictions takes a function that gives the probabilities of a text, "
                "the names, and the languages in the order of the probabilities."
            )
        )
    check(answer, languages)
    judged = judge(answer, held if names is None else names, languages)
    first = 1 if opens_at is None else number_of(opens_at, judged)
    typed = widgets.Text(
        placeholder=_("for example Karlshafen"),
        description=N_("or type a name"),
        style=FULL_NAME,
    )
    controls = {
        "language": choice("language", [ALL, *languages]),
        "index": slider("name number", first, 1, max(1, len(judged))),
        "typed": typed,
    }

    def draw(language: str, index: int, typed: str) -> Picture:
        shown = [j for j in judged if language in (ALL, languages[j.language])]
        controls["index"].max = max(1, len(shown))
        if typed.strip():
            return typed_picture(typed.strip(), answer, languages)
        return held_picture(shown, min(index, len(shown)), answer, languages)

    words = N_(
        "Demo: unseen names one by one, wrong answers first, with the probability of "
        "each language as a bar; a box takes any other name."
    )
    return Demo(draw, controls, words)


def check(answer: Answer, languages: Sequence[str]) -> None:
    """Raises CourseError where an answer is not one probability a language."""
    with taken_by(N_("The function must take a text")):
        chances = list(answer("Karlshafen"))
    if len(chances) != len(languages):
        number = counted(len(chances), "probability", "probabilities")
        wanted = counted(len(languages), "language")
        raise CourseError(
            N_(
                "The function gives {number} for {wanted}.",
                number=number,
                wanted=wanted,
            )
        )
    if not all(-1e-6 <= float(chance) <= 1 + 1e-6 for chance in chances):
        raise CourseError(
            N_("Probabilities are from 0 to 1: logits need a softmax first.")
        )


def judge(
    answer: Answer, names: Sequence[PlaceName], languages: Sequence[str]
) -> list[Judged]:
    """All names with their answers: wrong ones first, of these the surest first; then
    the right ones, the least sure first."""
    place = {language: i for i, language in enumerate(languages)}
    judged = [Judged(n.name, place[n.language], list(answer(n.name))) for n in names]
    return sorted(
        judged, key=lambda j: (j.right, max(j.chances) * (1 if j.right else -1), j.name)
    )


def number_of(name: str, judged: list[Judged]) -> int:
    """The place of `name` among the judged names, from 1 on.

    Raises CourseError where it is none of them.
    """
    for number, each in enumerate(judged, start=1):
        if each.name == name:
            return number
    raise CourseError(
        N_("opens_at: {name} is not among the names; type it in the box.", name=name)
    )


def weights(answer: Answer, name: str) -> list[float]:
    """For each letter, how much the answer's probability falls without it."""
    whole = list(answer(name))
    best = whole.index(max(whole))
    if len(name) < 2:
        return [0.0] * len(name)
    left = (name[:i] + name[i + 1 :] for i in range(len(name)))
    return [whole[best] - answer(rest)[best] for rest in left]


# ---------------------------------------------------------------- the picture


def held_picture(
    shown: list[Judged], index: int, answer: Answer, languages: Sequence[str]
) -> Picture:
    """Name `index`, from 1 on, of the judged names."""
    if not shown:
        picture = Picture(WIDTH, _height(), "No name of the test in this language.")
        picture.text(LEFT, 36, picture.alt, 15)
        return picture
    judged, right = shown[index - 1], sum(j.right for j in shown)
    true, best = languages[judged.language], languages[judged.answer]
    alt = f"{judged.name}: {true}; the model says {best}, "
    alt += f"{max(judged.chances):.2f}. Name {index} of {len(shown)}."
    picture = _frame(judged.name, judged.chances, languages, alt)
    verdict = ("✓ right", GOOD) if judged.right else ("✗ wrong", WRONG)
    _tag(picture, *verdict)
    number = f"name {index} of {len(shown)}"
    words = f"{number}: {len(shown) - right} wrong, then {right} right"
    picture.text(WIDTH - 8, 22, words, 12.5, "end", SOFT)
    _letters(picture, judged.name, weights(answer, judged.name))
    _bars(picture, judged.chances, languages, judged.answer, judged.language)
    return picture


def typed_picture(name: str, answer: Answer, languages: Sequence[str]) -> Picture:
    """A name that somebody typed, of which nobody knows the language."""
    chances = list(answer(name))
    best = chances.index(max(chances))
    alt = f"{name}, typed: the model says {languages[best]}, {chances[best]:.2f}."
    picture = _frame(name, chances, languages, alt)
    _tag(picture, "typed", DATA)
    _letters(picture, name, weights(answer, name))
    _bars(picture, chances, languages, best, None)
    return picture


def _height() -> int:
    return TOP + ROW * (SHOWN + 1) + 6


def _frame(name: str, chances, languages: Sequence[str], alt: str) -> Picture:
    picture = Picture(WIDTH, _height(), alt)
    picture.sharpness = 1
    best = chances.index(max(chances))
    if text_width(name, 22, bold=True) <= WIDTH - 2 * LEFT:
        picture.text(LEFT, 56, name, 22, bold=True)
    else:
        first = fit(name, WIDTH - 2 * LEFT, 14, bold=True).removesuffix("…")
        picture.text(LEFT, 48, first, 14, bold=True)
        rest, room = name[len(first) :], WIDTH - 2 * LEFT
        picture.text(LEFT, 65, rest, 14, bold=True, width=room)
    words = f"The model says {languages[best]} with probability {chances[best]:.2f}."
    picture.text(LEFT, 84, words, 14)
    return picture


def _tag(picture: Picture, words: str, color: str) -> None:
    wide = text_width(words, 13, bold=True) + 16
    picture.rect(LEFT, 6, wide, 22, color, radius=5)
    picture.text(LEFT + 8, 22, words, 13, fill=ink_on(color), bold=True)


def _letters(picture: Picture, name: str, falls: list[float]) -> None:
    """Each letter in a box, and below it how much the answer needs it."""
    one_row = len(name) <= (WIDTH - 2 * LEFT) // LETTER
    wide, tall, most = (LETTER, 30, 40) if one_row else (20, 24, 22)
    across = (WIDTH - 2 * LEFT) // wide
    for i, (letter, fall) in enumerate(zip(name, falls, strict=True)):
        row, column = divmod(i, across)
        if row == 2:
            words = f"… {counted(len(name) - i, 'letter')} more"
            picture.text(WIDTH - 8, TOP - 14, words, 12, "end")
            break
        x, y = LEFT + column * wide, LETTERS + row * (tall + most)
        cell = Cell(letter, PANEL, bold=True, size=16 if one_row else 14)
        draw_cell(picture, x + 1, y, wide - 2, tall, cell)
        high = min(1.0, abs(fall)) * (most - 8)
        if high > 0.5:
            box = (x + 2, y + tall + 3, wide - 4, high)
            picture.rect(*box, MODEL if fall > 0 else WRONG, hatch=fall < 0)
    words = "Bars below: how much the probability falls without the letter"
    picture.text(LEFT, TOP - 14, words + " (striped: it rises).", 12, fill=SOFT)


def _bars(picture: Picture, chances, languages, best: int, true: int | None) -> None:
    """The likeliest languages, the name's own among them; the rest in one line."""
    order = sorted(range(len(chances)), key=lambda i: -chances[i])
    shown = [i for i in order[:SHOWN] if chances[i] >= LEAST or i == true]
    if true is not None and true not in shown:
        shown = [*shown[: SHOWN - 1], true]
    for row, i in enumerate(shown):
        y, bold = TOP + ROW * row, i in (best, true)
        picture.text(LEFT + BARS - 10, y + 16, languages[i], 13, "end", bold=bold)
        fill = GOOD if i == true else MODEL
        if i == best and true not in (best, None):
            fill = WRONG
        striped = i == best and fill == WRONG
        bar(picture, LEFT + BARS, y + 2, BAR, ROW - 6, chances[i], fill, striped)
        roles = {true: "the name's language", best: "the model's answer"}
        note = "both: the right answer" if best == true == i else roles.get(i, "")
        words = f"{chances[i]:.2f}" + (f"  ← {note}" if note else "")
        picture.text(LEFT + BARS + BAR + 8, y + 16, words, 13, bold=bold)
    folded = [chances[i] for i in order if i not in shown]
    if folded:
        words = f"{counted(len(folded), 'other')}: {sum(folded):.2f} together"
        y = TOP + ROW * len(shown) + 16
        picture.text(LEFT + BARS, y, words, 13, fill=SOFT)
