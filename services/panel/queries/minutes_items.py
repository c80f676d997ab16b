"""What minutes say of each item: JSON values only, references in place of families' names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries.decisions import lines_of, ratifications_of
from services.panel.rules.decisions import CARRY_OVER
from services.panel.rules.wording import day_in_words, outcome_label
from services.panel.tables import ActionRow, AgendaItemRow, DecisionRow, MeetingRow

_REMOVED = "Left the agenda before it was heard"
_LEFT_BECAUSE = {
    "withdrawn": "The request was withdrawn",
    "consent_withdrawn": "The family does not agree to sharing any more",
    "taken_back": "The front door decides about it anew",
    "safeguarding": "It went to another team",
    "signposted": "It was answered another way",
    "more_information_asked": "More information was asked for",
    "added_to_plan": "It lies with a plan",
}


class ItemWriter:
    """Writes one item after the other from what was read once for the whole meeting."""

    def __init__(self, session: Session, meeting: MeetingRow, items: Sequence[AgendaItemRow]) -> None:
        self.items, self._meeting = items, meeting
        item_ids = [item.id for item in items]
        self._conflicts = reads.conflicts_of(session, item_ids)
        self._ratified = ratifications_of(session, item_ids)
        self._decisions = reads.standing_decisions(session, meeting.id)
        self._actions = reads.actions_of(session, [row.id for row in self._decisions.values()])
        self._said_of = lines_of(session, list(self._decisions.values()))
        self._people = reads.people_of(session, self._everybody())
        self._agencies = reads.agency_names(session)

    def item(self, item: AgendaItemRow) -> dict[str, Any]:
        """Return what the minutes say of an item."""
        decision = self._decisions.get(item.id)
        return {
            "id": str(item.id),
            "number": item.number,
            "supplement": item.supplement or 0,
            "reference": item.reference,
            "decision": self._decided(item, decision),
            "lines": self._lines(item, decision),
            "reasons": decision.reasons if decision else "",
            "dissent": decision.dissent if decision else "",
            "urgent": self._ratification(item, decision),
            "chair": self._other_chair(decision),
            "may_be_corrected": bool(decision and decision.outcome != CARRY_OVER),
            "corrected": bool(decision and decision.supersedes_id),
            "conflicts": [
                {"name": self._people[row.person_id], "nature": row.nature} for row in self._conflicts.get(item.id, [])
            ],
            "actions": self._said(self._actions.get(decision.id, []) if decision else []),
        }

    def _everybody(self) -> set[UUID | None]:
        people: set[UUID | None] = {row.person_id for rows in self._conflicts.values() for row in rows}
        people |= {row.chaired_by for row in self._decisions.values()}
        return people | {row.owner_person_id for rows in self._actions.values() for row in rows}

    def _decided(self, item: AgendaItemRow, decision: DecisionRow | None) -> str:
        if decision is None:
            return _REMOVED if item.state == "removed" else ""
        return outcome_label(decision.outcome)

    def _lines(self, item: AgendaItemRow, decision: DecisionRow | None) -> list[list[str]]:
        if decision is None:
            why = _LEFT_BECAUSE.get(item.queue_entry.left_because or "", "") if item.state == "removed" else ""
            return [["Why", why]] if why else []
        return [[title, value] for title, value in self._said_of[decision.id]]

    def _ratification(self, item: AgendaItemRow, decision: DecisionRow | None) -> list[list[str]]:
        """Return what this meeting did about a decision that the chair took between meetings."""
        ratified = self._ratified.get(item.id)
        if ratified is None:
            return []
        if ratified.ratified_at is not None:
            did = "Ratified at this meeting"
        elif decision is not None and decision.id != ratified.decision_id:
            did = "Decided otherwise at this meeting"
        else:
            did = "Not come to at this meeting"
        lines = [["Urgent decision", did], ["Said about it", ratified.note]]
        return [line for line in lines if line[1]]

    def _other_chair(self, decision: DecisionRow | None) -> str:
        if decision is None or decision.chaired_by in (None, self._meeting.chaired_by):
            return ""
        return self._people.get(decision.chaired_by, "")

    def _said(self, actions: Sequence[ActionRow]) -> list[dict[str, str]]:
        said = []
        for action in actions:
            agency = self._agencies.get(action.owner_agency_id, "")
            person = self._people.get(action.owner_person_id, "") if action.owner_person_id else ""
            who = ", ".join(part for part in (person, agency) if part)
            said.append({"what": action.what, "who": who, "due": day_in_words(action.due_on)})
        return said


def conflicts_in(written: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every declaration of a meeting in the order of its items: number, who, and what it is."""
    return [
        {"item": item["id"], "number": item["number"], **conflict} for item in written for conflict in item["conflicts"]
    ]
