"""Statistics as tables: the same ones for a page, a spreadsheet and JSON, exact or as they are published."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.panel.rules.allocations import DECLINED_BECAUSE
from services.panel.rules.decisions import ALLOCATE, CARRIED_OVER_BECAUSE, CARRY_OVER, NOT_ACCEPTED_BECAUSE, OUTCOMES
from services.panel.rules.periods import month_in_words
from services.panel.rules.statistics import (
    ALL,
    NOT_HEARD,
    PRESENCES,
    REPRESENTED,
    TAKEN_OFF,
    UNITS,
    WAITED_FOR,
    Figures,
)
from services.panel.rules.suppression import NOT_APPLICABLE, NOT_SHOWN
from services.panel.rules.waiting import BANDS

Cell = int | str
Reading = Callable[[str, str, str], Cell]
"""Gives the figure of a unit, a breakdown and a code."""

BECAME = {
    ALLOCATE: "Allocated to a service",
    "recommend": "A service recommended",
    "signpost": "Signposted",
    "plan_advice": "Advice for the plan there is",
    "more_information": "More information asked for",
    "consent_outstanding": "Consent outstanding",
    "step_up": "Stepped up to social care",
    "not_accepted": "Not accepted",
    CARRY_OVER: "Carried over",
    TAKEN_OFF: "Taken off the agenda",
}
"""What became of a family, with the words for it."""

_BOTH = tuple(UNITS.values())
_NOT_RECORDED = "Not recorded"


@dataclass(frozen=True)
class Row:
    """A line of a table; a total is told apart from what makes it up. `short` is its label where there is little room."""

    label: str
    cells: tuple[Cell, ...]
    is_total: bool = False
    short: str = ""


@dataclass(frozen=True)
class Table:
    """A table with what it counts in words. `picture` is how it is drawn: bars, spread, months, or not at all."""

    key: str
    title: str
    about: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    picture: str = ""

    def points(self, column: int) -> list[tuple[str, Cell]]:
        """Return what a picture shows of a column: not the totals, which would dwarf what makes them up."""
        return [(row.short or row.label, row.cells[column]) for row in self.rows if not row.is_total]


@dataclass(frozen=True)
class Names:
    """The words for what is only an id or a code in the figures."""

    panels: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    localities: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    level: Callable[[str, str, int], str] = lambda scheme, version, number: f"Level {number} ({scheme} {version})"

    def of_level(self, code: str) -> str:
        """Return a level in words, with its scheme and version: a number alone means nothing."""
        scheme, version, number = code.split("|")
        words = self.level(scheme, version, int(number))
        return words if scheme in words else f"{words} ({scheme} {version})"


def became(outcome: str) -> str:
    """Return in words what became of a family."""
    return BECAME.get(outcome) or (OUTCOMES[outcome].label if outcome in OUTCOMES else outcome)


def tables(figures: Figures, names: Names, read: Reading, months: Sequence[str]) -> list[Table]:
    """Return every table that has something in it."""
    found = [
        _outcomes(figures, read),
        _reasons(figures, read),
        _months(read, months),
        _waits(read),
        _bands(figures, read),
        _agencies(figures, names, read),
        *_breakdowns(figures, names, read),
        _unmet(figures, names, read),
        _attendance(figures, names),
    ]
    return [table for table in found if table.rows]


def share(part: Cell, whole: Cell) -> str:
    """Return a percentage to one decimal place, of the figures as they are written: it tells no more than they do."""
    if NOT_SHOWN in (part, whole):
        return NOT_SHOWN
    return f"{100 * int(part) / int(whole):.1f}%" if int(whole) else NOT_APPLICABLE


def in_order(figures: Figures, breakdown: str, order: Sequence[str] = ()) -> list[str]:
    """Return the codes of a breakdown that has something in it, in an order, others after them by how many there are."""
    counts = figures.counts.get(breakdown, {})
    known = [code for code in order if any(counts.get(code, ()))]
    others = [code for code in counts if code not in known and any(counts[code])]
    return known + sorted(others, key=lambda code: (-counts[code].families, code))


def _pair(read: Reading, breakdown: str, code: str = ALL) -> tuple[Cell, ...]:
    return tuple(read(unit, breakdown, code) for unit in UNITS)


def _outcomes(figures: Figures, read: Reading) -> Table:
    heard = _pair(read, "heard")

    def row(label: str, pair: tuple[Cell, ...], of_heard: bool, is_total: bool = False) -> Row:
        return Row(label, (*pair, share(pair[0], heard[0]) if of_heard else NOT_APPLICABLE), is_total)

    codes = in_order(figures, "outcome", tuple(BECAME))
    rows = [row(became(code), _pair(read, "outcome", code), of_heard=True) for code in codes if code not in NOT_HEARD]
    if codes:
        rows.append(row("Heard", heard, of_heard=True, is_total=True))
        rows += [row(became(code), _pair(read, "outcome", code), of_heard=False) for code in NOT_HEARD]
        rows.append(row("On agendas", _pair(read, "on_agendas"), of_heard=False, is_total=True))
    about = (
        "Families on agendas that had closed, by the decision that stands. A family counts at each meeting that had it."
    )
    columns = (*_BOTH, "Of families heard")
    return Table("outcomes", "What was decided", about, "Decision", columns, tuple(rows), "bars")


def _reasons(figures: Figures, read: Reading) -> Table:
    kinds = (
        ("not_accepted", "Not accepted", NOT_ACCEPTED_BECAUSE),
        ("carried_over", "Carried over", CARRIED_OVER_BECAUSE),
        ("returned", "Returned by a service", DECLINED_BECAUSE),
    )
    rows = [
        Row(f"{title}: {words.get(code, code)}", _pair(read, breakdown, code))
        for breakdown, title, words in kinds
        for code in in_order(figures, breakdown, tuple(words))
    ]
    about = (
        "Why families were not accepted or carried over at these meetings, and why services returned families in this"
        " period that a meeting had allocated to them."
    )
    return Table("reasons", "Reasons", about, "Reason", _BOTH, tuple(rows), "bars")


def _months(read: Reading, months: Sequence[str]) -> Table:
    kinds = {
        "Heard": ("month", ""),
        "Allocated": ("outcome_in_month", ALLOCATE),
        "Carried over": ("outcome_in_month", CARRY_OVER),
    }
    columns = tuple(f"{title}: {unit.lower()}" for title in kinds for unit in _BOTH)
    rows = [
        Row(
            month_in_words(month),
            tuple(
                cell
                for breakdown, outcome in kinds.values()
                for cell in _pair(read, breakdown, f"{outcome}|{month}" if outcome else month)
            ),
            short=month_in_words(month)[:3],
        )
        for month in months
    ]
    about = "By the month of the meeting."
    return Table("months", "Month by month", about, "Month", columns, tuple(rows) if len(rows) > 1 else (), "months")


def _waits(read: Reading) -> Table:
    columns = tuple(
        f"{unit}{kind}" for unit in _BOTH for kind in ("", ": half waited, in days", ": 9 of 10 waited, in days")
    )
    rows = tuple(
        Row(
            f"Until {words}",
            tuple(read(unit, f"wait_{kind}", what) for unit in UNITS for what in (ALL, "median", "ninetieth")),
        )
        for kind, words in WAITED_FOR.items()
    )
    about = (
        "Days from the day on which the request was received: half waited so long at the most (the median), 9 of 10 so"
        " long at the most (the 90th percentile)."
    )
    return Table("waits", "How long families waited", about, "Wait", columns, rows)


def _bands(figures: Figures, read: Reading) -> Table:
    has_any = bool(figures.counts.get("waited_first_heard"))
    rows = [Row(words, _pair(read, "band", first)) for first, words in BANDS.items()] if has_any else []
    about = "From the day on which the request was received to the first meeting that heard the family."
    return Table("bands", "The wait to be heard for the first time", about, "Wait", _BOTH, tuple(rows), "spread")


def _agencies(figures: Figures, names: Names, read: Reading) -> Table:
    kinds = {"Allocated": "agency", "Accepted": "accepted_by", "Returned": "returned_by"}
    columns = tuple(f"{title}: {unit.lower()}" for title in kinds for unit in _BOTH)
    agencies = list(dict.fromkeys(code for kind in kinds.values() for code in in_order(figures, kind)))
    rows = tuple(
        Row(
            names.agencies.get(agency) or _NOT_RECORDED,
            tuple(cell for kind in kinds.values() for cell in _pair(read, kind, agency)),
        )
        for agency in agencies
    )
    about = "Allocated at these meetings; accepted and returned in this period, whenever the offer was made."
    return Table("agencies", "By agency", about, "Agency", columns, rows, "bars")


def _breakdowns(figures: Figures, names: Names, read: Reading) -> list[Table]:
    def table(key: str, title: str, about: str, words: Callable[[str], str], order: Sequence[str] = ()) -> Table:
        codes = in_order(figures, key, order)
        rows = tuple(Row(words(code) or _NOT_RECORDED, _pair(read, key, code)) for code in codes)
        first = title.removeprefix("By ").capitalize()
        return Table(key, title, about, first, _BOTH, rows, "bars")

    needs = "Families allocated to a service, by the needs that it is to meet. A family with several counts under each."
    levels = sorted(figures.counts.get("level", {}))
    found = [
        table("need", "By need", needs, lambda code: names.needs.get(code, code), tuple(names.needs)),
        table(
            "level",
            "By level of need",
            "Families heard, by the level of need in its own scheme.",
            names.of_level,
            levels,
        ),
        table("panel", "By panel", "Families heard.", lambda code: names.panels.get(code, code), tuple(names.panels)),
    ]
    if names.localities:
        about = "Families heard, by the locality in the paper that was circulated."
        words = lambda code: names.localities.get(code, code)  # noqa: E731
        found.insert(2, table("locality", "By locality", about, words, tuple(names.localities)))
    return found


def _unmet(figures: Figures, names: Names, read: Reading) -> Table:
    codes = in_order(figures, "unmet_need", tuple(names.needs))
    rows = [Row(names.needs.get(code, code), _pair(read, "unmet_need", code)) for code in codes]
    if rows:
        rows.append(Row("One need or more", _pair(read, "unmet"), is_total=True))
    about = (
        "Families heard with a need that no service could meet then, as the panel recorded it. A family with several"
        " counts under each."
    )
    return Table("unmet_need", "Unmet need", about, "Need", _BOTH, tuple(rows), "bars")


def _attendance(figures: Figures, names: Names) -> Table:
    rows = []
    for agency, how in figures.attendance.items():
        meetings = sum(how.values())
        there = sum(how[presence] for presence in REPRESENTED)
        cells: tuple[Cell, ...] = (meetings, *(how[presence] for presence in PRESENCES), share(there, meetings))
        rows.append(Row(names.agencies.get(agency) or _NOT_RECORDED, cells))
    columns = ("Meetings", "Present", "Substitute", "Apologies", "Nobody", "Represented")
    about = (
        "Meetings at which each agency with somebody in a seat was represented. Counted in meetings, not in families."
        " A seat that waits to be named is not an absence."
    )
    ordered = tuple(sorted(rows, key=lambda row: row.label))
    return Table("attendance", "Attendance by agency", about, "Agency", columns, ordered, "bars")
