"""Statistics: exact for those who run a panel, to publish for everybody, and months as they were counted."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.access import panels_counted_for
from services.panel.both_doors import statistics_report as reports
from services.panel.both_doors.statistics_report import Report
from services.panel.pages import pages
from services.panel.rules.late_entry import COMPARED
from services.panel.rules.periods import PRESETS, Period, chosen, preset, quarter_key, quarters_before
from services.panel.rules.statistics import UNITS
from services.panel.rules.suppression import MARKS, NOT_AVAILABLE
from services.panel.tables import PanelRow
from shared.errors import Forbidden, Invalid, NotFound
from shared.spreadsheet import XLSX
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Choices, Day
from shared.web.forms import Form, PageForm, read_form

ROLES = ("coordinator", "panel_member", "administrator")
"""Chairs and deputies are members by their role; whoever leads no panel is told so."""
_FILES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
_MOST_QUARTERS = 8


@pages.get("/statistics")
@needs(*ROLES)
def statistics() -> ResponseReturnValue:
    """Show the exact figures of the panels and the period that were chosen."""
    with database().begin() as session:
        panels = _panels(session)
        form = _form(panels)
        report = _exact(session, panels, form, how="page")
    page = render_template(
        "panel/statistics/statistics.html",
        form=form,
        report=report,
        panels={panel.key: panel.name for panel in panels},
        presets=PRESETS,
        units=UNITS,
        unit=form.values.get("count") or "families",
        query=request.query_string.decode(),
    )
    return page, 422 if form.errors else 200


@pages.get("/statistics.<kind>")
@needs(*ROLES)
def statistics_file(kind: str) -> ResponseReturnValue:
    """Give the exact figures as the page shows them with the same choices, as a file."""
    with database().begin() as session:
        panels = _panels(session)
        report = _exact(session, panels, form := _form(panels), how=_kind(kind))
    if report is None:
        raise Invalid("Choose a period again.", dict(form.errors))
    return _file(report, kind, "panel-statistics")


@pages.get("/statistics/publication")
@needs(*ROLES)
def publication() -> ResponseReturnValue:
    """Show the figures of a quarter as they are published, for all panels of the authority."""
    with database().begin() as session:
        _panels(session)
        quarters = _quarters(session)
        asked = request.args.get("quarter") or next(iter(quarters), "")
        report = _published(session, quarters, asked, how="publication page") if quarters else None
    return render_template(
        "panel/statistics/publication.html",
        quarters=quarters,
        asked=asked,
        report=report,
        marks=MARKS,
        not_available=NOT_AVAILABLE,
        unit=request.args.get("count") if request.args.get("count") in UNITS else "families",
        units=UNITS,
    )


@pages.get("/statistics/publication.<kind>")
@needs(*ROLES)
def publication_file(kind: str) -> ResponseReturnValue:
    """Give the figures of a quarter as they are published, as a file."""
    with database().begin() as session:
        _panels(session)
        quarters = _quarters(session)
        asked = request.args.get("quarter") or next(iter(quarters), "")
        report = _published(session, quarters, asked, how=f"publication {_kind(kind)}")
    if report is None:
        raise NotFound("The months of this quarter have not been counted yet.")
    return _file(report, kind, f"panel-statistics-{asked}")


@pages.get("/statistics/months")
@needs(*ROLES)
def counted_months() -> ResponseReturnValue:
    """Show the last months as they were counted when they were over, and what is counted of them today."""
    with database().begin() as session:
        panels = _panels(session)
        months = reports.counted_months(session, panels, today=today(), by=current_person().person_id)
    return render_template(
        "panel/statistics/months.html", months=months, compared=COMPARED, panels=[panel.name for panel in panels]
    )


def _panels(session: Session) -> Sequence[PanelRow]:
    panels = panels_counted_for(session, current_person())
    if not panels:
        raise Forbidden(
            "Statistics are for the chair, the deputies and the coordinator of a panel. You are none of them."
        )
    return panels


def _form(panels: Sequence[PanelRow]) -> Form:
    """Return the choices in the address; the last full month and every panel where nothing is chosen."""
    fields: dict[str, Any] = {
        "period": Choice("The period", PRESETS),
        "panel": Choices("Panels", {panel.key: panel.name for panel in panels}),
        "from_on": Day("The first day"),
        "until_on": Day("The last day"),
        "count": Choice("What the pictures count", UNITS),
    }
    schema: Schema = PageForm.from_dict(fields)()
    form = read_form(schema, request.args)
    form.entered = {"period": "month", "count": "families", "panel": [one.key for one in panels]} | {
        name: value for name, value in form.entered.items() if value
    }
    return form


def _exact(session: Session, panels: Sequence[PanelRow], form: Form, *, how: str) -> Report | None:
    period = _period(form)
    if period is None:
        return None
    wanted = [panel for panel in panels if panel.key in form.entered["panel"]]
    report = reports.exact_report(session, wanted, period, authority=resources().authority, now=now())
    keys = [panel.key for panel in wanted]
    reports.note_reading(session, report, keys, by=current_person().person_id, how=how)
    return report


def _period(form: Form) -> Period | None:
    if form.errors:
        return None
    code = form.values["period"] or "month"
    if code != "own":
        return preset(code, today())
    try:
        return chosen(form.values["from_on"], form.values["until_on"])
    except Invalid as refusal:
        form.add_refusal(refusal)
        return None


def _quarters(session: Session) -> dict[str, Period]:
    quarters = quarters_before(today(), reports.first_day(session, today()))
    return {quarter_key(quarter): quarter for quarter in quarters[:_MOST_QUARTERS]}


def _published(session: Session, quarters: dict[str, Period], asked: str, *, how: str) -> Report | None:
    if asked not in quarters:
        raise NotFound("There is no such quarter, or it is not over.")
    report = reports.published_report(session, quarters[asked], authority=resources().authority)
    if report is not None:
        reports.note_reading(session, report, ["all"], by=current_person().person_id, how=how)
    return report


def _kind(kind: str) -> str:
    if kind not in _FILES:
        raise NotFound("There is no such file.")
    return kind


def _file(report: Report, kind: str, name: str) -> Response:
    body = reports.as_csv(report) if kind == "csv" else reports.as_xlsx(report)
    named = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(body, content_type=_FILES[kind], headers=named)
