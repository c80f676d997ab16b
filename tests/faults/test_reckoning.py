"""The reckoning itself: with nothing broken it finds nothing, and it finds whatever is lost, doubled, parked or left."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.faults.reckoning import Reckoning, reckon
from tests.faults.trial import Trial

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@dataclass(frozen=True)
class Damage:
    """What is spoilt on purpose in a service's database, how it is mended, and as what it must be found."""

    kind: str
    service: str
    spoil: str
    mend: str


_DAMAGES = (
    Damage(
        "lost",
        "notifications",
        "UPDATE inbox SET message_id = :stranger WHERE message_id = :fact",
        "UPDATE inbox SET message_id = :fact WHERE message_id = :stranger",
    ),
    Damage(
        "twice",
        "notifications",
        "INSERT INTO inbox (message_id, topic, family_key, seq, status, attempts)"
        " SELECT :stranger, topic, family_key, seq + 1000, 'done', 1 FROM inbox WHERE message_id = :fact",
        "DELETE FROM inbox WHERE message_id = :stranger",
    ),
    Damage(
        "twice",
        "referrals",
        "INSERT INTO progress (request_id, at, code, details)"
        " SELECT request_id, at, code, details FROM progress WHERE request_id = :request",
        "DELETE FROM progress WHERE number IN (SELECT max(number) FROM progress WHERE request_id = :request"
        " GROUP BY code HAVING count(*) > 1)",
    ),
    Damage(
        "parked",
        "notifications",
        "UPDATE inbox SET status = 'parked' WHERE message_id = :fact",
        "UPDATE inbox SET status = 'done' WHERE message_id = :fact",
    ),
    Damage(
        "parked",
        "referrals",
        "UPDATE outbox SET parked_at = now(), last_error = 'planted' WHERE message_id = :fact",
        "UPDATE outbox SET parked_at = NULL, last_error = NULL WHERE message_id = :fact",
    ),
    Damage(
        "waiting",
        "notifications",
        "UPDATE inbox SET status = 'retry' WHERE message_id = :fact",
        "UPDATE inbox SET status = 'done' WHERE message_id = :fact",
    ),
)


@pytest.fixture
def healthy(trial: Callable[[], Trial]) -> tuple[Trial, Reckoning]:
    """Give a trial in which nothing was broken, ended."""
    running = trial()
    return running, running.ends("nothing")


def test_what_is_spoilt_on_purpose_is_found(healthy: tuple[Trial, Reckoning]) -> None:
    running, found = healthy
    entries, databases = running.load.ledger.entries, running.product.databases
    fact = next(fact for fact in found.facts if (fact.owner, fact.reader) == ("referrals", "notifications"))
    named = {"fact": fact.message_id, "stranger": uuid4(), "request": entries[0].request_id}
    for damage in _DAMAGES:
        for statement, kinds in ((damage.spoil, {damage.kind}), (damage.mend, set())):
            with databases[damage.service].begin() as session:
                session.execute(sa.text(statement), {name: named[name] for name in named if f":{name}" in statement})
            problems = reckon(databases, entries).problems
            assert kinds <= problems.keys() if kinds else problems == {}, (damage, problems)


def test_a_request_that_got_a_reference_and_is_nowhere_is_found(healthy: tuple[Trial, Reckoning]) -> None:
    running, _ = healthy
    entries, databases = running.load.ledger.entries, running.product.databases
    assert "lost" in reckon(databases, [replace(entries[0], request_id=str(uuid4()))]).problems
    elsewhere = "service" if entries[0].outcome == "panel" else "panel"
    assert "lost" in reckon(databases, [replace(entries[0], outcome=elsewhere)]).problems
