"""Correct what is on record of a family: the newest answer stands, and what it replaces is kept beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.actions.consent import stop_without_consent
from services.referrals.actions.document_rows import adult_columns, child_columns
from services.referrals.actions.progress import add_step
from services.referrals.queries.register import marks_of_request
from services.referrals.queries.requests import last_decision, locked_request, whole_request
from services.referrals.rules.correcting import about_of, changed, in_lines
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, Question
from services.referrals.rules.register.fingerprints import fingerprints_of
from services.referrals.rules.request_document import address_faults, child_faults
from services.referrals.rules.triage import MovedOn
from services.referrals.tables import AddressRow, AdultRow, AmendmentRow, ChildRow, RequestRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Invalid, NotFound
from shared.events.referrals import RequestAmended
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce

_QUESTIONS: Mapping[str, Sequence[Question]] = {"children": OF_CHILDREN, "adults": OF_ADULTS, "addresses": ()}
_TABLES: Mapping[str, Any] = {"children": ChildRow, "adults": AdultRow, "addresses": AddressRow}


@dataclass(frozen=True)
class Correction:
    """A part of the record as it should be: a child, an adult or an address as a request document has it.

    `residents` are the refs of who lives at an address. An address with a ref that the record does not have is new.
    """

    group: str
    part: Mapping[str, Any]
    reason: str
    residents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corrected:
    """Whether anything changed, and whether everything stopped because by the new record consent is not given."""

    is_changed: bool
    has_stopped: bool = False


def correct_record(
    session: Session,
    request_id: UUID,
    correction: Correction,
    *,
    by: Person,
    authority: Authority,
    now: datetime,
    seen_version: int | None = None,
) -> Corrected:
    """Put a part of the record right and announce it; what nobody who counts agreed to then stops at once.

    What was there is kept with who corrected it, when and why. Raises Invalid, MovedOn, NotFound.
    """
    locked_request(session, request_id)
    request = whole_request(session, request_id)
    if seen_version is not None and seen_version != request.version:
        raise MovedOn("Somebody else changed this request while you had it open.")
    if faults := _faults(request, correction, now):
        raise Invalid("Some of the answers are not right.", faults)
    row = _row(request, correction)
    was = _columns_of(request, correction.group, row)
    _write(session, request, row, correction)
    request = whole_request(session, request_id)
    _find_anew(request)
    is_now = _columns_of(request, correction.group, row)
    questions = _QUESTIONS[correction.group]
    before, after = changed(in_lines(was, questions), in_lines(is_now, questions))
    if not after:
        return Corrected(is_changed=False)
    about = about_of(correction.group, was, is_now)
    named = _called(request, correction.group, row)
    _keep(session, request, about, (f"{named}\n{before}", f"{named}\n{after}\nWhy: {correction.reason}"), by, now)
    return Corrected(True, stop_without_consent(session, request, authority=authority, now=now))


def _faults(request: RequestRow, correction: Correction, now: datetime) -> dict[str, str]:
    part = correction.part
    if correction.group == "addresses":
        faults = {str(path[0]): message for path, message in address_faults(part)}
        if not set(correction.residents) <= set(request.names):
            faults["residents"] = "Select who of the family lives here"
        return faults
    faults = {}
    if correction.group == "children":
        faults = {str(path[0]): message for path, message in child_faults(part, london_date(now))}
    if not set(part["lives_at"]) <= {home.ref for home in request.addresses}:
        faults["lives_at"] = "There is no address with this ref"
    return faults


def _row(request: RequestRow, correction: Correction) -> Any:
    ref, rows = correction.part["ref"], getattr(request, correction.group)
    found = next((row for row in rows if row.ref == ref), None)
    if found is None and correction.group == "addresses":
        return AddressRow(id=uuid4(), request_id=request.id, ref=ref, position=len(rows))
    if found is None:
        raise NotFound("That is not on this record any more.")
    return found


def _columns_of(request: RequestRow, group: str, row: Any) -> dict[str, Any]:
    """Return what the record says of a part, by the names of columns; of a new address nothing."""
    mapper = sa.inspect(type(row))
    columns = {mapper.get_property_by_column(column).key: column.name for column in mapper.columns}
    said = {name: getattr(row, key) for key, name in columns.items() if name not in ("id", "ref", "fingerprints")}
    if group != "addresses":
        return said
    names = request.names
    lives_here = [names[one.ref] for one in request.people if row.ref in one.lives_at]
    return said | {"residents": lives_here}


def _write(session: Session, request: RequestRow, row: Any, correction: Correction) -> None:
    part = correction.part
    if correction.group == "addresses":
        values = {name: value for name, value in part.items() if name != "ref"}
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        for person in request.people:
            elsewhere = [ref for ref in person.lives_at if ref != row.ref]
            if (row.ref in person.lives_at) != (person.ref in correction.residents):
                person.lives_at = [*elsewhere, row.ref] if person.ref in correction.residents else elsewhere
    else:
        columns = child_columns(part) if correction.group == "children" else adult_columns(part)
        table = _TABLES[correction.group].__table__
        session.execute(sa.update(table).where(table.c.id == row.id).values(columns))
        session.expire(row)
    session.flush()


def _find_anew(request: RequestRow) -> None:
    marks = marks_of_request(request)
    for person in request.people:
        person.fingerprints = fingerprints_of(marks[person.ref])


def _called(request: RequestRow, group: str, row: Any) -> str:
    return ", ".join((*row.lines, row.postcode)) if group == "addresses" else request.names[row.ref]


def _keep(session: Session, request: RequestRow, about: str, words: tuple[str, str], by: Person, now: datetime) -> None:
    amendment = AmendmentRow(
        id=uuid4(), request_id=request.id, kind="corrected", about=about, was=words[0], words=words[1], reason="",
        stage=request.stage, by="front_door", person_id=by.person_id, at=now,
        read_at=now, read_by=by.person_id, read_by_name=by.name,
    )  # fmt: skip
    session.add(amendment)
    request.version += 1
    add_step(session, request, "record_corrected", at=now, by_name=by.name)
    decision = last_decision(session, request.id)
    other = decision.decided_by if decision and decision.decided_by != by.person_id else None
    fact = RequestAmended(
        request_id=request.id, family_id=request.family_id, reference=request.reference, amendment_id=amendment.id,
        kind="corrected", by="front_door", front_door_id=other,
    )  # fmt: skip
    announce(session, fact)
    record(session, who=by.person_id, did="corrected", subject="request", subject_id=request.id, about=about)
