"""Behind a proxy every service knows the browser's address, scheme and host, and believes nobody else about them."""

from collections.abc import Callable

import pytest
from flask import request

from shared.service import SERVICES
from shared.web.access import open_to_everyone
from tests.integration.conftest import Running

_HEADERS = {
    "X-Forwarded-For": "192.0.2.66, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "help.council.example",
}


def seen_by(running: Running) -> str:
    @open_to_everyone("a test")
    def seen() -> str:
        return f"{request.remote_addr} {request.host_url}"

    name = running.service.name
    running.app.add_url_rule(f"/{name}/seen", "seen", seen)
    return running.browser().get(f"/{name}/seen", headers=_HEADERS).text


@pytest.mark.parametrize("service", SERVICES)
def test_one_proxy_is_believed_and_what_came_before_it_is_not(service: str, start: Callable[..., Running]) -> None:
    assert seen_by(start(service, PROXIES_IN_FRONT="1")) == "203.0.113.9 https://help.council.example/"


@pytest.mark.parametrize("service", SERVICES)
def test_without_a_proxy_nobody_is_believed(service: str, start: Callable[..., Running]) -> None:
    assert seen_by(start(service, PROXIES_IN_FRONT="0")) == "127.0.0.1 http://localhost/"
