"""Say that a family is one that we know, or is not: a person says so, never the system.

A request that is still at the front door joins a family. Once it was sent on, others know it under its own:
then the two families are merged here, in the register.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.families import (
    group_of,
    known_as_of,
    lock_families,
    matches,
    merger_of_request,
    standing_mergers,
)
from services.referrals.queries.requests import locked_request, whole_request
from services.referrals.rules.register.groups import groups_of
from services.referrals.rules.stages import AT_FRONT_DOOR
from services.referrals.rules.triage import MOVED_ON, MovedOn
from services.referrals.tables import FamiliesToldApartRow, FamilyJoinRow, FamilyMergeRow, FamilyRow, RequestRow
from shared.audit import record
from shared.errors import Conflict, NotFound
from shared.identity import Person


class NothingToUndo(Conflict):
    """Nobody said any more that these are one family."""


def same_family(
    session: Session,
    request_id: UUID,
    family_id: UUID,
    *,
    reason: str = "",
    by: Person,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Say that a request is about a family that it matches; raises MovedOn, NotFound."""
    request = _held(session, request_id, family_id, seen_version)
    if request.stage in AT_FRONT_DOOR:
        _join(session, request, family_id, by, now)
    else:
        _merge(session, request, family_id, reason, by, now)


def another_family(
    session: Session, request_id: UUID, family_id: UUID, *, by: Person, now: datetime, seen_version: int | None = None
) -> None:
    """Say that a request is not about a family that it matches: the two are not offered to each other again."""
    request = _held(session, request_id, family_id, seen_version)
    one, other = sorted((known_as_of(session, request.family_id), family_id))
    session.add(FamiliesToldApartRow(one_id=one, other_id=other, told_by=by.person_id, told_at=now))
    record(session, who=by.person_id, did="told_apart", subject="family", subject_id=one, from_family=str(other))
    _step(session, request, "family_told_apart", by, now)


def undo_same_family(
    session: Session, request_id: UUID, *, reason: str, by: Person, now: datetime, seen_version: int | None = None
) -> None:
    """Put back what was last said of a request's family; raises MovedOn, NothingToUndo, NotFound."""
    request = _locked(session, request_id, seen_version)
    merger = merger_of_request(session, request)
    if merger is not None:
        _undo_merger(session, merger, reason, by, now)
        _step(session, request, "family_merge_undone", by, now)
    elif request.stage in AT_FRONT_DOOR and (joined := _last_join(session, request)):
        _move(session, request, joined.from_family_id, by, now)
        record(session, who=by.person_id, did="left_family", subject="request", subject_id=request.id)
        _step(session, request, "family_left", by, now)
    else:
        raise NothingToUndo("Nobody says any more that this request is about another family.")


def may_undo(session: Session, request: RequestRow) -> bool:
    """Say whether something was said of a request's family that can be put back."""
    return merger_of_request(session, request) is not None or (
        request.stage in AT_FRONT_DOOR and _last_join(session, request) is not None
    )


def _held(session: Session, request_id: UUID, family_id: UUID, seen_version: int | None) -> RequestRow:
    request = _locked(session, request_id, seen_version, with_family=family_id)
    if family_id not in {match.family_id for match in matches(session, request)}:
        raise NotFound("There is no family like that.")
    return request


def _locked(
    session: Session, request_id: UUID, seen_version: int | None, *, with_family: UUID | None = None
) -> RequestRow:
    before = whole_request(session, request_id)
    # Families first, and whole groups of them, in one order for everybody who says something about them.
    lock_families(session, group_of(session, [before.family_id, *([with_family] if with_family else [])]))
    request = locked_request(session, request_id)
    if seen_version is not None and seen_version != request.version:
        raise MovedOn(MOVED_ON)
    return request


def _join(session: Session, request: RequestRow, family_id: UUID, by: Person, now: datetime) -> None:
    _move(session, request, family_id, by, now)
    record(session, who=by.person_id, did="joined", subject="request", subject_id=request.id, family_id=str(family_id))
    _step(session, request, "family_joined", by, now)


def _move(session: Session, request: RequestRow, family_id: UUID, by: Person, now: datetime) -> None:
    session.add(
        FamilyJoinRow(
            request_id=request.id,
            from_family_id=request.family_id,
            to_family_id=family_id,
            joined_by=by.person_id,
            joined_at=now,
        )
    )
    request.family_id = family_id


def _last_join(session: Session, request: RequestRow) -> FamilyJoinRow | None:
    """Return how the request came to its family, None where it is the one that it came with."""
    moves = session.scalars(
        sa.select(FamilyJoinRow).where(FamilyJoinRow.request_id == request.id).order_by(FamilyJoinRow.number)
    ).all()
    return moves[-1] if moves and moves[0].from_family_id != request.family_id else None


def _merge(session: Session, request: RequestRow, family_id: UUID, reason: str, by: Person, now: datetime) -> None:
    session.add(
        FamilyMergeRow(
            from_family_id=request.family_id,
            into_family_id=family_id,
            reason=reason,
            merged_by=by.person_id,
            merged_by_name=by.name,
            merged_at=now,
        )
    )
    session.flush()
    _regroup(session, group_of(session, [request.family_id, family_id]))
    record(session, who=by.person_id, did="merged", subject="family", subject_id=request.family_id, into=str(family_id))
    _step(session, request, "family_merged", by, now)


def _undo_merger(session: Session, merger: FamilyMergeRow, reason: str, by: Person, now: datetime) -> None:
    merger.undone_by, merger.undone_at, merger.undone_reason = by.person_id, now, reason
    session.flush()
    _regroup(session, group_of(session, [merger.from_family_id]))
    record(
        session, who=by.person_id, did="undid_merger", subject="family", subject_id=merger.from_family_id,
        into=str(merger.into_family_id),
    )  # fmt: skip


def _regroup(session: Session, families: list[UUID]) -> None:
    """Bring up to date under what each of these families is known: whole groups, as their mergers stand."""
    mergers = [(one.from_family_id, one.into_family_id) for one in standing_mergers(session, families)]
    known_as = groups_of(families, mergers)
    for family in session.scalars(sa.select(FamilyRow).where(FamilyRow.id.in_(families))):
        family.known_as = known_as[family.id]
    session.flush()


def _step(session: Session, request: RequestRow, code: str, by: Person, now: datetime) -> None:
    request.version += 1
    add_step(session, request, code, at=now, by_name=by.name)
