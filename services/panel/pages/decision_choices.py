"""What can be chosen at an item, and what the family had asked for: read for the decision's page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.access import item_with_paper
from services.panel.decision_fields import Options
from services.panel.queries import meeting as reads
from services.panel.rules.fit import ServiceOnOffer
from services.panel.rules.meeting import CHAIRS
from services.panel.rules.paper import ages_of, need_labels
from services.panel.tables import AgendaItemRow, DecisionRow, MeetingRow
from shared.agencies import is_excluded
from shared.codes import code_set
from shared.errors import NotFound
from shared.identity import Person


@dataclass(frozen=True)
class Asked:
    """What was asked for, from the paper that the members read; empty for whoever may not read it."""

    needs: dict[str, str] = field(default_factory=dict)
    ages: list[str] = field(default_factory=list)
    needs_to_happen: str = ""
    is_open: bool = False


def asked_for(session: Session, item: AgendaItemRow, person: Person, today: date) -> Asked:
    """Return what was asked for at an item, as far as the person may read its paper."""
    try:
        _, _, paper = item_with_paper(session, item.meeting_id, item.id, person, today)
    except NotFound:
        return Asked()
    codes = [str(need.get("code", "")) for need in paper.content.get("needs", [])]
    return Asked(
        needs=dict(zip(codes, need_labels(paper.content), strict=True)),
        ages=ages_of(paper.content, today),
        needs_to_happen=str(paper.content.get("needs_to_happen") or ""),
        is_open=True,
    )


def needs_first(asked: Asked) -> dict[str, str]:
    """Return every need there is, those of the request first."""
    known = code_set("need")
    return {code: known[code] for code in asked.needs if code in known} | known


def services_on_offer(session: Session, not_with: Sequence[str]) -> list[ServiceOnOffer]:
    """Return the open services of agencies that the family did not exclude."""
    return [
        ServiceOnOffer(str(service.service_id), f"{service.name} ({agency.name})", frozenset(service.needs))
        for service, agency in reads.open_services(session)
        if not is_excluded(agency.name, not_with)
    ]


def options_at(
    session: Session,
    meeting: MeetingRow,
    services: Sequence[ServiceOnOffer],
    not_with: Sequence[str],
    in_conflict: set[UUID],
) -> Options:
    """Return what can be chosen: nobody whom the family excluded, and no chair with a conflict."""
    seats = [row for row in reads.seats_of(session, meeting.panel_id) if row.seat in CHAIRS]
    names = reads.people_of(session, [row.person_id for row in seats])
    agencies = reads.agency_names(session)
    return Options(
        services={service.key: service.label for service in services},
        agencies={str(key): name for key, name in agencies.items() if not is_excluded(name, not_with)},
        chairs={str(key): name for key, name in names.items() if key not in in_conflict},
    )


def first_shown(session: Session, outcome: str, standing: DecisionRow | None, asked: Asked) -> dict[str, Any]:
    """Return what a decision's form is first filled with: a correction starts from what it corrects."""
    if standing is None or standing.outcome != outcome:
        return {"needs": list(asked.needs)}
    actions = reads.actions_of(session, [standing.id]).get(standing.id, [])
    rows = {
        f"action_{number}_{part}": value
        for number, action in enumerate(actions, 1)
        for part, value in (
            ("what", action.what),
            ("agency", str(action.owner_agency_id)),
            ("due_on", action.due_on),
        )
    }
    details = {name: _as_date(value) if name.endswith("_on") else value for name, value in standing.details.items()}
    said = {"reasons": standing.reasons, "dissent": standing.dissent, "chaired_by": str(standing.chaired_by or "")}
    return details | rows | said


def _as_date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
