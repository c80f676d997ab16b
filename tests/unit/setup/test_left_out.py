"""What cannot be had on this machine is said in one line, and never passed over in CI."""

import pytest

from deploy.setup import apt, chromium, services
from deploy.setup.progress import SetUpFailed
from deploy.setup.servers import Server


@pytest.fixture(autouse=True)
def a_bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be no browser, no server, no container engine, and no right to install any."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("BROKER_URL", raising=False)
    monkeypatch.delenv("POSTGRES_ADMIN_URL", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(apt, "may_install", lambda: False)
    monkeypatch.setattr(Server, "answers", lambda server: False)
    monkeypatch.setattr(services, "_system_path", lambda: "")


def test_without_chromium_one_line_says_what_is_left_out_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    chromium.provide()
    assert capsys.readouterr().out == (
        "No Chromium: the browser tests will be left out."
        " To run them: install chromium, or name one with CHROMIUM=/path/to/chromium\n"
    )


def test_without_rabbitmq_one_line_says_what_is_left_out_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    services.provide()
    assert capsys.readouterr().out.splitlines()[2:] == [
        "No RabbitMQ: the RabbitMQ tests will be left out."
        " To run them: start RabbitMQ on 127.0.0.1:5672, or name one with BROKER_URL=amqp://..."
    ]


def test_without_postgresql_no_test_is_left_out_because_they_start_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    services.provide()
    assert capsys.readouterr().out.splitlines()[:2] == [
        "PostgreSQL of the tests: a private one, started by them",
        "No PostgreSQL: deploy/without-containers will start a private one. To use another: POSTGRES_ADMIN_URL=...",
    ]


@pytest.mark.parametrize("provide", [chromium.provide, services.provide])
def test_in_ci_nothing_may_be_left_out(provide: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetUpFailed, match="no test may be left out"):
        provide()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("variable", "url", "said"),
    [
        (
            "BROKER_URL",
            "amqp://panel:shibboleth@broker.example:5673/early",
            "No RabbitMQ answers at broker.example:5673",
        ),
        ("BROKER_URL", "amqps://panel:shibboleth@broker.example", "No RabbitMQ answers at broker.example:5671"),
        ("POSTGRES_ADMIN_URL", "postgresql://me:shibboleth@db.example/x", "No PostgreSQL answers at db.example:5432"),
        ("POSTGRES_ADMIN_URL", "postgresql://postgres@/postgres?host=/run/pg", "No PostgreSQL answers at /run/pg"),
    ],
)
def test_a_named_server_that_is_away_is_said_without_its_password(
    variable: str, url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, url)
    with pytest.raises(SetUpFailed) as refused:
        services.provide()
    assert str(refused.value) == f"{said}, which {variable} names."
