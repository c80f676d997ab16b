"""What can be chosen at an item, and what the family had asked for: read for the decision's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.access import item_with_paper
from services.panel.both_doors.decision_fields import Options, details_of, levels_of
from services.panel.queries import meeting as reads
from services.panel.queries.decisions import children_of, dissent_of
from services.panel.queries.no_part import in_conflict_with, with_part_in
from services.panel.queries.papers import closed_to_agency, latest_paper
from services.panel.queries.people import people_of as people_of_agencies
from services.panel.rules.children import positions
from services.panel.rules.fit import ServiceOnOffer
from services.panel.rules.meeting import CHAIRS
from services.panel.rules.paper import Content, ages_of, given_names, need_labels
from services.panel.tables import AgendaItemRow, DecisionRow, QueueEntryRow
from shared.agencies import is_excluded
from shared.authority import Authority
from shared.codes import code_set
from shared.errors import NotFound
from shared.identity import Person


@dataclass(frozen=True)
class Asked:
    """What was asked for, from the paper that the members read; empty for whoever may not read it."""

    needs: dict[str, str] = field(default_factory=dict)
    ages: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    needs_to_happen: str = ""
    is_open: bool = False


def asked_for(session: Session, item: AgendaItemRow, person: Person, today: date) -> Asked:
    """Return what was asked for at an item, as far as the person may read its paper."""
    try:
        _, _, paper = item_with_paper(session, item.meeting_id, item.id, person, today)
    except NotFound:
        return Asked()
    return _asked_in(paper.content, today)


def asked_before_meeting(session: Session, request_id: UUID, person: Person, today: date) -> Asked:
    """Return what was asked for by the newest paper, for a chair who decides before a meeting can."""
    paper = latest_paper(session, request_id)
    if paper is None or closed_to_agency(session, request_id, person.agency_id):
        return Asked()
    return _asked_in(paper.content, today)


def _asked_in(content: Content, today: date) -> Asked:
    codes = [str(need.get("code", "")) for need in content.get("needs", [])]
    return Asked(
        needs=dict(zip(codes, need_labels(content), strict=True)),
        ages=ages_of(content, today),
        names=given_names(content),
        needs_to_happen=str(content.get("needs_to_happen") or ""),
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
    entry: QueueEntryRow,
    services: Sequence[ServiceOnOffer],
    not_with: Sequence[str],
    asked: Asked,
    *,
    authority: Authority,
) -> Options:
    """Return what can be chosen: nobody whom the family excluded, and no chair without a part in it."""
    seats = reads.seats_of(session, entry.panel_id)
    names = reads.people_of(session, [row.person_id for row in seats])
    in_conflict = in_conflict_with(session, entry.request_id)
    chairs = with_part_in(
        session, entry.request_id, [row.person_id for row in seats if row.seat in CHAIRS and row.person_id]
    )
    agencies = reads.agency_names(session)
    paper = latest_paper(session, entry.request_id)
    places = positions(paper.content) if paper else {}
    return Options(
        services={service.key: service.label for service in services},
        agencies={str(key): name for key, name in agencies.items() if not is_excluded(name, not_with)},
        chairs={str(key): name for key, name in names.items() if key in chairs},
        members={
            str(row.person_id): _with_agency(names[row.person_id], agencies.get(row.agency_id) if row.agency_id else "")
            for row in seats
            if row.person_id is not None and row.person_id not in in_conflict
        },
        children={ref: _child_in_words(place, asked) for ref, place in places.items()},
        levels=levels_of(authority, entry.level_scheme, entry.level_version),
        people=_people_by_agency(
            session, {key: name for key, name in agencies.items() if not is_excluded(name, not_with)}
        ),
    )


def _people_by_agency(session: Session, agencies: Mapping[UUID, str]) -> dict[str, dict[str, str]]:
    """Return who could be named for an action, by the agency that they work for."""
    found: dict[str, dict[str, str]] = {name: {} for name in agencies.values()}
    for person in people_of_agencies(session, agencies.keys()):
        if person.agency_id is not None:
            found[agencies[person.agency_id]][str(person.person_id)] = person.name
    return {name: people for name, people in found.items() if people}


def _with_agency(name: str, agency: str | None) -> str:
    return f"{name} ({agency})" if agency else name


def _child_in_words(place: int, asked: Asked) -> str:
    """Return a child's given name and age, or their number in the paper for whoever may not read it."""
    if place > len(asked.ages):
        return f"Child {place}"
    return f"{asked.names[place - 1] or f'Child {place}'} ({asked.ages[place - 1]})"


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
            ("person", str(action.owner_person_id or "")),
            ("due_on", action.due_on),
        )
    }
    asked_again = details_of(outcome, Options())
    details = {
        name: _as_date(value) if name.endswith("_on") else value
        for name, value in standing.details.items()
        if name in asked_again
    }
    said = {
        "reasons": standing.reasons,
        "dissent": standing.dissent,
        "dissent_by": [str(row.person_id) for row in dissent_of(session, [standing.id]).get(standing.id, [])],
        "agreed_outside": standing.agreed_outside,
        "chaired_by": str(standing.chaired_by or ""),
    }
    return details | rows | _of_children(session, standing) | said


def _of_children(session: Session, standing: DecisionRow) -> dict[str, Any]:
    return {
        f"child_{row.position}_{part}": str(value or "")
        for row in children_of(session, [standing.id]).get(standing.id, [])
        for part, value in (
            ("outcome", row.outcome),
            ("service_id", row.service_id),
            ("level", row.level_number),
            ("note", row.note),
        )
    }


def _as_date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
