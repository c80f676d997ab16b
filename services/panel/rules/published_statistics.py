"""The figures to publish: one publication for a quarter and all panels, so that no two of them can be set against each other.

Who leads a panel knows its exact figures, and takes them away: even those who lead all panels but one are not told of a
single family of that one.
"""

from collections.abc import Iterator, Mapping
from functools import reduce

from services.panel.rules.decisions import ALLOCATE, CARRY_OVER
from services.panel.rules.statistics import ALL, NOT_HEARD, UNITS, WAITED_FOR, Figures
from services.panel.rules.statistics_exact import bands_of, days_of
from services.panel.rules.statistics_tables import Cell, Reading
from services.panel.rules.suppression import (
    NO_END,
    NOT_APPLICABLE,
    NOT_SHOWN,
    Key,
    Known,
    Publication,
    Sum,
    published,
)
from services.panel.rules.waiting import BANDS, QUANTILES, band_of, is_of_enough, waited

RULE = (
    "Figures of 1 to 5 are replaced by c, also where one panel has 1 to 5 of a figure, and others with them where they"
    " could be worked out from a total. Totals are to the nearest 10. Percentages are of the figures as they are written"
    " here, to 1 decimal place. z is not applicable, : is not available. A wait is shown where at least 6 families waited longer."
)
"""What is done to the figures, in words, wherever they are."""

_SIMPLE = {
    ("heard", ALL): ("month", "panel", "level", "locality"),
    ("outcome", ALLOCATE): ("agency",),
    ("outcome", CARRY_OVER): ("carried_over",),
    ("outcome", "not_accepted"): ("not_accepted",),
    ("returned_all", ALL): ("returned", "returned_by"),
    ("accepted", ALL): ("accepted_by",),
    ("wait_first_heard", ALL): ("band",),
}
"""Which figure each breakdown adds up to."""
_OF_WAIT = {"first_heard": ("wait_first_heard", ALL), "allocated": ("outcome", ALLOCATE), "accepted": ("accepted", ALL)}
"""Which figure says how many waited."""


def reading(by_panel: Mapping[str, Figures]) -> Reading:
    """Return how the tables read the figures of panels, by their keys, as they are published together."""
    written, figures = published(publication_of(by_panel)), together(by_panel)

    def read(unit: str, breakdown: str, code: str) -> Cell:
        kind = breakdown.removeprefix("wait_")
        if not breakdown.startswith("wait_"):
            return written.get((unit, breakdown, code), "0")
        if code == ALL:
            return written.get((unit, *_OF_WAIT[kind]), "0")
        return _wait(figures, kind, unit, QUANTILES[code])

    return read


def together(by_panel: Mapping[str, Figures]) -> Figures:
    """Return the figures of all panels in one."""
    return reduce(Figures.plus, by_panel.values(), Figures())


def publication_of(by_panel: Mapping[str, Figures]) -> Publication:
    """Return every figure that is published of panels, by their keys, and how they hang together."""
    figures = together(by_panel)
    values = _of_both_units(figures)
    sums = [one for unit in UNITS for one in _sums(values, unit) if one.parts and one.total in values]
    families, children = UNITS
    pairs = [(key, (children, *key[1:])) for key in values if key[0] == families]
    known = [one for unit in UNITS for one in _known(figures, unit)]
    known = [one for one in known if set(one.factors) <= set(values)]
    return Publication(values, sums, pairs, known, list(_shares(values, by_panel)))


def _shares(values: Mapping[Key, int], by_panel: Mapping[str, Figures]) -> Iterator[dict[Key, int]]:
    """Yield what each panel has of the figures: nothing of another panel's line, in which it has no part."""
    for panel, figures in by_panel.items():
        of_panel = _of_both_units(figures)
        yield {key: of_panel.get(key, 0) for key in values if key[1] != "panel" or key[2] == panel}


def _of_both_units(figures: Figures) -> dict[Key, int]:
    values: dict[Key, int] = {}
    for unit in UNITS:
        values |= _values(figures, unit)
    return values


def _values(figures: Figures, unit: str) -> dict[Key, int]:
    breakdowns = (
        "on_agendas",
        "heard",
        "outcome",
        "accepted",
        "need",
        "unmet",
        "unmet_need",
        *(name for some in _SIMPLE.values() for name in some),
    )
    values: dict[Key, int] = {
        (unit, name, code): count.of(unit)
        for name in breakdowns
        for code, count in figures.counts.get(name, {}).items()
    }
    for code, count in figures.counts.get("outcome_in_month", {}).items():
        if code.split("|")[0] in (ALLOCATE, CARRY_OVER):
            values[unit, "outcome_in_month", code] = count.of(unit)
    values.setdefault((unit, "heard", ALL), 0)
    values |= {(unit, "band", band): number for band, number in bands_of(figures, unit).items()}
    values[unit, "wait_first_heard", ALL] = sum(days_of(figures, "first_heard", unit).values())
    values[unit, "returned_all", ALL] = sum(count.of(unit) for count in figures.counts.get("returned", {}).values())
    return values


def _sums(values: dict[Key, int], unit: str) -> Iterator[Sum]:
    outcomes = _codes(values, unit, "outcome")
    heard: Key = (unit, "heard", ALL)
    apart = tuple(key for key in outcomes if key[2] in NOT_HEARD)
    yield Sum(heard, tuple(key for key in outcomes if key not in apart))
    yield Sum((unit, "on_agendas", ALL), (heard, *apart))
    for total, breakdowns in _SIMPLE.items():
        for name in breakdowns:
            yield Sum((unit, *total), _codes(values, unit, name))
    for outcome in (ALLOCATE, CARRY_OVER):
        yield Sum((unit, "outcome", outcome), _codes(values, unit, "outcome_in_month", f"{outcome}|"))
    yield Sum((unit, "outcome", ALLOCATE), _codes(values, unit, "need"), overlapping=True)
    yield Sum((unit, "unmet", ALL), _codes(values, unit, "unmet_need"), overlapping=True)


def _codes(values: dict[Key, int], unit: str, name: str, begins: str = "") -> tuple[Key, ...]:
    return tuple(key for key in values if key[:2] == (unit, name) and key[2].startswith(begins))


def _wait(figures: Figures, kind: str, unit: str, of_hundred: int) -> Cell:
    days = days_of(figures, kind, unit)
    found = waited(days, of_hundred)
    if found is None:
        return NOT_APPLICABLE
    families = sum(days_of(figures, kind, "families").values())
    return found if is_of_enough(families, of_hundred) else NOT_SHOWN


def _known(figures: Figures, unit: str) -> Iterator[Known]:
    """Yield what the waits that are shown, or not shown, tell of how many waited."""
    first, *_ = UNITS
    for part in ("wait_first_heard", "unmet"):
        yield Known({(unit, "heard", ALL): 1, (unit, part, ALL): -1}, 0, NO_END)
    for kind in WAITED_FOR:
        families = sum(days_of(figures, kind, first).values())
        for of_hundred in QUANTILES.values():
            is_shown = is_of_enough(families, of_hundred)
            factors: dict[Key, int] = {(unit, *_OF_WAIT[kind]): 100 - of_hundred}
            if unit == first and families:
                yield Known(factors, 600, NO_END) if is_shown else Known(factors, 0, 599)
            if kind == "first_heard" and is_shown:
                yield from _of_bands(figures, unit, of_hundred)


def _of_bands(figures: Figures, unit: str, of_hundred: int) -> Iterator[Known]:
    """Yield what a wait tells of how many waited less, and how many no longer."""
    length = waited(days_of(figures, "first_heard", unit), of_hundred)
    if length is None:
        return
    last = int(band_of(length))
    less: dict[Key, int] = {(unit, "band", band): 100 * (int(band) < last) - of_hundred for band in BANDS}
    no_longer: dict[Key, int] = {(unit, "band", band): 100 * (int(band) <= last) - of_hundred for band in BANDS}
    yield Known(less, -NO_END, -1)
    yield Known(no_longer, 0, NO_END)
