"""Clocks die: another takes over within ten seconds, and what fell due while none ran is done once."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.embedded.waiting import wait_until
from tests.faults import results
from tests.faults.deployed import WORK, Deployed
from tests.faults.rabbitmq import Node
from tests.faults.trial import Trial

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_TIMES = 10 if results.is_full() else 2
_TAKES_OVER_WITHIN_SECONDS = 10
_WITHOUT_CLOCK = (*WORK[:2], "panel-publish", "panel-consume", "panel-loops", *WORK[3:])
_LEADS = (
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND application_name LIKE 'panel-clock%'"
)


class Clocks:
    """Two clocks of the panel service, of which one leads."""

    def __init__(self, product: Deployed) -> None:
        self._product = product
        self.names = ("panel-clock", product.another("panel-clock"))

    def start(self) -> None:
        """Start both."""
        self._product.start(self.names)

    def end(self) -> None:
        """End both."""
        self._product.end(self.names)

    def leader(self) -> str:
        """Return the name of the one that leads; nothing when none does."""
        return next(iter(_ask(self._product, _LEADS)), "")

    def kill(self, name: str) -> None:
        """Kill a clock; it stays away."""
        self._product.processes[name].kill()


@pytest.fixture(scope="module")
def at_work(product: Deployed, node: Node) -> Iterator[Deployed]:
    """Have the work processes run, but no clock of the panel."""
    product.use_broker(node.url)
    product.start(_WITHOUT_CLOCK)
    yield product
    product.end(_WITHOUT_CLOCK)


@pytest.fixture
def clocks(at_work: Deployed) -> Iterator[Clocks]:
    """Give two clocks that do not run yet."""
    both = Clocks(at_work)
    yield both
    both.end()


def test_when_the_clock_that_leads_is_killed_the_other_takes_over(clocks: Clocks, at_work: Deployed) -> None:
    clocks.start()
    gaps = []
    for _ in range(_TIMES):
        wait_until(clocks.leader, "one of the clocks leads")
        leader = clocks.leader()
        killed = time.monotonic()
        clocks.kill(leader)
        wait_until(lambda: clocks.leader() not in ("", leader), "the other leads", seconds=_TAKES_OVER_WITHIN_SECONDS)  # noqa: B023
        gaps.append(time.monotonic() - killed)
        at_work.start([leader])
    results.note_clocks("clock that leads kill -9, another takes over", gaps)


def test_what_fell_due_while_no_clock_ran_is_done_once(
    clocks: Clocks, trial: Callable[[], Trial], at_work: Deployed
) -> None:
    chance = random.Random(20261122)
    running = trial()
    wait_until(lambda: len(_meetings_with_families(at_work)) >= _TIMES, "meetings with families", seconds=60)
    meetings = _meetings_with_families(at_work)[:_TIMES]
    for meeting_id in meetings:
        _let_fall_due(at_work, meeting_id)
        clocks.start()
        wait_until(clocks.leader, "one of the clocks leads")
        # Not a wait for an effect: a moment, before, while or after the clock does what is due.
        time.sleep(chance.uniform(0, 0.5))
        running.breaks()
        clocks.kill(clocks.leader())
        wait_until(lambda: _state(at_work, meeting_id) == "agenda_closed", "the agenda is closed", seconds=30)  # noqa: B023
        clocks.end()
    running.ends("clocks away when something falls due, and the first to come back kill -9")
    packs = "SELECT meeting_id FROM circulation"
    assert sorted(_ask(at_work, packs)) == sorted(meetings)


def _let_fall_due(product: Deployed, meeting_id: UUID) -> None:
    with product.databases["panel"].begin() as session:
        # As if the cut-off had been before the last of the clock's five minutes, and no clock had run since then.
        closes = "UPDATE meeting SET agenda_closes_at = now() - interval '6 minutes' WHERE id = :id"
        session.execute(sa.text(closes), {"id": meeting_id})
        session.execute(sa.text("DELETE FROM schedule_run WHERE job = 'close_agendas'"))


def _meetings_with_families(product: Deployed) -> list[Any]:
    return _ask(
        product,
        "SELECT meeting.id FROM meeting WHERE state = 'planned' AND EXISTS"
        " (SELECT FROM agenda_item WHERE meeting_id = meeting.id) ORDER BY held_on",
    )


def _state(product: Deployed, meeting_id: UUID) -> str:
    return str(_ask(product, "SELECT state FROM meeting WHERE id = :id", id=meeting_id)[0])


def _ask(product: Deployed, question: str, **values: object) -> list[Any]:
    with product.databases["panel"].read() as session:
        return list(session.scalars(sa.text(question), values))
