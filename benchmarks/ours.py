"""Our own chain as the benchmarks run it: a filled outbox, a publishing and a consuming process, a count at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from psycopg import Connection

from benchmarks.case import SERVICE, a_fact, noted_metadata
from benchmarks.ending import Ending
from benchmarks.processes import Contender, made_ready, one_role
from benchmarks.stage import BROKER_URL, Stage, broker_prefix
from shared.database import Database
from shared.messaging.outbox import announce
from shared.messaging.tables import messaging_metadata
from shared.messaging.topology import Topology
from shared.messaging.transport.rabbitmq import RabbitTransport
from shared.service import Service

FILLED, EMPTY, SENDER, READER = "filled", "empty", "sender", "reader"
_FACTS_OF_A_FAMILY = 4
_FACTS_A_TRANSACTION = 200
"""Few large transactions fill faster than many small ones; who empties the outbox does not see which it was."""

_NOT_EXACTLY_ONCE = """
    SELECT (SELECT count(*) FROM inbox WHERE status = 'done') - %(expected)s,
           (SELECT count(*) FROM noted) - %(expected)s,
           (SELECT count(*) FROM (SELECT number - lag(number, 1, 0) OVER (PARTITION BY family_id ORDER BY place) AS step
                                  FROM noted) AS steps WHERE step <> 1)
"""


class WentWrong(Exception):
    """A run did not do what it was timed for, so its time says nothing."""


def prepare(stage: Stage, facts: int) -> None:
    """Make the two databases that every run copies: an outbox that holds `facts` committed facts, and an empty one."""
    for name in (EMPTY, FILLED):
        stage.postgres.ensure_database(name)
        database = Database(stage.url(name))
        messaging_metadata.create_all(database.engine)
        noted_metadata.create_all(database.engine)
        if name == FILLED:
            fill(database, facts)
        database.close()
        with stage.connect(name) as connection:
            connection.execute("VACUUM ANALYZE")


def fill(database: Database, facts: int) -> None:
    """Announce facts of many families, the first of each family, then the second of each, as they would come."""
    families = [uuid4() for _ in range(facts // _FACTS_OF_A_FAMILY)]
    for number in range(1, _FACTS_OF_A_FAMILY + 1):
        for start in range(0, len(families), _FACTS_A_TRANSACTION):
            with database.begin() as session:
                for family_id in families[start : start + _FACTS_A_TRANSACTION]:
                    announce(session, a_fact(family_id, number))


def measure(stage: Stage, facts: int) -> float:
    """Let both processes empty a filled outbox into another database; return events a second.

    Raises WentWrong when a fact is missing there, came twice, or out of its family's order.
    """
    copy(stage)
    with both_ready(stage) as both, stage.connect(READER) as reader, stage.connect(SENDER) as sender:
        seconds = time_until_written(reader, both, "noted", facts)
        _check(reader, facts)
        _compare(sender, reader)
    return facts / seconds


def time_until_written(reader: Connection, both: Sequence[Contender], table: str, rows: int) -> float:
    """Release both processes, and return the seconds until the last of these rows is committed."""
    ending = Ending(reader, table, rows)
    for contender in both:
        contender.release()
    return ending.seconds(both)


@contextmanager
def both_ready(
    stage: Stage, service: Service = SERVICE, *, sender: str = SENDER, reader: str = READER, **environ: str
) -> Iterator[list[Contender]]:
    """Give the publishing and the consuming process, each on its database, and with a queue of their own between them.

    `service` is whose handlers the consumer runs. `environ` is for the consumer.
    """
    with broker_prefix() as prefix:
        RabbitTransport(BROKER_URL, Topology(prefix)).declare(service.name, service.events.topics)
        about = {"BROKER_URL": BROKER_URL, "BROKER_PREFIX": prefix}
        commands = [
            one_role("publish", "bench", about | {"DATABASE_URL": stage.url(sender)}),
            one_role("consume", service.name, about | {"DATABASE_URL": stage.url(reader)} | environ),
        ]
        with made_ready(commands, stage.folder) as both:
            yield both


def copy(stage: Stage) -> None:
    """Make fresh copies of both databases."""
    stage.copy(FILLED, SENDER)
    stage.copy(EMPTY, READER)


def _check(reader: Connection, facts: int) -> None:
    wrong = reader.execute(_NOT_EXACTLY_ONCE, {"expected": facts}).fetchone()
    if wrong != (0, 0, 0):
        raise WentWrong(f"handled, written and in order: off by {wrong} of {facts}")


def _compare(sender: Connection, reader: Connection) -> None:
    announced = sender.execute("SELECT (envelope -> 'data' ->> 'fact_id')::uuid FROM outbox ORDER BY 1").fetchall()
    noted = reader.execute("SELECT fact_id FROM noted ORDER BY 1").fetchall()
    if announced != noted:
        raise WentWrong("what was written is not what was announced")
