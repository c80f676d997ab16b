"""The whole story on what is deployed: gunicorn, nginx, one process per block, RabbitMQ and PostgreSQL."""

from collections.abc import Callable

import pytest

from services.demo.stage import Stage
from services.demo.story import STARTS_AT, tell
from services.embedded.client import Client
from services.embedded.waiting import facts_left
from tests.integration.deploy.rehearsal import EMAIL, PASSWORD, Rehearsal, sign_in_first_administrator
from tests.journeys.endings import assert_every_family_got_somewhere

pytestmark = [pytest.mark.slow, pytest.mark.rabbitmq, pytest.mark.usefixtures("nginx_program")]


def test_every_family_gets_somewhere_and_everybody_is_told(rehearse: Callable[..., Rehearsal]) -> None:
    rehearsal = rehearse(door="http", CLOCK="training", TRAINING_STARTS_AT=STARTS_AT.isoformat()).ready()
    sign_in_first_administrator(rehearsal)
    administrator = Client.signed_in(rehearsal.url, EMAIL, PASSWORD)
    families = tell(Stage(rehearsal.url, "bathnes", rehearsal.portal_token(), administrator)).families
    assert_every_family_got_somewhere(families, "bathnes")
    assert facts_left(rehearsal.url) == 0
    assert rehearsal.stop() == 0, rehearsal.said
