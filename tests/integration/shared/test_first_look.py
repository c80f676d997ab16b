"""What a starting `work` process does about a broker that has not what the code wants, or that is away."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.embedded.together import free_port
from services.embedded.waiting import wait_until
from shared.main import _wait_for_stop
from shared.messaging.topology import QUEUE_LIMIT, Topology
from shared.operating.broker import connected
from shared.operating.first_look import FirstLook
from tests.brokers import BROKER_URL
from tests.integration.conftest import NEIGHBOUR_KEY, PUBLIC_KEY, Running

pytestmark = pytest.mark.rabbitmq

ROOT = Path(__file__).parents[3]
Work = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def work(start: Callable[..., Running], topology: Topology, tmp_path: Path) -> Iterator[Work]:
    panel = start("panel")
    begun: list[subprocess.Popen[str]] = []

    def begin(broker_url: str) -> "subprocess.Popen[str]":
        environ = {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(tmp_path),
            "DATABASE_URL_PANEL": panel.resources.settings.database_url,
            "BROKER_URL": broker_url,
            "BROKER_PREFIX": topology.prefix,
            "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
            "SESSION_PUBLIC_KEY": PUBLIC_KEY,
            "PAGE_KEY": "a page key that only the tests know",
            "TRAINING": "yes",
        }
        output = (tmp_path / "output").open("w")
        command = [sys.executable, "-m", "services.panel", "work", "--only", "consume"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output, text=True)
        output.close()
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def other_queue(topology: Topology) -> str:
    """Declare the panel's queue with another argument than the code's, and return its name."""
    wanted = topology.queue("panel", []).queue_arguments
    with connected(BROKER_URL) as connection:
        connection.channel().queue_declare(
            topology.queue_name("panel"), durable=True, arguments=wanted | {"x-max-length": 5}
        )
    return topology.queue_name("panel")


def test_a_process_that_cannot_use_its_queue_ends_and_says_how_the_two_differ(
    work: Work, topology: Topology, tmp_path: Path
) -> None:
    name = other_queue(topology)
    assert work(BROKER_URL).wait(60) == 1
    last = (tmp_path / "output").read_text().splitlines()[-1]
    assert last.startswith(f"Cannot start: The queue {name} has x-max-length: 5 on the broker, {QUEUE_LIMIT} in the")


def test_a_process_whose_broker_is_away_waits_for_it(work: Work, tmp_path: Path) -> None:
    process = work(f"amqp://guest:guest@127.0.0.1:{free_port()}//")

    def has_tried_to_consume() -> bool:
        said = (tmp_path / "output").read_text()
        return "broker_not_looked_at" in said and "consumer_interrupted" in said

    wait_until(has_tried_to_consume, "it looked, and went on", seconds=60)
    assert process.poll() is None


def test_a_broker_that_was_away_is_looked_at_when_it_answers_and_then_no_more(topology: Topology) -> None:
    away = FirstLook("panel", [], f"amqp://127.0.0.1:{free_port()}//", topology.prefix)
    assert away.hindrance() == ""
    assert not away.is_done
    there = FirstLook("panel", [], BROKER_URL, topology.prefix)
    other_queue(topology)
    assert "x-max-length: 5" in there.hindrance()
    assert there.is_done


def test_a_queue_that_is_not_there_yet_hinders_nothing(topology: Topology) -> None:
    look = FirstLook("panel", ["directory.person_changed.v1"], BROKER_URL, topology.prefix)
    assert look.hindrance() == ""
    assert look.is_done


class Whole:
    """A worker none of whose roles has died."""

    is_whole = True


def test_a_process_that_learns_later_what_hinders_it_ends_too() -> None:
    with pytest.raises(SystemExit, match="Cannot start: The queue is another"):
        _wait_for_stop(Whole(), "panel", lambda: "The queue is another.")  # type: ignore[arg-type]
