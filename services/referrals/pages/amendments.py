"""What was said about requests after they were sent, as the front door reads it."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.referrals.actions.amend import mark_read
from services.referrals.pages import pages
from services.referrals.queries.amendments import count_unread, unread_amendments
from services.referrals.rules import amending
from services.referrals.rules.stages import STAGES
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.paging import page_asked_for, shown


@pages.context_processor
def _amending() -> dict[str, Any]:
    return {"amending": amending, "count_unread_amendments": _count_unread}


def _count_unread() -> int:
    with database().read() as session:
        return count_unread(session)


@pages.get("/amended")
@needs("front_door")
def amended() -> str:
    """List what nobody of the front door has read, oldest first."""
    with database().read() as session:
        found = shown(unread_amendments(session, number=page_asked_for()))
    return render_template("referrals/amend/unread.html", found=found, stages=STAGES)


@pages.post("/requests/<uuid:request_id>/amendments/<uuid:amendment_id>/read")
@needs("front_door")
def post_amendment_read(request_id: UUID, amendment_id: UUID) -> ResponseReturnValue:
    """Keep that it was read."""
    with database().begin() as session:
        mark_read(session, request_id, amendment_id, by=current_person(), now=now())
    return redirect(url_for("pages.request_page", request_id=request_id))
