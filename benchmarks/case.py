"""The service that the benchmarks run: one event of about 1 KB, and a handler that writes one row for each."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from shared.authority import load_profile
from shared.clock import SystemClock
from shared.database import Database
from shared.messaging.contract import event
from shared.messaging.reader import EventReader
from shared.neighbours import Neighbours
from shared.rows import add_row
from shared.service import Resources, Service, ServiceSettings


@event("bench.case_noted.v1")
@dataclass(frozen=True)
class CaseNoted:
    """Something was noted about a case; `number` counts the facts of a family."""

    fact_id: UUID
    family_id: UUID
    number: int
    request_id: UUID
    meeting_id: UUID
    item_id: UUID
    agency_id: UUID
    service_id: UUID
    practitioner_id: UUID
    plan_id: UUID
    review_id: UUID
    noted_on: date  # London date
    due_on: date  # London date


noted_metadata = sa.MetaData()
noted = sa.Table(
    "noted",
    noted_metadata,
    sa.Column("fact_id", sa.Uuid, primary_key=True),
    sa.Column("family_id", sa.Uuid, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("place", sa.BigInteger, sa.Identity(always=True)),
    comment="What the handler writes; `place` is the order in which it did.",
)
_NOTE = sa.insert(noted)

bench = EventReader("bench")


@bench.handles(CaseNoted)
def note_case(fact: CaseNoted, session: Session, _now: datetime) -> None:
    """Keep a row of it."""
    add_row(session, _NOTE, {"fact_id": fact.fact_id, "family_id": fact.family_id, "number": fact.number})


def a_fact(family_id: UUID, number: int) -> CaseNoted:
    """Return a fact with ids that nobody else has."""
    today = date(2026, 11, 2)
    return CaseNoted(
        fact_id=uuid4(),
        family_id=family_id,
        number=number,
        request_id=uuid4(),
        meeting_id=uuid4(),
        item_id=uuid4(),
        agency_id=uuid4(),
        service_id=uuid4(),
        practitioner_id=uuid4(),
        plan_id=uuid4(),
        review_id=uuid4(),
        noted_on=today,
        due_on=today,
    )


def _no_pages(_resources: Resources) -> Flask:
    return Flask("bench")


SERVICE = Service(name="bench", settings=ServiceSettings, create_app=_no_pages, events=bench)


def resources_of(service: Service, database_url: str) -> Resources:
    """Return what a process of a service holds; it has neighbours in name only, since no handler asks one."""
    return Resources(
        settings=None,
        database=Database(database_url),
        clock=SystemClock(),
        neighbours=Neighbours(service.name, "http://127.0.0.1:9/{service}", "a key that nobody is ever shown"),
        profile=load_profile("bathnes"),
    )
