"""`work` told to stop, or busy, with a slow handler in hand: nothing is lost, nothing is done twice, nobody waits long."""

import signal
import subprocess
import time

import psutil
import pytest

from services.embedded.waiting import wait_until
from tests.integration.work.slow_work import SlowWork

pytestmark = [pytest.mark.slow, pytest.mark.rabbitmq]
_SECONDS_TO_STOP = 10.0
_NEVER = 60.0


def stop(process: subprocess.Popen[bytes]) -> float:
    """Tell a process to stop, wait for its end and return how long it took; it must end well."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    return time.monotonic() - began


def test_told_to_stop_it_finishes_what_is_in_hand_and_takes_nothing_more(work: SlowWork) -> None:
    work.hears_of("EH-1")
    process = work.start(seconds=3)
    work.waits_until_begun()
    work.hears_of("EH-2")
    assert stop(process) < _SECONDS_TO_STOP
    assert work.noted.all() == ["EH-1"]
    assert work.left() == 1, "the one in hand was acknowledged, the other one waits for the next process"


def test_a_handler_that_does_not_end_holds_nobody_up_and_its_message_is_handled_once_by_the_next_process(
    work: SlowWork,
) -> None:
    work.hears_of("EH-1")
    process = work.start(seconds=_NEVER)
    work.waits_until_begun()
    assert stop(process) < _SECONDS_TO_STOP
    assert work.noted.all() == []
    wait_until(lambda: work.left() == 1, "the message is back in its queue")
    after = work.start(seconds=0)
    wait_until(work.noted.all, "the message handled after all", seconds=30)
    stop(after)
    assert work.noted.all() == ["EH-1"]
    assert work.begun() == ["EH-1", "EH-1"]
    assert work.left() == 0


def test_the_broker_hears_of_a_process_while_its_handler_takes_many_heartbeats(work: SlowWork) -> None:
    work.hears_of("EH-1")
    process = work.start("--only", "consume", seconds=6, heartbeat=1)
    work.waits_until_begun()
    held = _talks_to_broker(process)
    wait_until(work.noted.all, "the slow one handled", seconds=30)
    work.hears_of("EH-2")
    work.waits_until_begun(2)
    assert len(held) == 1
    assert held == _talks_to_broker(process), "the connection was not lost meanwhile"
    assert stop(process) < _SECONDS_TO_STOP
    assert work.noted.all() == ["EH-1", "EH-2"]
    assert work.begun() == ["EH-1", "EH-2"], "each was handled once"
    assert "consumer_interrupted" not in work.said()


def _talks_to_broker(process: subprocess.Popen[bytes]) -> set[tuple[object, ...]]:
    """Return this process' ends of its connections to the broker."""
    connections = psutil.Process(process.pid).net_connections(kind="tcp")
    return {tuple(one.laddr) for one in connections if one.raddr and one.status == psutil.CONN_ESTABLISHED}
