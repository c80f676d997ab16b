"""Late items: families that come on to an agenda after it has closed, by leave of the chair or a deputy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import late_items as actions
from services.panel.pages import pages
from services.panel.pages.arrangements import LONGEST_REASON
from services.panel.pages.asking import level_in_words
from services.panel.pages.meeting import meeting_of_panel_led
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import meeting as reads
from services.panel.queries.queue import waits_by_reference
from services.panel.queries.queue_page import QueueFilter, QueueLine, queue_page
from services.panel.rules.meeting import CHAIRS
from services.panel.rules.queue import URGENCIES, WHY
from services.panel.tables import MeetingRow
from shared.audit import record
from shared.errors import Invalid
from shared.references import read_reference
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Choice, Choices, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form

MOST_SHOWN = 20


@dataclass(frozen=True)
class _Late:
    """A meeting whose agenda has closed, who is first in its panel's queue, and who may give leave."""

    meeting: MeetingRow
    first: Sequence[QueueLine]
    may_give_leave: dict[str, str]

    @property
    def requests(self) -> dict[str, str]:
        """Return the requests that can be ticked."""
        return {str(line.entry.request_id): line.entry.reference for line in self.first}

    def form(self) -> PageForm:
        """Return the form with what can be chosen here."""
        fields = {
            "request_ids": Choices("A request", self.requests),
            "reference": Line("The reference", longest=20),
            "leave_by": Choice("Who gave leave", self.may_give_leave, required=True),
            "reason": Words("The reason", required=True, longest=LONGEST_REASON),
        }
        return cast(PageForm, PageForm.from_dict(fields)())  # type: ignore[arg-type]


@pages.get("/meetings/<uuid:meeting_id>/late-items")
@needs("coordinator", "panel_member")
def late_items(meeting_id: UUID) -> str:
    """Show who waits and could come on to a closed agenda late."""
    person = current_person()
    with database().begin() as session:
        late = _late(session, meeting_id)
        record(session, who=person.person_id, did="read_queue", subject="meeting", subject_id=meeting_id)
        own = {"leave_by": str(person.person_id)} if str(person.person_id) in late.may_give_leave else {}
        ticked = {"request_ids": request.args.getlist("request")} if "request" in request.args else {}
        return _show(late, show_form(late.form(), own | ticked))


@pages.post("/meetings/<uuid:meeting_id>/late-items")
@needs("coordinator", "panel_member")
def take_late(meeting_id: UUID) -> ResponseReturnValue:
    """Take families on to a closed agenda."""
    with database().read() as session:
        late = _late(session, meeting_id)
        form = read_form(late.form(), request.form)
        chosen = _chosen(session, late, form)
    status = try_form(form, lambda session: _take_late(session, meeting_id, form, chosen))
    if status == DONE:
        flash("The late items are on the agenda. Their papers go out as a supplement by themselves.")
        return redirect(url_for("pages.agenda", meeting_id=meeting_id))
    with database().read() as session:
        return _show(_late(session, meeting_id), form), status


def _late(session: Session, meeting_id: UUID) -> _Late:
    meeting = meeting_of_panel_led(session, meeting_id)
    first = queue_page(
        session, QueueFilter([meeting.panel_id], current_person().person_id, can_come_late=True), 1
    ).rows[:MOST_SHOWN]
    chairs = [row for row in reads.seats_of(session, meeting.panel_id) if row.seat in CHAIRS]
    names = reads.people_of(session, [row.person_id for row in chairs])
    return _Late(meeting, first, {str(person_id): name for person_id, name in names.items()})


def _chosen(session: Session, late: _Late, form: Form) -> list[UUID]:
    """Return the requests that were ticked or named, and say on the form what is wrong with them."""
    ticked, typed = form.entered.get("request_ids"), str(form.entered.get("reference") or "").strip()
    if not ticked and not typed:
        form.add_error("request_ids" if late.first else "reference", "Select a request, or enter its reference")
    if form.errors:
        return []
    chosen = [UUID(text) for text in form.values["request_ids"]]
    try:
        if typed:
            reference = read_reference(typed)
            named = waits_by_reference(session, late.meeting.panel_id, reference, current_person().person_id)
            if named is None:
                form.add_error("reference", "No request with this reference waits at this panel")
            else:
                chosen.append(named)
    except Invalid as refusal:
        form.add_error("reference", str(refusal))
    return chosen


def _take_late(session: Session, meeting_id: UUID, form: Form, chosen: list[UUID]) -> None:
    actions.take_late(
        session,
        meeting_id,
        chosen,
        leave_by=UUID(form.values["leave_by"]),
        reason=form.values["reason"],
        by=current_person().person_id,
        now=now(),
    )


def _show(late: _Late, form: Form) -> str:
    return render_template(
        "panel/agenda/late_items.html",
        late=late,
        meeting=late.meeting,
        form=form,
        why=WHY,
        urgencies=URGENCIES,
        level_in_words=level_in_words,
    )
