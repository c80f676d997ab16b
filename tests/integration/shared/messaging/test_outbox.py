"""Announcing: facts are written down in the transaction that makes them true, numbered within their families."""

import threading
from uuid import UUID, uuid4

import sqlalchemy as sa

from shared.database import Database
from shared.messaging.outbox import announce
from shared.messaging.tables import outbox
from tests.factories import a_fact


def numbers(database: Database, family: UUID) -> list[tuple[int, str]]:
    statement = sa.select(outbox.c.seq, outbox.c.envelope["data"]["reference"].astext, outbox.c.envelope["sequence"])
    with database.read() as session:
        rows = session.execute(statement.where(outbox.c.family_key == str(family)).order_by(outbox.c.id)).all()
    assert [row[2] for row in rows] == [str(row[0]) for row in rows]
    return [(row[0], row[1]) for row in rows]


def test_each_familys_facts_are_numbered_in_the_order_in_which_they_were_announced(database: Database) -> None:
    one, other = uuid4(), uuid4()
    for transaction in ("a", "b"):
        with database.begin() as session:
            for number in range(2):
                announce(session, a_fact(f"{transaction}{number}", one))
                announce(session, a_fact(f"{transaction}{number}", other))
    assert numbers(database, one) == numbers(database, other) == [(1, "a0"), (2, "a1"), (3, "b0"), (4, "b1")]


def test_a_savepoint_that_is_undone_leaves_no_gap_and_the_others_their_order(database: Database) -> None:
    family = uuid4()
    with database.begin() as session:
        announce(session, a_fact("before", family))
        undone = session.begin_nested()
        announce(session, a_fact("within", family))
        undone.rollback()
        announce(session, a_fact("after", family))
    assert numbers(database, family) == [(1, "before"), (2, "after")]


def test_two_who_announce_for_the_same_families_never_wait_for_each_other(database: Database) -> None:
    families = [uuid4() for _ in range(20)]
    together = threading.Barrier(2, timeout=20)
    failed = []

    def announcing(order: list[UUID]) -> None:
        try:
            for number in range(20):
                together.wait()
                with database.begin() as session:
                    for family in order:
                        announce(session, a_fact(str(number), family))
        except Exception as error:
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=announcing, args=[order]) for order in (families, families[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert all(len(numbers(database, family)) == 40 for family in families)
