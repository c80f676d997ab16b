"""What a person sees of facts that are held up, and what they can do about one."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.audit import audit
from shared.database import Database
from shared.errors import Conflict, Invalid, NotFound
from shared.events.referrals import RequestReceived
from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import announce
from shared.messaging.reader import EventReader
from shared.messaging.tables import inbox, outbox
from shared.operating.held import discard, held_counts, held_fact, held_facts, held_page, try_again
from tests.factories import a_fact
from tests.fakes import FakeClock

FAMILY, OTHER_FAMILY = UUID(int=1), UUID(int=2)
WHY = "The request was entered twice"


class Moody:
    """A handler that refuses whatever it is told to refuse, and notes the rest."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.handled: list[str] = []

    def __call__(self, fact: RequestReceived, _session: Session, _now: datetime) -> None:
        if fact.reference in self.refuses:
            raise Conflict("It is not there yet.")
        self.handled.append(fact.reference)


@pytest.fixture
def handler() -> Moody:
    return Moody()


@pytest.fixture
def box(handler: Moody, clock: FakeClock) -> Inbox:
    reader = EventReader("panel")
    reader.handles(RequestReceived)(handler)
    return Inbox(reader, clock)


def arrives(database: Database, box: Inbox, reference: str, *, seq: int = 1, family: UUID = FAMILY) -> UUID:
    fact, message_id = a_fact(reference, family), uuid4()
    kind = event_type_of(fact)
    envelope = Envelope(message_id, kind.name, str(family), seq, kind.dump(fact), "", datetime.now(UTC))
    with database.begin() as session:
        box.take(session, envelope)
    return message_id


def states(database: Database) -> list[str]:
    with database.read() as session:
        return [fact.state for fact in held_facts(session)]


def tries_what_is_due(database: Database, box: Inbox) -> None:
    again = True
    while again:
        with database.begin() as session:
            again = box.retry_due(session)


def test_what_needs_a_person_comes_first_with_its_reason(database: Database, box: Inbox, handler: Moody) -> None:
    with database.begin() as session:
        announce(session, a_fact("unsent"))
    handler.refuses = {"first"}
    parked = arrives(database, box, "first", seq=1)
    arrives(database, box, "second", seq=2)
    arrives(database, box, "elsewhere", family=OTHER_FAMILY)
    with database.read() as session:
        facts = held_facts(session)
        counts = {count.state: count.facts for count in held_counts(session)}
    assert [fact.state for fact in facts] == ["parked", "unsent", "blocked"]
    assert facts[0].message_id == parked
    assert facts[0].reason == "Conflict: It is not there yet."
    assert counts == {"unsent": 1, "blocked": 1, "parked": 1}


def test_a_list_is_chosen_by_state_and_kind_and_has_an_end(database: Database, box: Inbox, handler: Moody) -> None:
    handler.refuses = {"bad"}
    for number in range(4):
        arrives(database, box, "bad", family=UUID(int=10 + number))
    with database.read() as session:
        assert len(held_facts(session, limit=3)) == 3
        assert (len(held_page(session, number=1).rows), held_page(session, number=1).total) == (4, 4)
        assert len(held_facts(session, state="parked", topic="referrals.request_received.v1")) == 4
        assert held_facts(session, state="retry") == []
        assert held_facts(session, topic="referrals.request_withdrawn.v1") == []


def test_a_parked_fact_that_is_tried_again_brings_its_family_with_it(
    database: Database, box: Inbox, handler: Moody
) -> None:
    handler.refuses = {"first"}
    parked = arrives(database, box, "first", seq=1)
    arrives(database, box, "second", seq=2)
    handler.refuses = set()
    with database.begin() as session:
        try_again(session, parked, by="a person")
    tries_what_is_due(database, box)
    assert handler.handled == ["first", "second"]
    assert states(database) == []


def test_a_fact_that_is_given_up_is_never_handled_and_its_family_goes_on(
    database: Database, box: Inbox, handler: Moody
) -> None:
    handler.refuses = {"first"}
    parked = arrives(database, box, "first", seq=1)
    arrives(database, box, "second", seq=2)
    handler.refuses = set()
    with database.begin() as session:
        discard(session, parked, why=WHY, by="a person")
    tries_what_is_due(database, box)
    assert handler.handled == ["second"]
    with database.read() as session:
        row = session.execute(sa.select(inbox.c.status, inbox.c.last_error).where(inbox.c.message_id == parked)).one()
    assert tuple(row) == ("discarded", f"Conflict: It is not there yet.; given up: {WHY}")


def test_nothing_is_given_up_without_a_reason(database: Database, box: Inbox, handler: Moody) -> None:
    handler.refuses = {"first"}
    parked = arrives(database, box, "first")
    with pytest.raises(Invalid) as refused, database.begin() as session:
        discard(session, parked, why="  because ", by="a person")
    assert list(refused.value.errors) == ["why"]
    assert states(database) == ["parked"]


def test_what_only_waits_its_turn_is_neither_pushed_nor_given_up(
    database: Database, box: Inbox, handler: Moody
) -> None:
    handler.refuses = {"first"}
    arrives(database, box, "first", seq=1)
    blocked = arrives(database, box, "second", seq=2)
    with pytest.raises(Conflict, match="Waits behind"), database.begin() as session:
        try_again(session, blocked, by="a person")
    with pytest.raises(Conflict, match="Waits behind"), database.begin() as session:
        discard(session, blocked, why=WHY, by="a person")


def test_a_fact_that_no_queue_took_is_sent_again(database: Database) -> None:
    with database.begin() as session:
        announce(session, a_fact("EH-1"))
    with database.begin() as session:
        session.execute(sa.update(outbox).values(parked_at=datetime.now(UTC), attempts=5, last_error="NO_ROUTE"))
    with database.read() as session:
        (fact,) = held_facts(session)
    assert (fact.state, fact.reason) == ("unroutable", "NO_ROUTE")
    with database.begin() as session:
        try_again(session, fact.message_id, by="a person")
    assert states(database) == ["unsent"]


def test_what_is_not_held_up_is_not_found(database: Database, box: Inbox) -> None:
    handled = arrives(database, box, "fine")
    with pytest.raises(NotFound), database.read() as session:
        held_fact(session, handled)


def test_who_did_what_to_a_fact_is_audited(database: Database, box: Inbox, handler: Moody) -> None:
    handler.refuses = {"first"}
    parked = arrives(database, box, "first")
    person = uuid4()
    with database.begin() as session:
        try_again(session, parked, by=person)
    tries_what_is_due(database, box)
    with database.begin() as session:
        discard(session, parked, why=WHY, by=person)
    with database.read() as session:
        lines = session.execute(sa.select(audit.c.who, audit.c.did, audit.c.subject_id).order_by(audit.c.id)).all()
    assert [tuple(line) for line in lines] == [
        (str(person), "tried_message_again", str(parked)),
        (str(person), "discarded_message", str(parked)),
    ]
