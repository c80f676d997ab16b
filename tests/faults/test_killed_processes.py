"""kill -9 of the product's processes at random moments under load, each started again: nothing is lost or done twice."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from services.embedded.waiting import wait_until
from tests.faults import gaps, results
from tests.faults.deployed import ROLES, WEB, Deployed
from tests.faults.load import Ledger, Load, loading
from tests.faults.queues import left_over
from tests.faults.rabbitmq import Node
from tests.faults.reckoning import Reckoning, reckon, settled

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_WEB, _WORKER_OF_WEB, _WHOLE = "gunicorn", "a worker of gunicorn", "work, whole"
_KINDS = {"publish": "publisher alone", "consume": "consumer alone", "clock": "clock alone", "loops": "sender alone"}
_KILLS = 204 if results.is_full() else 36
_SECONDS_TO_TELL = 900 if results.is_full() else 180
"""A sender tells some twenty recipients a second when nobody kills it; thousands have waited by then."""
_COMING_UP_AT_ONCE = 2
"""More would only compete for the processor: nothing would work, and so nothing could be lost."""


@dataclass
class Target:
    """A process that is killed again and again, and when it was."""

    kind: str
    process: str
    killed_at: list[datetime] = field(default_factory=list)

    @property
    def service(self) -> str:
        """Return whose process it is."""
        return self.process.partition("-")[0]

    def gaps(self, ledger: Ledger, found: Reckoning) -> list[float | None]:
        """Return how long after each kill the work that it held up went on."""
        ways = {
            _WEB: gaps.of_requests(ledger.entries),
            # Of another service's web process the load would not notice.
            _WORKER_OF_WEB: gaps.of_requests(ledger.entries) if self.service == "referrals" else (),
            _WHOLE: gaps.of_facts(found.facts, either=self.service),
            _KINDS["publish"]: gaps.of_facts(found.facts, owner=self.service),
            _KINDS["consume"]: gaps.of_facts(found.facts, reader=self.service),
            _KINDS["loops"]: gaps.of_notices(found.notices),
        }
        return [gaps.gap_after(at, ways.get(self.kind, ())) for at in self.killed_at]


def _targets() -> list[Target]:
    alone = [
        Target(_KINDS[role], f"{service}-{role}")
        for service in ("referrals", "notifications")
        for role in ROLES
        if (service, role) != ("referrals", "loops")
    ]
    return [
        Target(_WEB, "referrals-web"),
        Target(_WORKER_OF_WEB, "referrals-web"),
        Target(_WORKER_OF_WEB, "panel-web"),
        Target(_WORKER_OF_WEB, "notifications-web"),
        Target(_WHOLE, "panel-work"),
        *alone,
    ]


class Killer:
    """Kills one target after another, as chance has it, and starts what it killed."""

    def __init__(self, product: Deployed, seed: int) -> None:
        self._product = product
        self._chance = random.Random(seed)
        self._coming_up: list[str] = []

    def kill(self, target: Target) -> None:
        """Kill a target that works, at a moment that chance decides."""
        wait_until(lambda: self._has_room_for(target), "what was killed before works again", seconds=60)
        # Not a wait for an effect: a moment.
        time.sleep(self._chance.uniform(0, 0.5))
        process = self._product.processes[target.process]
        target.killed_at.append(datetime.now(UTC))
        if target.kind == _WORKER_OF_WEB:
            process.kill_a_child(self._chance.choice)
        else:
            process.kill()
            process.start()
            self._coming_up.append(target.process)

    def in_any_order(self, targets: Sequence[Target], kills: int) -> list[Target]:
        """Return that many targets, each as often as every other."""
        rounds = [self._chance.sample(targets, len(targets)) for _ in range(-(-kills // len(targets)))]
        return [target for one in rounds for target in one][:kills]

    def _has_room_for(self, target: Target) -> bool:
        self._product.tend()
        self._coming_up = [name for name in self._coming_up if not self._product.is_up(name)]
        return target.process not in self._coming_up and len(self._coming_up) < _COMING_UP_AT_ONCE


def test_what_is_killed_at_random_moments_loses_nothing_and_does_nothing_twice(
    product: Deployed, node: Node, load: Callable[..., Load]
) -> None:
    product.use_broker(node.url)
    killer, targets = Killer(product, seed=20261122), _targets()
    work = {target.process for target in targets} - set(WEB)
    product.start(work)
    try:
        with loading(load(per_second=2.5)) as under_load:
            under_load.wait_for(5)
            for target in killer.in_any_order(targets, _KILLS):
                killer.kill(target)
            under_load.wait_for(10)
        ledger = under_load.ledger
        found = settled(product.databases, ledger.entries, tend=product.tend)
        notices = _let_everybody_be_told(product)
        _note_gaps(targets, ledger, reckon(product.databases, ledger.entries))
    finally:
        product.end(work)
    assert found.problems == {}
    assert left_over(product) == {}
    assert set(notices) == {"delivered"}


def _let_everybody_be_told(product: Deployed) -> Counter[str]:
    """Return how many notices ended in which state, once what killed senders held has been claimed by others."""
    product.end(["notifications-loops"])
    with product.databases["notifications"].begin() as session:
        # A sender's claim lasts a minute; here that minute has passed.
        session.execute(sa.text("UPDATE notice SET next_attempt_at = now() WHERE state = 'created'"))
        session.execute(
            sa.text("UPDATE notice SET claimed_at = claimed_at - interval '1 minute' WHERE state = 'sending'")
        )
    product.start(["notifications-loops"])
    wait_until(
        lambda: not {"created", "sending"} & _states(product).keys(), "everybody is told", seconds=_SECONDS_TO_TELL
    )
    return _states(product)


def _states(product: Deployed) -> Counter[str]:
    with product.databases["notifications"].read() as session:
        return Counter(session.scalars(sa.text("SELECT state FROM notice")))


def _note_gaps(targets: Sequence[Target], ledger: Ledger, found: Reckoning) -> None:
    by_kind: dict[str, list[float | None]] = defaultdict(list)
    for target in targets:
        by_kind[target.kind] += target.gaps(ledger, found)
    for kind, held_up in by_kind.items():
        results.note(f"kill -9: {kind}", found, held_up)
