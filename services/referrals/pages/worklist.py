"""The front door's worklist, with its filters and its search."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.referrals.pages import pages
from services.referrals.queries.worklist import (
    Filter,
    back_from_plans,
    information_due,
    late_count,
    stage_counts,
    unanswered,
    with_failed_notices,
)
from services.referrals.queries.worklist import worklist as read_worklist
from services.referrals.rules import choices
from services.referrals.rules.stages import AT_FRONT_DOOR, STAGES
from services.referrals.rules.triage_clock import colour
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Line
from shared.web.forms import PageForm, read_form
from shared.web.paging import page_asked_for, shown

_ROWS = 60
CLOCKS = {"amber": "Soon due", "red": "Late"}
WORKERS = {"me": "Mine", "nobody": "Nobody's"}


class SearchForm(PageForm):
    """What to look for."""

    text = Line("Reference or name", required=True, longest=100)


@pages.get("/worklist")
@needs("front_door")
def worklist() -> str:
    """List the requests of a stage; without one, those that the front door must do something about."""
    return _page(_asked_for(request.args))


@pages.post("/worklist/search")
@needs("front_door")
def post_search() -> ResponseReturnValue:
    """Look for a reference or a name in every stage. Sent, not linked: a name does not belong into an address."""
    form = read_form(SearchForm(), request.form)
    if form.errors:
        return _page(_asked_for(MultiDict()), error=form.errors["text"]), 422
    with database().begin() as session:
        record(session, who=current_person().person_id, did="searched", subject="worklist", subject_id="worklist")
    return _page(Filter(stages=STAGES, text=form.values["text"]))


def _asked_for(arguments: MultiDict[str, str]) -> Filter:
    """Return the filters that an address names; what it names wrongly leaves nothing out."""
    stage, worker = arguments.get("stage", ""), arguments.get("worker", "")
    return Filter(
        stages=[stage] if stage in STAGES else AT_FRONT_DOOR,
        locality=_one_of(arguments.get("locality", ""), _localities()),
        kind=_one_of(arguments.get("kind", ""), choices.KINDS),
        worker=current_person().person_id if worker == "me" else _one_of(worker, WORKERS),
        clock=_one_of(arguments.get("clock", ""), CLOCKS),
    )


def _one_of(value: str, known: dict[str, str]) -> str:
    return value if value in known else ""


def _localities() -> dict[str, str]:
    return {locality.key: locality.name for locality in resources().authority.localities}


def _page(asked: Filter, error: str = "") -> str:
    moment = now()
    with database().read() as session:
        found = shown(read_worklist(session, asked, now=moment, number=page_asked_for(), size=_ROWS))
        counts = stage_counts(session)
        about: dict[str, Any] = {
            "late": late_count(session, moment),
            "due": information_due(session, found.rows),
            "back": back_from_plans(session, found.rows),
            "unanswered": unanswered(session, found.rows),
            "failed": with_failed_notices(session, found.rows),
        }
    return render_template(
        "referrals/worklist/list.html",
        found=found,
        asked=asked,
        error=error,
        stage=request.args.get("stage", "") if len(asked.stages) == 1 else "",
        worker=request.args.get("worker", ""),
        stages=STAGES,
        counts=counts,
        to_do=sum(counts.get(name, 0) for name in AT_FRONT_DOOR),
        colours={row.id: colour(moment, amber=row.triage_amber_at, due=row.triage_due_at) for row in found.rows},
        choices=choices,
        at_front_door=AT_FRONT_DOOR,
        clocks=CLOCKS,
        workers=WORKERS,
        localities=_localities(),
        **about,
    )
