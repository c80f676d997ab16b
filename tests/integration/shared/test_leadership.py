"""One leader per role: who holds the lock, how a notice reaches it, and how it learns that it leads no more."""

import threading
import time

import pytest
import sqlalchemy as sa

from services.embedded.waiting import wait_until
from shared import leadership
from shared.database import Database
from shared.leadership import Leadership, LeadershipLost

_CUT = sa.text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def database(blank_database: Database) -> Database:
    return blank_database


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def notify(database: Database) -> None:
    with database.begin() as session:
        session.execute(sa.text("NOTIFY news"))


def test_a_notice_that_came_before_the_wait_ends_it_at_once(database: Database, stop: threading.Event) -> None:
    with Leadership(database.url, "role", stop) as leader:
        leader.connection.execute("LISTEN news")
        notify(database)
        leader.check()
        assert leader.wait_for_notice(60)
        assert not leader.wait_for_notice(0), "one notice ends one wait"


def test_a_notice_ends_the_wait_that_it_finds(database: Database, stop: threading.Event) -> None:
    heard: list[bool] = []
    with Leadership(database.url, "role", stop) as leader:
        leader.connection.execute("LISTEN news")
        waiting = threading.Thread(target=lambda: heard.append(leader.wait_for_notice(60)))
        waiting.start()
        notify(database)
        waiting.join(10)
    assert heard == [True]


def test_a_wait_ends_when_told_to_stop(database: Database, stop: threading.Event) -> None:
    heard: list[bool] = []
    with Leadership(database.url, "role", stop) as leader:
        waiting = threading.Thread(target=lambda: heard.append(leader.wait_for_notice(60)))
        waiting.start()
        stop.set()
        waiting.join(10)
    assert heard == [False]


def test_a_leader_whose_connection_is_cut_learns_it_from_its_wait(database: Database, stop: threading.Event) -> None:
    lost: list[Exception] = []

    def wait(leader: Leadership) -> None:
        try:
            leader.wait_for_notice(60)
        except LeadershipLost as error:
            lost.append(error)

    with Leadership(database.url, "role", stop) as leader:
        waiting = threading.Thread(target=wait, args=(leader,))
        waiting.start()
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            wait_until(lambda: connection.execute(_CUT).scalar_one() > 0, "the leader's connection cut")
        waiting.join(10)
        with pytest.raises(LeadershipLost):
            leader.check()
    assert lost


def test_the_next_one_in_line_leads_when_the_leader_goes(
    database: Database, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leadership, "_TRY_AGAIN_SECONDS", 0.05)
    leads = threading.Event()

    def stand_in_line() -> None:
        with Leadership(database.url, "role", stop):
            leads.set()

    with Leadership(database.url, "role", stop), Leadership(database.url, "another role", stop):
        second = threading.Thread(target=stand_in_line)
        second.start()
        assert not leads.wait(0.3), "two lead at once"
    assert leads.wait(10)
    second.join(10)


def test_a_wait_costs_next_to_nothing(database: Database, stop: threading.Event) -> None:
    with Leadership(database.url, "role", stop) as leader:
        leader.connection.execute("LISTEN news")
        before = time.thread_time()
        leader.wait_for_notice(2)
        assert time.thread_time() - before < 0.005, "less than a four-hundredth of a core"
