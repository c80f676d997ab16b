"""The whole story through the HTTP APIs in one process, for both authorities.

Over RabbitMQ it is told on what is deployed: tests/integration/deploy/test_story_without_containers.py.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.demo.ledger import Ledger
from services.demo.stage import stage_of
from services.demo.story import STARTS_AT, tell
from services.embedded.together import Options, Together, free_port
from tests.journeys.endings import assert_every_family_got_somewhere


@pytest.fixture
def play(tmp_path: Path) -> Callable[[str], Ledger]:
    def told(authority: str) -> Ledger:
        options = Options(
            var=tmp_path, port=free_port(), authority=authority, training_starts_at=STARTS_AT, is_durable=False
        )
        together = Together(options)
        try:
            together.start()
            return tell(stage_of(together))
        finally:
            together.stop()

    return told


@pytest.mark.slow
@pytest.mark.parametrize("authority", ["bathnes", "gloucestershire"])
def test_every_family_gets_somewhere_and_everybody_is_told(authority: str, play: Callable[[str], Ledger]) -> None:
    assert_every_family_got_somewhere(play(authority).families, authority)
