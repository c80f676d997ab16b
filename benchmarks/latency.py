"""From commit to handled, at twenty facts a second: over RabbitMQ, and in one process with kombu's memory."""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from statistics import median, quantiles
from uuid import UUID, uuid4

import sqlalchemy as sa

from benchmarks import ours
from benchmarks.case import SERVICE, a_fact, bench, resources_of
from benchmarks.ending import Ending
from benchmarks.measured import Measured, median_of
from benchmarks.peers import contest
from benchmarks.peers.venv import provide
from benchmarks.progress import say
from benchmarks.stage import Stage, stage
from shared.database import Database
from shared.messaging.outbox import announce
from shared.messaging.topology import Topology
from shared.messaging.transport.memory import MemoryTransport
from shared.work import Worker

_ROUNDS = 5
_EVERY_SECONDS = 1 / 20
_WARM_UP, _FACTS = 20, 200
_PEERS = ("dramatiq", "faststream")
"""The two that were quickest in the trial."""
_SAID_AT = "SELECT fact_id, pg_xact_commit_timestamp(xmin) FROM said"
_NOTED_AT = "SELECT fact_id, pg_xact_commit_timestamp(xmin) FROM noted"


def run() -> list[Measured]:
    """Measure both ways of ours, and two peers, by turns."""
    provide()
    rounds: dict[str, list[Sequence[float]]] = defaultdict(list)
    with _prepared_stage() as here:
        for _ in range(_ROUNDS):
            rounds["ours"].append(_over_rabbitmq(here))
            rounds["embedded"].append(_embedded(here))
            for name in _PEERS:
                rounds[name].append(contest.waits(here, contest.Peer(name, 1, _FACTS), _EVERY_SECONDS))
            say(", ".join(f"{name} {median(waits[-1]) * 1000:.1f} ms" for name, waits in rounds.items()))
    return _figures(rounds)


def quick() -> list[Measured]:
    """Measure both ways of ours alone, once."""
    with _prepared_stage() as here:
        return _figures({"ours": [_over_rabbitmq(here)], "embedded": [_embedded(here)]})


@contextmanager
def _prepared_stage() -> Iterator[Stage]:
    with stage() as here:
        ours.prepare(here, 0)
        with here.connect(ours.FILLED) as connection:
            connection.execute("CREATE TABLE said (fact_id uuid PRIMARY KEY)")
        yield here


def _over_rabbitmq(stage: Stage) -> list[float]:
    ours.copy(stage)
    with ours.both_ready(stage) as both:
        for contender in both:
            contender.release()
        return _waits(stage)


def _embedded(stage: Stage) -> list[float]:
    ours.copy(stage)
    transport = MemoryTransport(Topology(f"bench-{uuid4().hex[:12]}"))
    transport.declare(SERVICE.name, bench.topics)
    with ExitStack() as stack:
        for role, database in (("publish", ours.SENDER), ("consume", ours.READER)):
            resources = resources_of(SERVICE, stage.url(database))
            worker = Worker(SERVICE, resources, transport, (role,))
            worker.start()
            stack.callback(resources.database.close)
            stack.callback(worker.stop)
        return _waits(stage)


def _waits(stage: Stage) -> list[float]:
    """Announce facts at random moments; return each one's seconds from commit to commit, without the first ones."""
    database = Database(stage.url(ours.SENDER))
    with stage.connect(ours.READER) as reader, stage.connect(ours.SENDER) as sender:
        for count, pause in ((1, 0.0), (_WARM_UP, _EVERY_SECONDS), (_FACTS, _EVERY_SECONDS)):
            reader.execute("TRUNCATE noted")
            ending = Ending(reader, "noted", count)
            _announce(database, count, pause)
            ending.seconds(())
        noted_at: dict[UUID, datetime] = dict(reader.execute(_NOTED_AT).fetchall())
        said_at: dict[UUID, datetime] = dict(sender.execute(_SAID_AT).fetchall())
    database.close()
    return [float((at - said_at[fact_id]).total_seconds()) for fact_id, at in noted_at.items()]


def _announce(database: Database, count: int, every_seconds: float) -> None:
    chance = random.Random(count)
    due = time.monotonic()
    for _ in range(count):
        due += chance.expovariate(1 / every_seconds) if every_seconds else 0.0
        time.sleep(max(0.0, due - time.monotonic()))
        fact = a_fact(uuid4(), 1)
        with database.begin() as session:
            session.execute(sa.text("INSERT INTO said VALUES (:fact_id)"), {"fact_id": fact.fact_id})
            announce(session, fact)


def _figures(rounds: Mapping[str, Sequence[Sequence[float]]]) -> list[Measured]:
    figures = []
    for name, prefix in (("ours", ""), ("embedded", "embedded_"), *((peer, f"{peer}_") for peer in _PEERS)):
        about = {"ours": "", "embedded": "one process, kombu's memory"}.get(name, "publish to row, no outbox")
        waits = rounds.get(name, ())
        if waits:
            figures.append(median_of(f"latency.{prefix}p50_ms", [1000 * median(each) for each in waits], "ms", about))
            p95s = [1000 * quantiles(each, n=20)[-1] for each in waits]
            figures.append(median_of(f"latency.{prefix}p95_ms", p95s, "ms", about))
    return figures
