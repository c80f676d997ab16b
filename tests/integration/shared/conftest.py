"""A broker's corner of a test's own, and the operator's commands as a terminal runs them on it."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import click
import pytest
from click.testing import CliRunner, Result

from shared.messaging.topology import Topology
from tests.brokers import BROKER_URL, need_broker, remove
from tests.integration.conftest import Running

Run = Callable[..., Result]
Operate = Callable[..., Run]


@pytest.fixture
def topology() -> Iterator[Topology]:
    need_broker()
    topology = Topology(f"test-{uuid4().hex[:12]}")
    yield topology
    remove(topology)


@pytest.fixture
def operate(topology: Topology) -> Operate:
    """Give a function that returns a command of these services, with no setting but databases and broker."""

    def of(command: click.Command, *services: Running) -> Run:
        given = {
            "BROKER_URL": BROKER_URL,
            "BROKER_PREFIX": topology.prefix,
            "COLUMNS": "300",
        }
        for running in services:
            given[f"DATABASE_URL_{running.service.name.upper()}"] = running.resources.settings.database_url
        obj = services[0].service if len(services) == 1 else [running.service for running in services]

        def run(*words: str, **environ: str) -> Result:
            return CliRunner().invoke(command, words, obj=obj, env=given | environ)

        return run

    return of
