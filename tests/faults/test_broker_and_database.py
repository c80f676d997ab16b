"""RabbitMQ and PostgreSQL fail under load: requests go on where they can, nothing is lost, and all goes on afterwards."""

import time
from collections.abc import Callable, Iterator

import pytest

from services.embedded.waiting import wait_until
from tests.faults import results
from tests.faults.deployed import Deployed
from tests.faults.rabbitmq import Node
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.trial import Trial

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_AWAY_SECONDS = 30 if results.is_full() else 8
_TIMES = 10 if results.is_full() else 2


def test_a_broker_that_is_stopped_and_started_again(trial: Callable[[], Trial], node: Node) -> None:
    running = trial()
    running.breaks()
    node.stop()
    # The outage itself, not a wait for an effect.
    time.sleep(_AWAY_SECONDS)
    node.start()
    running.is_mended()
    running.goes_on()
    running.ends(f"RabbitMQ stopped for {_AWAY_SECONDS} s and started")
    assert running.load.ledger.refusals == [], "requests need no broker"


def test_a_broker_that_is_killed_and_started_again(trial: Callable[[], Trial], node: Node) -> None:
    running = trial()
    for _ in range(_TIMES // 2):
        running.breaks()
        node.kill()
        node.start()
        running.is_mended()
        running.goes_on()
    running.ends("RabbitMQ kill -9 and started")


def test_a_broker_without_memory_holds_up_nobody_but_itself(trial: Callable[[], Trial], node: Node) -> None:
    running = trial()
    node.ctl("set_vm_memory_high_watermark", "0")
    running.breaks()
    try:
        before = running.unsent()
        running.load.wait_for(15)
        wait_until(lambda: running.unsent() >= before + 10, "the outbox keeps what is announced", seconds=30)
    finally:
        node.ctl("set_vm_memory_high_watermark", "absolute", "600MB")
    running.is_mended()
    running.goes_on()
    running.ends("RabbitMQ's memory alarm, and its end")
    assert running.load.ledger.refusals == [], "requests need no broker"


def test_a_database_that_is_killed_and_started_again(trial: Callable[[], Trial], product: Deployed) -> None:
    running = trial()
    for _ in range(_TIMES):
        running.breaks()
        product.kill_postgres()
        product.start_postgres()
        running.is_mended()
        running.goes_on()
    running.ends("PostgreSQL kill -9 and started")


@pytest.fixture
def disk_of_the_outbox(product: Deployed) -> Iterator[SmallDisk]:
    """Have the outbox of referrals lie on a small disk of its own."""
    with small_disk(product.places.folder / "small", product.databases["referrals"], "outbox") as disk:
        yield disk


def test_a_full_disk_under_the_outbox_refuses_requests_and_loses_none(
    trial: Callable[[], Trial], disk_of_the_outbox: SmallDisk
) -> None:
    running = trial()
    refusals = running.load.ledger.refusals
    disk_of_the_outbox.fill()
    wait_until(lambda: refusals, "the first request is refused", seconds=60)
    running.breaks()
    wait_until(lambda: len(refusals) >= 10, "requests are refused", seconds=60)
    disk_of_the_outbox.make_room()
    running.is_mended()
    running.goes_on()
    running.ends("the outbox's disk full, and room again")
    assert set(refusals) <= {500, 503}
