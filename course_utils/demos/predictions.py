"""The predictions explorer: a model's answers to held-out names, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from course_utils.data import PlaceName, place_names, split_by_place
from course_utils.pictures.svg import (
    GREEN,
    INK,
    LINE,
    PANEL,
    RED,
    SKY,
    SOFT,
    Picture,
    ink_on,
    text_width,
)

from .base import Demo, slider
from .letter_pairs import LetterPairs

Answer = Callable[[str], Sequence[float]]
ALL = "all languages"
WIDTH, LEFT, BARS, BAR, TOP, ROW = 720, 8, 118, 340, 186, 25
LETTER, LETTERS = 30, 96  # the widest box of a letter, and where the boxes stand


@dataclass
class Judged:
    """A held-out name with the model's probabilities, in the order of the languages."""

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


def predictions(
    answer: Answer | None = None,
    names: Sequence[PlaceName] | None = None,
    languages: Sequence[str] | None = None,
) -> Demo:
    """Look at a model's answers to held-out names, wrong ones first, or type a name.

    answer: gives the probabilities of a text, in the order of `languages`; without it,
    a small model of letter pairs answers, which is the same on every machine.
    names: the held-out names; without them, a fifth of all places.
    """
    learn, held = split_by_place(place_names())
    if answer is None:
        model = LetterPairs(learn)
        answer, languages = model.chances, model.languages
    told = judge(answer, held if names is None else names, languages)
    wide = {"description_width": "initial"}
    controls = {
        "language": widgets.Dropdown(
            options=[ALL, *languages], description="language", style=wide
        ),
        "index": slider("name number", 1, 1, len(told)),
        "typed": widgets.Text(
            placeholder="for example Karlshafen",
            description="or type a name",
            style=wide,
        ),
    }

    def draw(language: str, index: int, typed: str) -> Picture:
        shown = [t for t in told if language in (ALL, languages[t.language])]
        controls["index"].max = max(1, len(shown))
        if typed.strip():
            return typed_picture(typed.strip(), answer, languages)
        return held_picture(shown, min(index, len(shown)), answer, languages)

    words = (
        "Demo: held-out names one by one, wrong answers first, with the probability of "
        "each language as a bar; a box takes any other name."
    )
    return Demo(draw, controls, words)


def judge(
    answer: Answer, names: Sequence[PlaceName], languages: Sequence[str]
) -> list[Judged]:
    """All names with their answers: wrong ones first, of these the surest first; then
    the right ones, the least sure first."""
    place = {language: i for i, language in enumerate(languages)}
    told = [Judged(n.name, place[n.language], list(answer(n.name))) for n in names]
    return sorted(
        told, key=lambda t: (t.right, max(t.chances) * (1 if t.right else -1), t.name)
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
        picture = Picture(WIDTH, 60, "No held-out name in this language.")
        picture.text(LEFT, 36, picture.alt, 15)
        return picture
    told, right = shown[index - 1], sum(t.right for t in shown)
    verdict = "✓ right" if told.right else "✗ wrong"
    said, true = languages[told.answer], languages[told.language]
    alt = f"{told.name}: {true}; the model says {said}, "
    alt += f"{max(told.chances):.2f}. Name {index} of {len(shown)}."
    picture = _frame(told.name, told.chances, languages, alt)
    _tag(picture, verdict, GREEN if told.right else RED)
    count = (
        f"name {index} of {len(shown)}: {len(shown) - right} wrong, then {right} right"
    )
    picture.text(WIDTH - 8, 24, count, 12.5, "end", SOFT)
    _letters(picture, told.name, weights(answer, told.name))
    _bars(picture, told.chances, languages, told.answer, told.language)
    return picture


def typed_picture(name: str, answer: Answer, languages: Sequence[str]) -> Picture:
    """A name that somebody typed, of which nobody knows the language."""
    chances = list(answer(name))
    best = chances.index(max(chances))
    alt = f"{name}, typed: the model says {languages[best]}, {chances[best]:.2f}."
    picture = _frame(name, chances, languages, alt)
    _tag(picture, "typed", SKY)
    _letters(picture, name, weights(answer, name))
    _bars(picture, chances, languages, best, None)
    return picture


def _frame(name: str, chances, languages: Sequence[str], alt: str) -> Picture:
    picture = Picture(WIDTH, TOP + ROW * len(languages) + 16, alt)
    best = chances.index(max(chances))
    picture.text(LEFT, 56, name, 22, bold=True, width=WIDTH - 2 * LEFT)
    said = f"The model says {languages[best]} with probability {chances[best]:.2f}."
    picture.text(LEFT, 82, said, 14)
    return picture


def _tag(picture: Picture, words: str, color: str) -> None:
    wide = text_width(words, 13, bold=True) + 16
    picture.rect(LEFT, 8, wide, 22, color, radius=5)
    picture.text(LEFT + 8, 24, words, 13, fill=ink_on(color), bold=True)


def _letters(picture: Picture, name: str, falls: list[float]) -> None:
    """Each letter in a box, and below it how much the answer needs it."""
    wide = min(LETTER, (WIDTH - 2 * LEFT) / max(1, len(name)))
    base = LETTERS + LETTER
    for i, (letter, fall) in enumerate(zip(name, falls, strict=True)):
        x, high = LEFT + i * wide, min(1.0, abs(fall)) * 26
        picture.rect(x + 1, LETTERS, wide - 2, LETTER, PANEL, LINE, 2)
        size = min(16, wide * 0.95)
        picture.text(x + wide / 2, LETTERS + 21, letter, size, "middle", bold=True)
        if high > 0.5:
            fill = SKY if fall > 0 else RED
            picture.rect(x + 2, base + 3, wide - 4, high, fill, hatch=fall < 0)
    told = "Bars below: how much the probability falls without the letter"
    picture.text(LEFT, base + 46, told + " (striped: it rises).", 12, fill=SOFT)


def _bars(picture: Picture, chances, languages, best: int, true: int | None) -> None:
    for i, (language, chance) in enumerate(zip(languages, chances, strict=True)):
        y = TOP + ROW * i
        bold = i in (best, true)
        picture.text(LEFT + BARS - 10, y + 16, language, 13, "end", bold=bold)
        picture.rect(LEFT + BARS, y + 2, BAR, ROW - 6, PANEL, radius=2)
        fill = GREEN if i == true else RED if i == best and true is not None else SKY
        picture.rect(LEFT + BARS, y + 2, max(1.0, BAR * chance), ROW - 6, fill,
                     radius=2, hatch=i == true)  # fmt: skip
        roles = {true: "the name's language", best: "the model's answer"}
        note = "both: the right answer" if best == true == i else roles.get(i, "")
        said = f"{chance:.2f}" + (f"  ← {note}" if note else "")
        picture.text(LEFT + BARS + BAR + 8, y + 16, said, 13, fill=INK, bold=bold)
