"""Keep what whoever sent a request adds, corrects or takes back, and tell everybody who holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import last_decision, locked_request
from services.referrals.rules.amending import Ended, allowed_at, check_amendment, check_reason
from services.referrals.rules.triage import MovedOn
from services.referrals.tables import AmendmentRow, RequestRow
from shared.audit import record
from shared.errors import Conflict, NotFound
from shared.events.referrals import RequestAmended, RequestWithdrawn
from shared.identity import Person
from shared.messaging.outbox import announce

_TOO_LATE = "This request has ended, or is too far for that. Ring us."
_MEANWHILE = "Something happened with this request since it was read. Look at how it stands now, then send this again."
_OTHER_WORDS = "This was sent before with other words. What was sent then is kept; send what is new once more."


_SAID = {"about": "", "was": "", "words": "", "reason": ""}


class SaidBefore(Conflict):
    """The same amendment came before, with other words."""


@dataclass(frozen=True)
class Sender:
    """Who speaks: `by` is referrer or family; with an account, whose; through a portal, its name."""

    by: str
    person_id: UUID | None = None
    portal: str = ""

    @property
    def who(self) -> str:
        """Return what the audit names."""
        return str(self.person_id or self.portal or "visitor")


def amend(
    session: Session,
    request_id: UUID,
    amendment_id: UUID,
    values: Mapping[str, Any],
    *,
    sender: Sender,
    now: datetime,
    seen_version: int | None = None,
) -> bool:
    """Keep an amendment beside what was sent, once however often it comes; return whether it is new.

    Raises Invalid, SaidBefore, MovedOn, Ended, NotFound.
    """
    check_amendment(values)
    request = locked_request(session, request_id)
    said = _said(values)
    if _is_there(session, request, amendment_id, said):
        return False
    _check_version(request, seen_version)
    if not allowed_at(request.stage).amend:
        raise Ended(_TOO_LATE)
    _add(session, request, amendment_id, values["kind"], sender, now, **said)
    request.version += 1
    add_step(session, request, "amended", at=now, by=sender.by, about=values["about"])
    _announce_amended(session, request, amendment_id, values["kind"], sender)
    return True


def withdraw(
    session: Session,
    request_id: UUID,
    amendment_id: UUID,
    values: Mapping[str, Any],
    *,
    sender: Sender,
    now: datetime,
    seen_version: int | None = None,
) -> bool:
    """Withdraw a request, or where a worker helps the family ask them to stop, once; return whether that is new.

    The record stays. Raises Invalid, SaidBefore, MovedOn, Ended, NotFound.
    """
    check_reason(values)
    request = locked_request(session, request_id)
    said = {"reason": values["reason"], "words": values.get("words") or ""}
    if _is_there(session, request, amendment_id, said):
        return False
    _check_version(request, seen_version)
    allowed = allowed_at(request.stage)
    if not (allowed.withdraw or allowed.ask_to_stop):
        raise Ended(_TOO_LATE)
    kind = "withdrawn" if allowed.withdraw else "wants_to_stop"
    _add(session, request, amendment_id, kind, sender, now, **said)
    request.version += 1
    step = "withdrawn_by_sender" if allowed.withdraw else "wants_to_stop"
    add_step(session, request, step, at=now, by=sender.by, reason=values["reason"])
    if allowed.withdraw:
        fact = RequestWithdrawn(
            request_id=request.id, family_id=request.family_id, reference=request.reference,
            by=sender.by, front_door_id=_front_door_of(session, request),
        )  # fmt: skip
        announce(session, fact)
    else:
        _announce_amended(session, request, amendment_id, kind, sender)
    return True


def mark_read(session: Session, request_id: UUID, amendment_id: UUID, *, by: Person, now: datetime) -> None:
    """Keep that somebody of the front door has read an amendment; raises NotFound."""
    row = session.get(AmendmentRow, amendment_id, with_for_update=True)
    if row is None or row.request_id != request_id:
        raise NotFound("There is no such thing with this request.")
    if row.read_at is None:
        row.read_at, row.read_by, row.read_by_name = now, by.person_id, by.name
        record(session, who=by.person_id, did="read_amendment", subject="request", subject_id=request_id)


def _is_there(session: Session, request: RequestRow, amendment_id: UUID, said: Mapping[str, str]) -> bool:
    row = session.get(AmendmentRow, amendment_id)
    if row is None:
        return False
    if row.request_id != request.id:
        raise NotFound("There is no such thing with this request.")
    if {name: getattr(row, name) for name in _SAID} != {**_SAID, **said}:
        raise SaidBefore(_OTHER_WORDS)
    return True


def _check_version(request: RequestRow, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != request.version:
        raise MovedOn(_MEANWHILE)


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    was = values["was"] if values["kind"] == "corrected" else ""
    return {"about": values["about"], "was": was or "", "words": values["words"]}


def _add(
    session: Session, request: RequestRow, amendment_id: UUID, kind: str, sender: Sender, now: datetime, **said: str
) -> None:
    row = AmendmentRow(
        id=amendment_id, request_id=request.id, kind=kind, stage=request.stage,
        by=sender.by, person_id=sender.person_id, at=now, **{**_SAID, **said},
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, who=sender.who, did="amended", subject="request", subject_id=request.id, kind=kind)


def _announce_amended(session: Session, request: RequestRow, amendment_id: UUID, kind: str, sender: Sender) -> None:
    fact = RequestAmended(
        request_id=request.id, family_id=request.family_id, reference=request.reference, amendment_id=amendment_id,
        kind=kind, by=sender.by, front_door_id=_front_door_of(session, request),
    )  # fmt: skip
    announce(session, fact)


def _front_door_of(session: Session, request: RequestRow) -> UUID | None:
    """Return who of the front door decided about a request last, or None before triage: then it is on the worklist."""
    decision = last_decision(session, request.id)
    return decision.decided_by if decision else None
