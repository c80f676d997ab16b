"""The network to RabbitMQ fails under load: connections are cut, fall silent and become slow, and nothing is lost."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults import results
from tests.faults.deployed import WORK, Deployed
from tests.faults.proxy import Proxy, proxy
from tests.faults.rabbitmq import Node
from tests.faults.trial import Trial

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_CUTS = 30 if results.is_full() else 5
_SILENT_SECONDS = 30 if results.is_full() else 14
"""Longer than two heartbeats of six seconds, after which a silent broker counts as gone."""


@pytest.fixture(scope="module")
def network(node: Node) -> Iterator[Proxy]:
    """Give a proxy in front of the broker."""
    with proxy(node.port) as between:
        yield between


@pytest.fixture(scope="module")
def at_work(product: Deployed, network: Proxy) -> Iterator[Deployed]:
    """Have the work processes run, whole, and reach the broker through the proxy."""
    product.use_broker(f"amqp://guest:guest@127.0.0.1:{network.port}//")
    product.start(WORK)
    yield product
    product.end(WORK)


def test_connections_that_are_cut(trial: Callable[[], Trial], network: Proxy) -> None:
    running = trial()
    for _ in range(_CUTS):
        assert network.connections
        running.breaks()
        network.cut()
        running.is_mended()
        running.goes_on()
    running.ends("connections to RabbitMQ cut")


def test_connections_that_fall_silent(trial: Callable[[], Trial], network: Proxy) -> None:
    running = trial()
    running.breaks()
    network.freeze()
    # The silence itself, not a wait for an effect.
    time.sleep(_SILENT_SECONDS)
    network.thaw()
    running.is_mended()
    running.goes_on()
    running.ends(f"connections to RabbitMQ silent for {_SILENT_SECONDS} s")
    assert running.load.ledger.refusals == [], "requests need no broker"


def test_connections_that_are_slow(trial: Callable[[], Trial], network: Proxy) -> None:
    running = trial()
    running.breaks()
    network.slow(0.3)
    try:
        running.load.wait_for(15)
        running.goes_on()
    finally:
        network.slow(0)
    running.ends("connections to RabbitMQ slowed by 0.3 s each way")
