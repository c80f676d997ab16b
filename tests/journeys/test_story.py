"""The whole story through the HTTP APIs: in one process' memory and over RabbitMQ, for both authorities."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.demo.ledger import Ledger
from services.demo.stage import stage_of
from services.demo.story import STARTS_AT, tell
from services.embedded.together import Options, Together, free_port
from shared.messaging.topology import Topology
from tests.brokers import BROKER_URL, need_broker, remove
from tests.journeys.endings import assert_every_family_got_somewhere

_STORIES = [
    pytest.param("bathnes", "memory", id="bathnes in memory"),
    pytest.param("bathnes", "rabbitmq", marks=pytest.mark.rabbitmq, id="bathnes over RabbitMQ"),
    pytest.param("gloucestershire", "memory", id="gloucestershire in memory"),
]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[str, str], Ledger]:
    def told(authority: str, transport: str) -> Ledger:
        topology = Topology(f"test-{tmp_path.name[:40]}-{free_port()}")
        if transport == "rabbitmq":
            need_broker()
        options = Options(
            var=tmp_path,
            port=free_port(),
            authority=authority,
            training_starts_at=STARTS_AT,
            is_durable=False,
            broker_url=BROKER_URL if transport == "rabbitmq" else "memory://",
            broker_prefix=topology.prefix,
        )
        together = Together(options)
        try:
            together.start()
            return tell(stage_of(together))
        finally:
            together.stop()
            if transport == "rabbitmq":
                remove(topology)

    return told


@pytest.mark.slow
@pytest.mark.parametrize(("authority", "transport"), _STORIES)
def test_every_family_gets_somewhere_and_everybody_is_told(
    authority: str, transport: str, play: Callable[[str, str], Ledger]
) -> None:
    assert_every_family_got_somewhere(play(authority, transport).families, authority)
