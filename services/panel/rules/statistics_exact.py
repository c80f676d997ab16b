"""The exact figures, for those who run a panel: how each is read, and which of them are small."""

from collections.abc import Mapping
from functools import cache

from services.panel.rules.statistics import ALL, UNITS, Figures
from services.panel.rules.statistics_tables import Cell, Reading, Table
from services.panel.rules.suppression import NOT_APPLICABLE, is_small
from services.panel.rules.waiting import BANDS, QUANTILES, band_of, waited


def reading(figures: Figures) -> Reading:
    """Return how the tables read exact figures."""

    @cache
    def days(kind: str, unit: str) -> Mapping[int, int]:
        return days_of(figures, kind, unit)

    def read(unit: str, breakdown: str, code: str) -> Cell:
        if breakdown == "band":
            return bands_of(figures, unit)[code]
        if not breakdown.startswith("wait_"):
            return figures.of(breakdown, code).of(unit)
        lengths = days(breakdown.removeprefix("wait_"), unit)
        if code == ALL:
            return sum(lengths.values())
        found = waited(lengths, QUANTILES[code])
        return NOT_APPLICABLE if found is None else found

    return read


def days_of(figures: Figures, kind: str, unit: str) -> dict[int, int]:
    """Return how many families, or children, waited how many days."""
    return {int(length): count.of(unit) for length, count in figures.counts.get(f"waited_{kind}", {}).items()}


def bands_of(figures: Figures, unit: str) -> dict[str, int]:
    """Return how many waited how many weeks to be heard for the first time, by band."""
    bands = dict.fromkeys(BANDS, 0)
    for length, number in days_of(figures, "first_heard", unit).items():
        bands[band_of(length)] += number
    return bands


def has_small(table: Table) -> bool:
    """Say whether a table of families has a figure that may tell of a single family."""
    counted = [number for number, name in enumerate(table.columns) if _counts(name)]
    return any(is_small(cell) for row in table.rows for n in counted if isinstance(cell := row.cells[n], int))


def _counts(column: str) -> bool:
    return column in UNITS.values() or column.endswith((": families", ": children"))
