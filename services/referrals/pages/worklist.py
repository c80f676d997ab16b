"""The front door's worklist."""

from flask import render_template, request

from services.referrals.pages import pages
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
from shared.web.paging import page_asked_for, shown


@pages.get("/worklist")
@needs("front_door")
def worklist() -> str:
    """List the requests of a stage; without one, those that the front door must do something about."""
    stage = request.args.get("stage", "")
    stages = [stage] if stage in STAGES else sorted(AT_FRONT_DOOR)
    with database().read() as session:
        found = shown(read_worklist(session, stages=stages, today=today(), number=page_asked_for()))
        counts = stage_counts(session)
        late = late_count(session, today())
        due = information_due(session, found.rows)
        back = back_from_plans(session, found.rows)
        failed = with_failed_notices(session, found.rows)
    return render_template(
        "referrals/worklist/list.html",
        found=found,
        stage=stage if stage in STAGES else "",
        stages=STAGES,
        counts=counts,
        to_do=sum(counts.get(name, 0) for name in AT_FRONT_DOOR),
        late=late,
        due=due,
        failed=failed,
        back=back,
        choices=choices,
        at_front_door=AT_FRONT_DOOR,
    )
