"""What the inbox promises, seen through the database."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.database import Database
from shared.errors import Conflict
from shared.events.referrals import RequestReceived
from shared.messaging.consumer import Consumer
from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope, UnreadableMessage, read_envelope
from shared.messaging.inbox import RETRY_AFTER, Inbox
from shared.messaging.reader import EventReader
from shared.messaging.tables import inbox
from shared.messaging.transport.memory import MemoryTransport
from shared.operating.held import try_again
from tests.factories import a_fact
from tests.fakes import FakeClock
from tests.noted import Noted

FAMILY, OTHER_FAMILY = UUID(int=1), UUID(int=2)


class _Row(DeclarativeBase):
    """What the ORM needs."""


class NoteRow(_Row):
    """A row of what the tests note, as a handler adds it through the ORM."""

    __tablename__ = "noted"
    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    note: Mapped[str]


class Handler:
    """A handler that notes what it handled, or fails as the test says."""

    def __init__(self) -> None:
        self.fails_with: Exception | None = None

    def __call__(self, fact: Any, session: Session, now: datetime) -> None:
        session.execute(sa.text("INSERT INTO noted (note) VALUES (:note)"), {"note": fact.reference})
        if self.fails_with is not None and fact.family_id == FAMILY:
            raise self.fails_with


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def box(handler: Handler, clock: FakeClock) -> Inbox:
    reader = EventReader("panel")
    reader.handles(RequestReceived)(handler)
    return Inbox(reader, clock)


def an_envelope(reference: str, *, family: UUID = FAMILY, seq: int = 1, message_id: UUID | None = None) -> Envelope:
    fact = a_fact(reference, family)
    kind = event_type_of(fact)
    return Envelope(message_id or uuid4(), kind.name, str(family), seq, kind.dump(fact), "", datetime.now(UTC))


def take(database: Database, box: Inbox, *envelopes: Envelope) -> None:
    """Take facts as the consumer takes a batch from the queue."""
    Consumer("panel", [], database, MemoryTransport(), box, threading.Event()).handle(envelopes)


def retry_everything_due(database: Database, box: Inbox) -> None:
    with database.begin() as session:
        session.execute(sa.update(inbox).where(inbox.c.status == "retry").values(next_attempt_at=datetime.now(UTC)))
    again = True
    while again:
        with database.begin() as session:
            again = box.retry_due(session)


def statuses(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(sa.select(inbox.c.status).order_by(inbox.c.seq)))


def test_the_same_fact_any_number_of_times_is_handled_once(database: Database, box: Inbox, noted: Noted) -> None:
    envelope = an_envelope("EH-1")
    take(database, box, envelope, envelope)
    take(database, box, envelope)
    assert noted.all() == ["EH-1"]


def test_one_bad_fact_in_a_batch_costs_only_itself(
    database: Database, box: Inbox, handler: Handler, noted: Noted
) -> None:
    handler.fails_with = RuntimeError("a bug")
    take(
        database,
        box,
        an_envelope("good 1", family=OTHER_FAMILY),
        an_envelope("bad"),
        an_envelope("good 2", family=UUID(int=3)),
    )
    assert noted.all() == ["good 1", "good 2"]


def test_a_batch_that_goes_well_is_one_transaction(database: Database, box: Inbox, noted: Noted) -> None:
    take(database, box, *(an_envelope(f"EH-{number}", family=UUID(int=number), seq=number) for number in range(1, 51)))
    assert len(noted.all()) == 50
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(DISTINCT xmin::text) FROM inbox")) == 1


def test_rows_that_handlers_add_are_there_for_whoever_looks_next(database: Database, clock: FakeClock) -> None:
    seen: list[int] = []

    def add_and_look(fact: RequestReceived, session: Session, now: datetime) -> None:
        seen.append(session.scalar(sa.text("SELECT count(*) FROM noted")) or 0)
        session.add(NoteRow(note=fact.reference))

    reader = EventReader("panel")
    reader.handles(RequestReceived)(add_and_look)
    take(database, Inbox(reader, clock), an_envelope("EH-1", seq=1), an_envelope("EH-2", seq=2))
    assert seen == [0, 1]


def test_a_batch_gives_way_to_a_person_who_waits_for_what_it_holds(
    database: Database, clock: FakeClock, noted: Noted
) -> None:
    person_holds, batch_holds = threading.Event(), threading.Event()

    def lock_two_rows(fact: RequestReceived, session: Session, now: datetime) -> None:
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:row)"), {"row": int(fact.reference)})
        if fact.reference == "1":
            batch_holds.set()
            assert person_holds.wait(10)
        session.execute(sa.text("INSERT INTO noted (note) VALUES (:note)"), {"note": fact.reference})

    reader = EventReader("panel")
    reader.handles(RequestReceived)(lock_two_rows)
    batch = [an_envelope(str(number), family=UUID(int=number), seq=number) for number in (1, 2)]
    taking = threading.Thread(target=take, args=(database, Inbox(reader, clock), *batch))
    with database.begin() as session:
        session.execute(sa.text("SELECT pg_advisory_xact_lock(2)"))
        taking.start()
        assert batch_holds.wait(10)
        person_holds.set()
        session.execute(sa.text("SELECT pg_advisory_xact_lock(1)"))
    taking.join(30)
    assert sorted(noted.all()) == ["1", "2"]


def test_later_facts_of_the_family_wait_behind_an_accident_and_follow_in_order(
    database: Database, box: Inbox, handler: Handler, noted: Noted
) -> None:
    handler.fails_with = RuntimeError("a bug")
    take(database, box, an_envelope("first", seq=1), an_envelope("second", seq=2), an_envelope("third", seq=3))
    assert statuses(database) == ["retry", "blocked", "blocked"]
    handler.fails_with = None
    retry_everything_due(database, box)
    assert noted.all() == ["first", "second", "third"]
    assert statuses(database) == ["done", "done", "done"]


def test_a_refusal_is_parked_at_once_with_its_reason(database: Database, box: Inbox, handler: Handler) -> None:
    handler.fails_with = Conflict("This request has gone to social care.")
    take(database, box, an_envelope("refused"))
    with database.read() as session:
        row = session.execute(sa.select(inbox)).one()
    assert row.status == "parked"
    assert "social care" in row.last_error
    assert row.envelope is not None


def test_an_accident_is_tried_at_growing_distances_and_then_parked(
    database: Database, box: Inbox, handler: Handler
) -> None:
    handler.fails_with = RuntimeError("a bug")
    take(database, box, an_envelope("bad"))
    for wait in RETRY_AFTER:
        with database.read() as session:
            row = session.execute(sa.select(inbox)).one()
        expected = datetime.now(UTC) + wait
        assert abs(row.next_attempt_at - expected) < wait * 0.25 + timedelta(seconds=5)
        retry_once(database, box)
    assert statuses(database) == ["parked"]


def retry_once(database: Database, box: Inbox) -> None:
    with database.begin() as session:
        session.execute(sa.update(inbox).where(inbox.c.status == "retry").values(next_attempt_at=datetime.now(UTC)))
    with database.begin() as session:
        assert box.retry_due(session)


def test_a_parked_fact_that_is_released_brings_its_family_with_it(
    database: Database, box: Inbox, handler: Handler, noted: Noted
) -> None:
    handler.fails_with = Conflict("Not yet.")
    first = an_envelope("first", seq=1)
    take(database, box, first, an_envelope("second", seq=2))
    handler.fails_with = None
    with database.begin() as session:
        try_again(session, first.message_id, by="a person")
    retry_everything_due(database, box)
    assert noted.all() == ["first", "second"]


@pytest.mark.parametrize(
    "topic", ["referrals.request_received.v9", "nobody.knows.v1", "referrals.request_withdrawn.v1"]
)
def test_an_event_that_this_code_does_not_read_is_parked_not_looped(database: Database, box: Inbox, topic: str) -> None:
    known = an_envelope("x")
    take(database, box, Envelope(known.message_id, topic, str(FAMILY), 1, known.data, "", known.happened_at))
    assert statuses(database) == ["parked"]


def test_data_that_does_not_fit_is_parked_naming_fields_and_never_values(database: Database, box: Inbox) -> None:
    known = an_envelope("x")
    data = known.data | {"received_at": "Siobhán Price, 14 Larkfield Close"}
    take(database, box, Envelope(known.message_id, known.topic, str(FAMILY), 1, data, "", known.happened_at))
    with database.read() as session:
        error = session.scalar(sa.select(inbox.c.last_error))
    assert error is not None
    assert "received_at" in error
    assert "Siobhán" not in error


def test_a_fact_that_arrives_while_an_earlier_one_is_tried_again_is_not_left_behind(
    database: Database, box: Inbox, handler: Handler, noted: Noted
) -> None:
    handler.fails_with = RuntimeError("a bug")
    take(database, box, an_envelope("first", seq=1))
    handler.fails_with = None
    arrived = threading.Event()

    def arrive() -> None:
        arrived.set()
        take(database, box, an_envelope("second", seq=2))

    arriving = threading.Thread(target=arrive)
    with database.begin() as session:
        session.execute(sa.update(inbox).where(inbox.c.status == "retry").values(next_attempt_at=datetime.now(UTC)))
        assert box.retry_due(session)
        arriving.start()
        arrived.wait(5)
        arriving.join(0.5)
        assert arriving.is_alive(), "the second fact must wait until the first is settled"
    arriving.join(10)
    assert statuses(database) == ["done", "done"]
    assert noted.all() == ["first", "second"]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{}", b"[]", b'{"id": 1}', b"null", b"[" * 100_000])
def test_bytes_that_are_no_envelope_are_unreadable_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        read_envelope(body)
