"""JSON routes for statistics: exact for those who run a panel, to publish, and months as they were counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.panel.access import panels_counted_for
from services.panel.both_doors import statistics_report as reports
from services.panel.both_doors.statistics_report import Report
from services.panel.rules.late_entry import CountedMonth
from services.panel.rules.periods import PRESETS, Period, chosen, preset, quarter_key, quarters_before
from services.panel.rules.statistics import Count
from services.panel.tables import PanelRow
from shared.errors import Forbidden, NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Day

api = Blueprint("statistics", __name__, description="What panels decided, how long families waited, who came.")


class StatisticsQuerySchema(Schema):
    """Which period and panels; the last full month of every panel that the person leads, where nothing is said."""

    period = Choice("The period", PRESETS)
    from_on = Day("The first day")
    until_on = Day("The last day")
    panel = fields.List(fields.String(validate=validate.Length(max=100)), load_default=[])


class PublicationQuerySchema(Schema):
    """Which quarter, as `2026-Q3`."""

    quarter = fields.String(required=True, validate=validate.Regexp(r"^\d{4}-Q[1-4]$"))


class RowSchema(Schema):
    """A line of a table: numbers, percentages as text, and the marks c, z and : in place of figures."""

    label = fields.String()
    cells = fields.List(fields.Raw())
    is_total = fields.Boolean()


class TableSchema(Schema):
    """A table with what it counts; its columns say whether families, children or meetings are counted."""

    key = fields.String()
    title = fields.String()
    about = fields.String()
    first = fields.String()
    columns = fields.List(fields.String())
    rows = fields.List(fields.Nested(RowSchema))


class ReportSchema(Schema):
    """Statistics with what was counted, of when, and by which rule."""

    title = fields.String()
    from_on = fields.Date()
    until_on = fields.Date()
    panels = fields.List(fields.String())
    made_at = fields.AwareDateTime()
    rule = fields.String()
    tables = fields.List(fields.Nested(TableSchema))


class CountSchema(Schema):
    """How many families, and how many children."""

    families = fields.Integer()
    children = fields.Integer()


class ThenAndNowSchema(Schema):
    """A figure as it was when the month was over, and as it is today."""

    then = fields.Nested(CountSchema)
    now = fields.Nested(CountSchema)


class CountedMonthSchema(Schema):
    """A month as it was counted."""

    month = fields.String()
    made_at = fields.AwareDateTime()
    figures = fields.Dict(keys=fields.String(), values=fields.Nested(ThenAndNowSchema))


class CountedMonthsSchema(Schema):
    """The last months, the latest first."""

    months = fields.List(fields.Nested(CountedMonthSchema))


@api.route("/statistics", methods=["GET"])
@api.arguments(StatisticsQuerySchema, location="query")
@api.response(200, ReportSchema)
@needs("coordinator", "panel_member", "administrator")
def get_statistics(query: Mapping[str, Any]) -> dict[str, Any]:
    """Give the exact figures of panels that the person leads."""
    code = query["period"] or ("own" if query["from_on"] or query["until_on"] else "month")
    period = chosen(query["from_on"], query["until_on"]) if code == "own" else preset(code, today())
    with database().begin() as session:
        panels = _panels(session, query["panel"])
        report = reports.exact_report(session, panels, period, authority=resources().authority, now=now())
        keys = [panel.key for panel in panels]
        reports.note_reading(session, report, keys, by=current_person().person_id, how="api")
    return _report(report)


@api.route("/statistics/publication", methods=["GET"])
@api.arguments(PublicationQuerySchema, location="query")
@api.response(200, ReportSchema)
@needs("coordinator", "panel_member", "administrator")
def get_publication(query: Mapping[str, Any]) -> dict[str, Any]:
    """Give the figures of a quarter of all panels as they are published."""
    with database().begin() as session:
        _panels(session, [])
        quarters = {quarter_key(one): one for one in _quarters(session)}
        quarter = quarters.get(query["quarter"])
        report = reports.published_report(session, quarter, authority=resources().authority) if quarter else None
        if report is None:
            raise NotFound("There is no such quarter, or its months have not been counted yet.")
        reports.note_reading(session, report, ["all"], by=current_person().person_id, how="publication api")
    return _report(report)


@api.route("/statistics/months", methods=["GET"])
@api.response(200, CountedMonthsSchema)
@needs("coordinator", "panel_member", "administrator")
def get_counted_months() -> dict[str, Any]:
    """Give the last months as they were counted, with what is counted of each today."""
    with database().begin() as session:
        panels = _panels(session, [])
        months = reports.counted_months(session, panels, today=today(), by=current_person().person_id)
    return {"months": [_month(month) for month in months]}


def _panels(session: Session, keys: Sequence[str]) -> Sequence[PanelRow]:
    panels = panels_counted_for(session, current_person())
    if not panels:
        raise Forbidden("Statistics are for the chair, the deputies and the coordinator of a panel.")
    wanted = [panel for panel in panels if not keys or panel.key in keys]
    if set(keys) - {panel.key for panel in wanted}:
        raise NotFound("There is no such panel.")
    return wanted


def _quarters(session: Session) -> list[Period]:
    return quarters_before(today(), reports.first_day(session, today()))


def _report(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "from_on": report.period.from_on,
        "until_on": report.period.until_on,
        "panels": report.panels,
        "made_at": report.made_at,
        "rule": report.rule,
        "tables": report.tables,
    }


def _month(month: CountedMonth) -> dict[str, Any]:
    def count(one: Count) -> dict[str, int]:
        return {"families": one.families, "children": one.children}

    figures = {name: {"then": count(one.then), "now": count(one.now)} for name, one in month.figures.items()}
    return {"month": month.key, "made_at": month.made_at, "figures": figures}
