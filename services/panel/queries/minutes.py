"""What the minutes of a meeting say: JSON values only, references in place of families' names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries.decisions import lines_of
from services.panel.rules.agenda import SEATS
from services.panel.rules.decisions import CARRY_OVER
from services.panel.rules.meeting import CONFIDENTIALITY, PRESENCE
from services.panel.rules.wording import day_in_words, outcome_label
from services.panel.tables import ActionRow, AgendaItemRow, ConflictRow, DecisionRow, MeetingRow

_REMOVED = "Left the agenda before it was heard"


def minutes_of(session: Session, meeting: MeetingRow, *, authority_name: str) -> dict[str, Any]:
    """Return the minutes of a meeting, with every item."""
    items = reads.items_of(session, meeting.id)
    decisions = reads.standing_decisions(session, meeting.id)
    conflicts = reads.conflicts_of(session, [item.id for item in items])
    people = reads.people_of(session, _everybody(session, meeting, conflicts, decisions))
    writer = _Writer(session, people, decisions, conflicts)
    return {
        "authority": authority_name,
        "panel": meeting.panel.name,
        "held_on": day_in_words(meeting.held_on),
        "place": meeting.place,
        "chair": people.get(meeting.chaired_by, "") if meeting.chaired_by else "",
        "notes": people.get(meeting.notes_by, "") if meeting.notes_by else "",
        "confidentiality": CONFIDENTIALITY,
        "attendance": _attendance(session, meeting, people),
        "items": [writer.item(item, meeting) for item in items],
        "left_out": 0,
    }


def _everybody(
    session: Session,
    meeting: MeetingRow,
    conflicts: dict[UUID, list[ConflictRow]],
    decisions: dict[UUID, DecisionRow],
) -> set[UUID | None]:
    seated = {seat.person_id for seat in reads.seats_of(session, meeting.panel_id)}
    attended = set(reads.attendance_of(session, meeting.id))
    in_conflict = {row.person_id for rows in conflicts.values() for row in rows}
    chairs = {row.chaired_by for row in decisions.values()}
    return {meeting.chaired_by, meeting.notes_by} | seated | attended | in_conflict | chairs


def _attendance(session: Session, meeting: MeetingRow, people: dict[UUID, str]) -> list[dict[str, str]]:
    agencies = reads.agency_names(session)
    presences = reads.attendance_of(session, meeting.id)
    return [
        {
            "name": people[seat.person_id],
            "agency": agencies.get(seat.agency_id, "") if seat.agency_id else "",
            "seat": SEATS.get(seat.seat, seat.seat),
            "presence": PRESENCE.get(presences.get(seat.person_id, ""), "Not recorded"),
        }
        for seat in reads.seats_of(session, meeting.panel_id)
        if seat.person_id is not None
    ]


class _Writer:
    """Writes one item after the other from what was read once for the whole meeting."""

    def __init__(
        self,
        session: Session,
        people: dict[UUID, str],
        decisions: dict[UUID, DecisionRow],
        conflicts: dict[UUID, list[ConflictRow]],
    ) -> None:
        self._people, self._decisions, self._conflicts = people, decisions, conflicts
        self._agencies = reads.agency_names(session)
        self._actions = reads.actions_of(session, [row.id for row in decisions.values()])
        self._said_of = lines_of(session, list(decisions.values()))

    def item(self, item: AgendaItemRow, meeting: MeetingRow) -> dict[str, Any]:
        """Return what the minutes say of an item."""
        decision = self._decisions.get(item.id)
        conflicts = self._conflicts.get(item.id, [])
        return {
            "id": str(item.id),
            "number": item.number,
            "reference": item.reference,
            "decision": outcome_label(decision.outcome) if decision else _REMOVED if item.state == "removed" else "",
            "lines": self._said_of[decision.id] if decision else [],
            "reasons": decision.reasons if decision else "",
            "dissent": decision.dissent if decision else "",
            "chair": self._other_chair(decision, meeting),
            "may_be_corrected": bool(decision and decision.outcome != CARRY_OVER),
            "corrected": bool(decision and decision.supersedes_id),
            "conflicts": [{"name": self._people[row.person_id], "nature": row.nature} for row in conflicts],
            "actions": self._said(self._actions.get(decision.id, []) if decision else []),
        }

    def _other_chair(self, decision: DecisionRow | None, meeting: MeetingRow) -> str:
        if decision is None or decision.chaired_by in (None, meeting.chaired_by):
            return ""
        return self._people.get(decision.chaired_by, "")

    def _said(self, actions: Sequence[ActionRow]) -> list[dict[str, str]]:
        return [
            {
                "what": action.what,
                "who": self._agencies.get(action.owner_agency_id, ""),
                "due": day_in_words(action.due_on),
            }
            for action in actions
        ]
