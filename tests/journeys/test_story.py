"""The whole story through the HTTP APIs: in one process' memory and over RabbitMQ, for both authorities."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.demo.ledger import Ledger
from services.demo.story import STARTS_AT, tell
from services.embedded.together import Options, Together, free_port
from shared.messaging.topology import Topology
from tests.brokers import BROKER_URL, need_broker, remove

_STORIES = [
    pytest.param("bathnes", "memory", id="bathnes in memory"),
    pytest.param("bathnes", "rabbitmq", marks=pytest.mark.rabbitmq, id="bathnes over RabbitMQ"),
    pytest.param("gloucestershire", "memory", id="gloucestershire in memory"),
]


def _channels(document: dict[str, Any]) -> list[str]:
    contact = document["contact"]["adult"]
    return next(adult.get("safe_channels", []) for adult in document["adults"] if adult["ref"] == contact)


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
        try:
            return tell(Together(options))
        finally:
            if transport == "rabbitmq":
                remove(topology)

    return told


@pytest.mark.slow
@pytest.mark.parametrize(("authority", "transport"), _STORIES)
def test_every_family_gets_somewhere_and_everybody_is_told(
    authority: str, transport: str, play: Callable[[str, str], Ledger]
) -> None:
    families = play(authority, transport).families
    assert len(families) >= 30
    for family in families:
        assert family.way, f"{family.name} went nowhere"
        can_be_told = family.document["referrer"].get("email") or "sms" in _channels(family.document)
        assert family.told.total() >= 1 or not can_be_told, f"nobody was told about {family.name}"
    ways = [" ".join(family.way) for family in families]
    for step in ("door: safeguarding", "door: more information", "allocate", "accepted", "review held", "overdue"):
        assert any(step in way for way in ways), f"nobody's way has {step}"
    if authority == "bathnes":
        assert any("add to plan" in way for way in ways), "no second request went to whoever leads the plan"
    assert all(family.due for family in families if family.plan_id)
