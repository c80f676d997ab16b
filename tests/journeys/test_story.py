"""The whole story through the HTTP APIs in one process, for Gloucestershire.

For Bath and North East Somerset it is told over RabbitMQ, on what is deployed:
tests/integration/deploy/test_story_without_containers.py.
"""

from pathlib import Path

import pytest

from services.demo.stage import stage_of
from services.demo.story import STARTS_AT, tell
from tests.filled import started
from tests.journeys.endings import assert_every_family_got_somewhere

_AUTHORITY = "gloucestershire"


@pytest.mark.slow
def test_every_family_gets_somewhere_and_everybody_is_told(tmp_path: Path) -> None:
    with started(tmp_path, authority=_AUTHORITY, training_starts_at=STARTS_AT) as together:
        families = tell(stage_of(together)).families
    assert_every_family_got_somewhere(families, _AUTHORITY)
