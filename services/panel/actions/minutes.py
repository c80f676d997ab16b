"""Write the minutes of a meeting, issue each version of them to its members, and show each only what is open to them."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import action_log
from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.queries.minutes import minutes_of
from services.panel.queries.minutes_items import ItemWriter
from services.panel.queries.papers import closed_to_member
from services.panel.rules import minutes as rules
from services.panel.rules.consent import HIDES_DECISION
from services.panel.rules.meeting import check_may_run
from services.panel.rules.wording import day_in_words
from services.panel.tables import AgendaItemRow, DocumentRow, MeetingRow, MinutesRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Invalid, NotFound
from shared.events.panel import MinutesIssued
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce
from shared.pdf import render_pdf

_ANY = "any"
TEMPLATE = Path(__file__).parents[1] / "papers" / "minutes.typ"


def issue_minutes(
    session: Session,
    meeting: MeetingRow,
    *,
    authority: Authority,
    now: datetime,
    because: str = "ended",
    by: UUID | None = None,
) -> DocumentRow:
    """Issue the minutes of an ended meeting as a draft, the next version of it after a correction, and announce it."""
    content = minutes_of(session, meeting, authority=authority)
    document = keep_version(session, meeting, content, state="draft", because=because, by=by, now=now)
    announce_minutes(session, meeting, state="draft")
    return document


def issue_later(session: Session, meeting_id: UUID, *, by: UUID, authority: Authority, now: datetime) -> DocumentRow:
    """Issue the minutes of a meeting that ended without; raises NotFound, Forbidden, Conflict."""
    meeting = reads.locked_meeting(session, meeting_id)
    check_may_run(reads.parts_of(session, meeting, by))
    rules.check_may_issue(meeting.state, kept.state_at(session, meeting.id))
    record(session, who=by, did="issued_minutes", subject="meeting", subject_id=meeting.id)
    return issue_minutes(session, meeting, authority=authority, now=now, because="issued", by=by)


def follow_correction(
    session: Session, meeting: MeetingRow, item_id: UUID, *, authority: Authority, by: UUID, now: datetime
) -> None:
    """Let minutes follow a decision that was corrected after the meeting: a new draft, or an addendum once approved.

    Minutes that have not been issued yet will say it by themselves.
    """
    state = kept.state_at(session, meeting.id)
    if state is rules.Minutes.DRAFT:
        issue_minutes(session, meeting, authority=authority, now=now, because="decision_corrected", by=by)
    elif state is rules.Minutes.APPROVED:
        items = [item for item in reads.items_of(session, meeting.id) if item.id == item_id]
        writer = ItemWriter(session, meeting, items)
        written = [writer.item(item) for item in items]
        words = f"The decision about item {written[0]['number']} was corrected."
        keep_addendum(session, meeting, words=words, about=items[0], items=written, by=by, now=now)


def item_open_to(session: Session, meeting: MeetingRow, item_id: UUID | None, by: UUID) -> AgendaItemRow | None:
    """Return the item of a meeting at which somebody writes, None for the minutes as a whole; raises Invalid."""
    if item_id is None:
        return None
    items = reads.items_of(session, meeting.id)
    closed = closed_to_member(session, meeting, items, by)
    found = next((item for item in items if item.id == item_id and item_id not in closed), None)
    if found is None:
        message = "Select an item of these minutes"
        raise Invalid(message, {"item_id": [message]})
    return found


def check_names_only(session: Session, meeting: MeetingRow, words: str, about: AgendaItemRow | None) -> None:
    """Refuse words that name another family of these minutes than that at whose item they stand; raises Invalid."""
    numbers = {item.reference: item.number for item in reads.items_of(session, meeting.id) if item.number}
    rules.check_names_only(words, about=about.number if about else None, numbers=numbers)


def keep_addendum(
    session: Session,
    meeting: MeetingRow,
    *,
    words: str,
    about: AgendaItemRow | None,
    items: list[dict[str, Any]],
    by: UUID,
    now: datetime,
) -> DocumentRow:
    """Add to approved minutes without changing a word of them, and announce it.

    What is `about` an item is read by whoever may read the item, and by everybody with a seat where it is about none.
    """
    newest = kept.newest(session, meeting.id)
    if newest is None or newest.content is None:
        raise NotFound("There are no minutes to add to.")
    addenda = newest.content["addenda"]
    addendum = {
        "number": len(addenda) + 1,
        "made_on": day_in_words(london_date(now)),
        "by": reads.people_of(session, [by])[by],
        "words": words,
        "about": str(about.id) if about else "",
        "about_number": about.number if about else None,
        "items": items,
    }
    content = newest.content | {"addenda": [*addenda, addendum]}
    document = keep_version(session, meeting, content, state="addendum", because="addendum", by=by, now=now)
    announce_minutes(session, meeting, state="addendum")
    return document


def keep_version(
    session: Session,
    meeting: MeetingRow,
    content: dict[str, Any],
    *,
    state: str,
    because: str,
    by: UUID | None,
    now: datetime,
) -> DocumentRow:
    """Keep what the next version of minutes says, with its PDF; neither ever changes."""
    newest = kept.newest(session, meeting.id)
    version = newest.document.version + 1 if newest else 1
    content = content | {"version": version}
    pdf = minutes_pdf(content)
    document = DocumentRow(meeting_id=meeting.id, kind=kept.KIND, version=version, made_at=now, pdf=pdf)
    session.add(document)
    session.flush()
    session.add(
        MinutesRow(
            document_id=document.id, meeting_id=meeting.id, state=state, because=because, content=content, made_by=by
        )
    )
    session.flush()
    return document


def announce_minutes(session: Session, meeting: MeetingRow, *, state: str) -> None:
    """Announce a version of minutes to everybody with a seat, and that they are approved to who has something to do too."""
    members = {seat.person_id: seat for seat in reads.seats_of(session, meeting.panel_id) if seat.person_id is not None}
    owners = action_log.who_has_to_do(session, meeting.id) if state == "approved" else []
    announce(
        session,
        MinutesIssued(
            meeting_id=meeting.id,
            panel_name=meeting.panel.name,
            held_on=meeting.held_on,
            member_ids=tuple(members),
            state=state,
            owner_ids=tuple(person_id for person_id in owners if person_id not in members),
        ),
    )


def minutes_pdf(minutes: dict[str, Any]) -> bytes:
    """Return minutes as a tagged PDF."""
    return render_pdf(TEMPLATE, minutes)


def minutes_for(session: Session, meeting: MeetingRow, person: Person, *, authority: Authority) -> dict[str, Any]:
    """Return the newest minutes as this member may read them; before they are issued, as they would be now.

    Left out is what is about items with which they declared a conflict, and about families that exclude their agency
    now, or whose newest answer is not here yet.
    """
    newest = kept.newest(session, meeting.id)
    content = newest.content if newest else None
    minutes = content or minutes_of(session, meeting, authority=authority)
    return _without(
        minutes, _items_closed_to(session, meeting, person.person_id), _arising_closed(session, minutes, person)
    )


def pdf_for(session: Session, meeting: MeetingRow, person: Person, *, authority: Authority) -> bytes | None:
    """Return the issued minutes as this member may read them, or None when there are none yet."""
    newest = kept.newest(session, meeting.id)
    if newest is None:
        return None
    minutes = minutes_for(session, meeting, person, authority=authority)
    return minutes_pdf(minutes) if minutes["left_out"] else newest.document.pdf


def _without(minutes: dict[str, Any], items: Collection[str], actions: Collection[str]) -> dict[str, Any]:
    def shown(rows: list[dict[str, Any]], key: str, closed: Collection[str]) -> list[dict[str, Any]]:
        return [row for row in rows if row[key] not in closed]

    kept_items = shown(minutes["items"], "id", items)
    arising = shown(minutes["arising"], "action", actions)
    left_out = len(minutes["items"]) - len(kept_items) + len(minutes["arising"]) - len(arising)
    return minutes | {
        "items": kept_items,
        "arising": arising,
        "conflicts": shown(minutes["conflicts"], "item", items),
        "corrections": shown(minutes["corrections"], "item", items),
        "addenda": [one for one in minutes["addenda"] if not items or _about(one) not in (*items, _ANY)],
        "approval": minutes["approval"] and minutes["approval"] | ({"corrections": ""} if items else {}),
        "left_out": left_out,
    }


def _about(addendum: dict[str, Any]) -> str:
    """Return the item that an addendum is about, empty for none.

    Words from before they stood at an item may be about any, as may the corrections of an approval then: whoever may
    not read of every family reads neither.
    """
    of_decision = [str(item["id"]) for item in addendum["items"]]
    return str(addendum.get("about", next(iter(of_decision), _ANY)))


def _items_closed_to(session: Session, meeting: MeetingRow, person_id: UUID) -> Collection[str]:
    closed = closed_to_member(session, meeting, reads.items_of(session, meeting.id), person_id)
    return {str(item_id) for item_id, why in closed.items() if why in HIDES_DECISION}


def _arising_closed(session: Session, minutes: dict[str, Any], person: Person) -> Collection[str]:
    ids = [UUID(one["action"]) for one in minutes["arising"]]
    return {str(action_id) for action_id in action_log.closed_among(session, ids, person)}
