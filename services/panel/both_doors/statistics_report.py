"""Statistics as somebody asked for them, with what was counted, of when, and by which rule: for pages, files and JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from services.panel.queries import calendar as calendar_queries
from services.panel.queries import snapshots, statistics
from services.panel.queries.people import names_of_agencies
from services.panel.rules import published_statistics, statistics_exact
from services.panel.rules.late_entry import CountedMonth, counted_month
from services.panel.rules.paper import level_in_words
from services.panel.rules.periods import Period
from services.panel.rules.statistics import Count, Figures
from services.panel.rules.statistics_tables import Names, Table, tables
from services.panel.rules.suppression import MARKS
from services.panel.tables import PanelRow
from shared.audit import record
from shared.authority import Authority
from shared.codes import code_set
from shared.spreadsheet import Sheet, csv_file, xlsx_file
from shared.web.formats import moment

EXACT_RULE = (
    "Exact figures, for those who run the panel. Do not pass them on: a figure of 1 to 5 may tell of a family."
    " What is published is on a page of its own."
)
COUNTED = (
    "A family counts at each meeting that had it on its agenda. One with several requests at a meeting counts once."
    " A corrected decision counts as it stands at the time of counting. Children count as they were told to the panel."
)

_MONTHS_BACK = 12


@dataclass(frozen=True)
class Report:
    """Statistics of a period and panels; `different` is how many different families were heard, each once."""

    title: str
    period: Period
    panels: tuple[str, ...]
    made_at: datetime
    rule: str
    figures: Figures
    tables: tuple[Table, ...]
    different: Count | None = None

    @property
    def has_small(self) -> bool:
        """Say whether there is a figure that may tell of a single family."""
        return self.different is not None and any(map(statistics_exact.has_small, self.tables))

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Return what a reader of the figures must know, each with its title."""
        return [
            ("What", self.title),
            ("Period", self.period.in_words()),
            ("Panels", ", ".join(self.panels)),
            ("Counted", COUNTED),
            ("Made", moment(self.made_at)),
            ("Rule", self.rule),
            *((f"The mark {mark}", words) for mark, words in MARKS.items() if self.different is None),
        ]


def exact_report(
    session: Session, panels: Sequence[PanelRow], period: Period, *, authority: Authority, now: datetime
) -> Report:
    """Return the exact figures of these panels as they are counted now."""
    ids = [panel.id for panel in panels]
    figures = statistics.figures_of(session, ids, period)
    names = _names(session, authority)
    read = statistics_exact.reading(figures)
    return Report(
        title="Panel statistics, exact",
        period=period,
        panels=tuple(panel.name for panel in panels),
        made_at=now,
        rule=EXACT_RULE,
        figures=figures,
        tables=tuple(tables(figures, names, read, period.months)),
        different=statistics.different_families(session, ids, period),
    )


def published_report(session: Session, quarter: Period, *, authority: Authority) -> Report | None:
    """Return what is published of a quarter of all panels, from months as they were counted; None while one is missing."""
    panels = calendar_queries.panels(session)
    kept = snapshots.snapshot_of(session, [panel.id for panel in panels], quarter)
    if kept is None:
        return None
    read = published_statistics.reading(snapshots.figures_by_panel(session, panels, quarter))
    found = tables(kept.figures, _names(session, authority), read, quarter.months)
    return Report(
        title="Panel statistics, to publish",
        period=quarter,
        panels=tuple(panel.name for panel in panels),
        made_at=kept.made_at,
        rule=published_statistics.RULE,
        figures=kept.figures,
        tables=tuple(map(_numbered, found)),
    )


def as_csv(report: Report) -> bytes:
    """Return a report as CSV, a line for each figure: first what was counted, then the figures."""
    return csv_file(("Table", "Line", "Figure", "Value"), _csv_rows(report))


def as_xlsx(report: Report) -> bytes:
    """Return a report as a workbook: a sheet that says what was counted, then one for each table."""
    about = Sheet("About", (), ("", ""), report.lines)
    sheets = [
        Sheet(
            table.title,
            (table.title, table.about),
            (table.first, *table.columns),
            [(r.label, *r.cells) for r in table.rows],
        )
        for table in report.tables
    ]
    return xlsx_file([about, *sheets])


def note_reading(session: Session, report: Report, keys: Sequence[str], *, by: UUID, how: str) -> None:
    """Write down who read which figures, and how."""
    record(
        session,
        who=by,
        did="read_statistics",
        subject="statistics",
        subject_id=how,
        panels=list(keys),
        from_on=report.period.from_on.isoformat(),
        until_on=report.period.until_on.isoformat(),
        title=report.title,
    )


def counted_months(session: Session, panels: Sequence[PanelRow], *, today: date, by: UUID) -> list[CountedMonth]:
    """Return the last months that were counted, the latest first, with what is counted of each today."""
    ids = [panel.id for panel in panels]
    period = Period((today - relativedelta(months=_MONTHS_BACK)).replace(day=1), today)
    kept = snapshots.snapshots_of(session, ids, period)
    now = statistics.figures_of(session, ids, period)
    keys = [panel.key for panel in panels]
    record(session, who=by, did="read_statistics", subject="statistics", subject_id="months", panels=keys)
    return [counted_month(key, kept[key].made_at, kept[key].figures, now) for key in sorted(kept, reverse=True)]


def first_day(session: Session, today: date) -> date:
    """Return from when on there are statistics: the first meeting that was held, else today."""
    return statistics.first_meeting_on(session) or today


def _csv_rows(report: Report) -> Iterator[tuple[object, ...]]:
    for title, text in report.lines:
        yield "About", title, "", text
    for table in report.tables:
        yield table.title, "What is counted", "", table.about
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                yield table.title, row.label, column, cell


def _numbered(table: Table) -> Table:
    """Return a published table whose figures are numbers where they are written as such: a spreadsheet adds them up."""
    rows = (
        replace(row, cells=tuple(int(cell) if isinstance(cell, str) and cell.isdigit() else cell for cell in row.cells))
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _names(session: Session, authority: Authority) -> Names:
    return Names(
        panels={panel.key: panel.name for panel in calendar_queries.panels(session)},
        agencies=names_of_agencies(session),
        localities={locality.key: locality.name for locality in authority.localities},
        needs=code_set("need"),
        level=partial(level_in_words, authority),
    )
