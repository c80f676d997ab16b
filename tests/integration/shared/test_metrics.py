"""What Prometheus reads of a `work` process: what waits in the database, at the moment it asks."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from shared.database import Database
from shared.messaging.tables import broker_seen, inbox, outbox
from shared.messaging.topology import Topology
from shared.metrics.serve import serving_metrics
from shared.metrics.waiting import WaitingCollector
from shared.timetable import schedule_run
from tests.brokers import BROKER_URL
from tests.integration.conftest import NEIGHBOUR_KEY, PUBLIC_KEY, Running

ROOT = Path(__file__).parents[3]

Start = Callable[..., Running]
NOW = datetime.now(UTC)


def gauges(service: Running, *jobs: str) -> dict[tuple[str, ...], float]:
    """Return each gauge's values by its name and what its labels add to the service's name."""
    collector = WaitingCollector(service.service.name, service.database, jobs)
    return {
        (sample.name, *[value for label, value in sample.labels.items() if label != "service"]): sample.value
        for family in collector.collect()
        for sample in family.samples
    }


def write(service: Running, table: sa.Table, **values: Any) -> None:
    with service.database.begin() as session:
        session.execute(sa.insert(table).values(**values))


def a_fact() -> dict[str, Any]:
    return {"message_id": uuid4(), "topic": "panel.x.v1", "family_key": str(uuid4()), "seq": 1}


def test_the_age_and_depth_of_the_outbox_leave_out_what_was_sent(start: Start) -> None:
    panel = start("panel")
    write(panel, outbox, **a_fact(), envelope={}, announced_at=NOW - timedelta(hours=3), sent_at=NOW)
    write(panel, outbox, **a_fact(), envelope={}, announced_at=NOW - timedelta(hours=2), parked_at=NOW)
    write(panel, outbox, **a_fact(), envelope={}, announced_at=NOW - timedelta(hours=1))
    found = gauges(panel)
    assert found["early_help_outbox_facts",] == 1
    assert 3600 <= found["early_help_outbox_age_seconds",] < 7200
    assert found["early_help_unroutable_facts",] == 1


def test_an_empty_outbox_has_no_age(start: Start) -> None:
    found = gauges(start("panel"))
    assert found["early_help_outbox_facts",] == found["early_help_outbox_age_seconds",] == 0
    assert found["early_help_inbox_age_seconds",] == 0


def test_facts_that_were_received_and_not_handled_are_counted_by_state_also_those_without_any(start: Start) -> None:
    panel = start("panel")
    for status in ("done", "retry", "retry", "parked", "discarded"):
        write(panel, inbox, **a_fact(), status=status, received_at=NOW - timedelta(hours=1))
    found = gauges(panel)
    counted = {key[1]: value for key, value in found.items() if key[0] == "early_help_inbox_facts"}
    assert counted == {"retry": 2, "blocked": 0, "parked": 1}
    assert 3600 <= found["early_help_inbox_age_seconds",] < 7200


def test_a_broker_that_never_answered_has_been_silent_for_ever(start: Start) -> None:
    panel = start("panel")
    assert gauges(panel)["early_help_broker_silent_seconds",] == float("inf")
    write(panel, broker_seen, seen_at=NOW - timedelta(hours=1))
    assert 3600 <= gauges(panel)["early_help_broker_silent_seconds",] < 7200


def test_each_job_says_when_it_last_ran_and_one_that_never_did_says_nothing(start: Start) -> None:
    panel = start("panel")
    for hours in (1, 2, 3):
        at = NOW - timedelta(hours=hours)
        write(panel, schedule_run, job="close_agendas", slot_at=at, ran_at=at + timedelta(seconds=5))
    write(panel, schedule_run, job="of_an_earlier_release", slot_at=NOW, ran_at=NOW)
    ran = {key[1]: at for key, at in gauges(panel, "close_agendas", "remind").items() if "last_run" in key[0]}
    assert ran == {"close_agendas": pytest.approx((NOW - timedelta(hours=1, seconds=-5)).timestamp())}


def test_a_database_that_is_away_is_a_figure_and_no_failure(start: Start) -> None:
    panel = start("panel")
    assert gauges(panel)["early_help_database_answers",] == 1
    away = Database(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing")
    (only,) = WaitingCollector("panel", away, []).collect()
    assert [(sample.name, sample.value) for sample in only.samples] == [("early_help_database_answers", 0)]


def test_a_question_that_takes_long_is_given_up(start: Start) -> None:
    panel = start("panel")
    with panel.database.begin() as session:
        session.execute(sa.text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        assert gauges(panel) == {("early_help_database_answers",): 0}
    assert gauges(panel)["early_help_database_answers",] == 1


def test_prometheus_reads_all_of_it_where_the_setting_says(start: Start) -> None:
    port = free_port()
    panel = start("panel", METRICS_PORT=str(port))
    with serving_metrics(panel.service, panel.resources):
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
        names = {family.name for family in text_string_to_metric_families(answer.text)}
        assert {"early_help_outbox_facts", "early_help_publish_seconds", "process_resident_memory_bytes"} <= names
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)


def test_without_the_setting_nothing_listens(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = start("panel")

    def refuse(*_: object) -> None:
        raise AssertionError("something listens")

    monkeypatch.setattr(socket.socket, "listen", refuse)
    with serving_metrics(panel.service, panel.resources):
        pass


def test_a_port_that_is_taken_is_said_in_one_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        panel = start("panel", METRICS_PORT=str(port))
        with pytest.raises(SystemExit) as refused, serving_metrics(panel.service, panel.resources):
            pytest.fail("it started")
    assert str(refused.value) == f"Cannot start: METRICS_PORT {port}: Address already in use."


@pytest.mark.rabbitmq
@pytest.mark.slow
def test_a_work_process_shows_its_figures_and_becomes_ready_when_the_broker_has_answered(
    start: Start, topology: Topology, tmp_path: Path
) -> None:
    port = free_port()
    panel = start("panel", BROKER_URL=BROKER_URL)
    environ = {
        "DATABASE_URL_PANEL": panel.resources.settings.database_url,
        "BROKER_URL": BROKER_URL,
        "BROKER_PREFIX": topology.prefix,
        "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
        "SESSION_PUBLIC_KEY": PUBLIC_KEY,
        "PAGE_KEY": "a page key that only the tests know",
        "TRAINING": "yes",
        "METRICS_PORT": str(port),
        "TMPDIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    assert panel.browser().get("/panel/health/ready").status_code == 503
    process = subprocess.Popen([sys.executable, "-m", "services.panel", "work"], cwd=ROOT, env=environ)
    try:
        wait_until(
            lambda: panel.browser().get("/panel/health/ready").status_code == 200, "the broker answered", seconds=60
        )
        said = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    finally:
        process.terminate()
        assert process.wait(15) == 0
    assert 'early_help_leader{role="publisher",service="panel"} 1.0' in said
    assert 'early_help_database_answers{service="panel"} 1.0' in said
    silent = re.search(r'early_help_broker_silent_seconds{service="panel"} (\S+)', said)
    assert silent is not None
    assert float(silent[1]) < 30
    assert "early_help_job_failures_total{job_name=" in said, "each job is there before it fails"
