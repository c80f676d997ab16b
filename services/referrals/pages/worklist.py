"""The front door's worklist."""

from flask import render_template, request

from services.referrals.pages import pages
from services.referrals.pages.paging import Paging
from services.referrals.queries.worklist import (
    back_from_plans,
    information_due,
    late_count,
    stage_counts,
    with_failed_notices,
)
from services.referrals.queries.worklist import worklist as read_worklist
from services.referrals.rules import choices
from services.referrals.rules.stages import AT_FRONT_DOOR, STAGES
from shared.web.access import needs
from shared.web.app import database, today

_PER_PAGE = 25


@pages.get("/worklist")
@needs("front_door")
def worklist() -> str:
    """List the requests of a stage; without one, those that the front door must do something about."""
    stage = request.args.get("stage", "")
    stages = [stage] if stage in STAGES else sorted(AT_FRONT_DOOR)
    paging = Paging.of(request.args, _PER_PAGE)
    with database().read() as session:
        rows, total = read_worklist(session, stages=stages, today=today(), page=paging.page, per_page=_PER_PAGE)
        counts = stage_counts(session)
        late = late_count(session, today())
        due = information_due(session, rows)
        back = back_from_plans(session, rows)
        failed = with_failed_notices(session, rows)
    return render_template(
        "referrals/worklist/list.html",
        requests=rows,
        stage=stage if stage in STAGES else "",
        stages=STAGES,
        counts=counts,
        to_do=sum(counts.get(name, 0) for name in AT_FRONT_DOOR),
        late=late,
        due=due,
        failed=failed,
        back=back,
        choices=choices,
        paging=paging.with_total(total),
    )
