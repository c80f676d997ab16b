"""Pictures of figures, laid out: where each bar, point and word goes. `templates/charts.html` draws them.

Across, everything is in per cent of the width, so that a picture fits a phone and a desk without its words shrinking;
down, in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import Flask

_ROW = 46
_LONGEST_LABEL = 40
_WIDEST_BAR = 82.0
_PLOT_TOP, _PLOT_HEIGHT = 46, 96
_EDGE = 7.0
_MOST_WORDS = 12


@dataclass(frozen=True)
class Bar:
    """A bar with its label above and its value after it; without a number it is only words."""

    label: str
    value: str
    width: float
    y: int


@dataclass(frozen=True)
class Bars:
    """Bars below each other, the longest as wide as there is room for."""

    bars: tuple[Bar, ...]
    height: int


@dataclass(frozen=True)
class Point:
    """A point of a line; `value` and `label` are empty where there is no room for them. `y` is none for no number."""

    x: float
    y: float | None
    value: str
    label: str


@dataclass(frozen=True)
class Line:
    """A line over time: its points, and the pieces between those that follow each other."""

    points: tuple[Point, ...]
    pieces: tuple[tuple[Point, Point], ...]
    bottom: int
    height: int


def bars(rows: Sequence[tuple[str, int | str]]) -> Bars:
    """Return bars for labels with their values."""
    largest = max((number for _, value in rows if (number := number_of(value)) is not None), default=0)
    drawn = tuple(
        Bar(
            label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…",
            str(value),
            round(_WIDEST_BAR * (number_of(value) or 0) / largest, 2) if largest else 0.0,
            place * _ROW,
        )
        for place, (label, value) in enumerate(rows)
    )
    return Bars(drawn, len(drawn) * _ROW)


def line(rows: Sequence[tuple[str, int | str]]) -> Line:
    """Return a line through values in order of time, from nought at the bottom to the largest at the top."""
    numbers = [number_of(value) for _, value in rows]
    largest = max((number for number in numbers if number is not None), default=0) or 1
    step = (100 - 2 * _EDGE) / max(len(rows) - 1, 1)
    every = -(-len(rows) // _MOST_WORDS)
    points = tuple(
        Point(
            round(_EDGE + step * place, 2),
            None if number is None else round(_PLOT_TOP + _PLOT_HEIGHT * (1 - number / largest), 1),
            str(value) if place % every == 0 else "",
            label if place % every == 0 else "",
        )
        for place, ((label, value), number) in enumerate(zip(rows, numbers, strict=True))
    )
    pieces = tuple((a, b) for a, b in pairwise(points) if a.y is not None and b.y is not None)
    return Line(points, pieces, _PLOT_TOP + _PLOT_HEIGHT, _PLOT_TOP + _PLOT_HEIGHT + 30)


def number_of(value: int | str) -> int | None:
    """Return the number that a cell holds, also where it is written as text; None for a mark."""
    if isinstance(value, int):
        return value
    return int(value) if value.isdigit() else None


def register(app: Flask) -> None:
    """Make the layouts known to the templates."""
    app.add_template_global(bars, "bars_of")
    app.add_template_global(line, "line_of")
