"""What cannot be had on this machine is said in one line, and never passed over in CI."""

import pytest

from deploy.setup import apt, chromium, services
from deploy.setup.progress import SetUpFailed


@pytest.fixture(autouse=True)
def a_bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be no browser, no broker, and no right to install any."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("BROKER_URL", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(apt, "may_install", lambda: False)
    monkeypatch.setattr(services, "_answers", lambda url: False)
    monkeypatch.setattr(services, "_system_path", lambda: "")


def test_without_chromium_one_line_says_what_is_left_out_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    chromium.provide()
    assert capsys.readouterr().out == (
        "No Chromium: the browser tests will be left out."
        " To run them: install chromium, or name one with CHROMIUM=/path/to/chromium\n"
    )


def test_without_rabbitmq_one_line_says_what_is_left_out_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    services.provide()
    assert capsys.readouterr().out.splitlines()[1:] == [
        "No RabbitMQ: the RabbitMQ tests will be left out."
        " To run them: start RabbitMQ on 127.0.0.1:5672, or name one with BROKER_URL=amqp://..."
    ]


@pytest.mark.parametrize("provide", [chromium.provide, services.provide])
def test_in_ci_nothing_may_be_left_out(provide: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetUpFailed, match="no test may be left out"):
        provide()  # type: ignore[operator]


def test_a_named_broker_that_is_away_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", "amqp://panel:shibboleth@broker.example:5673/early")
    with pytest.raises(SetUpFailed) as refused:
        services.provide()
    assert str(refused.value) == "Nothing that speaks AMQP answers at broker.example:5673, which BROKER_URL names."
