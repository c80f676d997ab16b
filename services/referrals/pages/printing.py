"""One page to print or save: the answers before they are sent, and the copy of what was sent."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_summary import sections_of
from services.referrals.pages.draft import draft, has_localities
from services.referrals.pages.drafts_here import forget_draft_here
from services.referrals.queries.amendments import own_amendments
from services.referrals.queries.copies import copy_of
from services.referrals.queries.requests import own_request
from services.referrals.rules import journey
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import current_person, needs, open_to_everyone
from shared.web.app import database, now, resources

_WHY = "families ask for help without an account"
PRINTED_WITHIN = timedelta(hours=1)
"""For how long the browser that sent a request shows the copy: others may sit at it later."""

_NOT_ANY_MORE = "This browser shows what was sent for an hour only. Ring us if you need a copy."


@pages.get("/ask/check/print")
@open_to_everyone(_WHY)
def print_check() -> str:
    """Show the answers so far on one page."""
    with draft() as held:
        return render_template(
            "referrals/print/page.html", sections=sections_to_keep(held.with_files()), back=url_for("pages.check")
        )


@pages.get("/ask/sent/print")
@open_to_everyone("shown for an hour, in the browser that sent it")
def print_just_sent() -> str:
    """Show the copy of what this browser sent."""
    with draft(is_sent=True) as held:
        row = held.session.get_one(RequestRow, held.row.request_id)
        if now() - row.received_at > PRINTED_WITHIN:
            raise NotFound(_NOT_ANY_MORE)
        sections = copy_of(held.session, row.id)
        record(held.session, who="visitor", did="read_copy", subject="request", subject_id=row.id)
        return _copy_page(row, sections, back=url_for("pages.confirmation"))


@pages.get("/sent/<uuid:request_id>/print")
@needs("referrer", "social_worker")
def print_sent(request_id: UUID) -> str:
    """Show the copy of what this person sent, and what they said later."""
    person_id = current_person().person_id
    with database().begin() as session:
        row = own_request(session, request_id, person_id)
        sections, mine = copy_of(session, request_id), own_amendments(session, request_id, person_id)
        record(session, who=person_id, did="read_copy", subject="request", subject_id=request_id)
    return _copy_page(row, sections, back=url_for("pages.sent_request", request_id=request_id), mine=mine)


@pages.post("/ask/sent/leave")
@open_to_everyone("it only forgets what was sent in this browser")
def post_leave_sent() -> ResponseReturnValue:
    """Forget in this browser which request was sent."""
    forget_draft_here()
    return redirect(url_for("pages.start"))


def sections_to_keep(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the answers as the check page shows them, without the ways to change them."""
    steps = journey.steps_for(content, has_localities=has_localities())
    return [
        {
            "title": section["title"],
            "cards": [
                {"title": card["title"], "warning": card.get("warning", ""), "rows": card["rows"]}
                for card in section["cards"]
            ],
        }
        for section in sections_of(content, steps, resources().authority)
    ]


def _copy_page(row: RequestRow, sections: Sequence[Mapping[str, Any]], *, back: str, mine: Sequence[Any] = ()) -> str:
    shown = {"reference": row.reference, "sent_at": row.received_at, "sections": sections, "mine": mine}
    return render_template("referrals/print/page.html", back=back, **shown)
