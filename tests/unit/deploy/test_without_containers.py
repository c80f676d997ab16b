"""How the blocks of docker-compose.yml are translated for a machine without containers."""

import sys
from pathlib import Path

import pytest

from deploy.prepare import administrator_in
from deploy.rabbitmq.definitions import definitions
from deploy.without_containers.blocks import Block
from deploy.without_containers.places import Places

WEB = Block(
    name="panel-web",
    command=("python", "-m", "services.panel", "web"),
    environment={
        "PORT": "8003",
        "BIND": "0.0.0.0",
        "METRICS_PORT": "9100",
        "METRICS_BIND": "0.0.0.0",
        "NEIGHBOURS_AT": "http://nginx:8000/{service}",
        "PAGE_KEY_FILE": "/run/secrets/page_key",
        "BROKER_URL_FILE": "/run/secrets/broker_url",
    },
    health=("python", "-m", "deploy.health", "web", "panel"),
    needs={},
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(
        tmp_path,
        "http://localhost:8080",
        {"panel-web": WEB},
        "postgresql://postgres@db.example/postgres",
        "amqp://broker",
    )


def test_a_process_listens_on_this_machine_alone_where_its_neighbours_look_for_it(places: Places) -> None:
    environ = places.environment(WEB)
    assert environ["BIND"] == "127.0.0.1"
    assert places.translated("http://panel-web:8003/x") == f"http://127.0.0.1:{environ['PORT']}/x"
    assert environ["NEIGHBOURS_AT"] == f"{places.inner_url}/{{service}}"
    assert places.translated("nginx:8080") == "127.0.0.1:8080"


def test_what_prometheus_reads_is_on_this_machine_alone_too_at_a_port_of_each_process(places: Places) -> None:
    environ = places.environment(WEB)
    assert environ["METRICS_BIND"] == "127.0.0.1"
    assert environ["METRICS_PORT"] not in ("9100", environ["PORT"])
    assert places.translated("panel-web:9100") == f"127.0.0.1:{environ['METRICS_PORT']}"


def test_secrets_are_read_from_the_private_folder(places: Places, tmp_path: Path) -> None:
    assert places.environment(WEB)["PAGE_KEY_FILE"] == f"{tmp_path}/secrets/page_key"


def test_its_python_is_the_one_with_the_packages_and_nothing_of_ours_leaks_in(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_PASSWORD", "of the one who starts it")
    environ = places.environment(WEB)
    assert environ["PATH"].startswith(str(Path(sys.executable).parent))
    assert "SAMPLE_PASSWORD" not in environ


def test_databases_and_queues_have_names_that_no_other_system_has(places: Places, tmp_path: Path) -> None:
    other = Places(tmp_path, "http://localhost:8080", {}, "postgresql://", "amqp://")
    assert places.token != other.token
    assert places.environment(WEB)["BROKER_PREFIX"] == places.token
    assert {url.host for url in places.databases.values()} == {"db.example"}
    assert all(url.database == url.username == f"{places.token}_{name}" for name, url in places.databases.items())


def test_the_administrator_of_the_broker_is_read_from_its_own_settings() -> None:
    assert administrator_in("default_user = administrator\ndefault_pass = abc\n") == ("administrator", "abc")
    with pytest.raises(SystemExit, match="default_pass"):
        administrator_in("default_user = administrator\n")


def test_the_services_user_may_touch_the_names_under_the_prefix_only() -> None:
    document = definitions("amqp://earlyhelp:p%40ss@rabbitmq:5672/early%2Fhelp", "earlyhelp")
    (permission,) = document["permissions"]
    assert (permission["user"], permission["vhost"]) == ("earlyhelp", "early/help")
    assert permission["configure"] == permission["read"] == r"^earlyhelp\."
    assert "p@ss" not in str(document), "a password is sent as its hash"
