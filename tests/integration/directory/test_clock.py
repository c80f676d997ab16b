from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from shared.clock import TrainingClock, clock_reading
from shared.events.directory import ClockMoved
from tests.factories import a_person
from tests.integration.conftest import Running

CLOCK = "/directory/api/v1/clock"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def training(directory: Running) -> Running:
    """Give a directory whose clock stands still at NOW until it is moved."""
    TrainingClock(directory.database.engine, NOW).now()
    directory.clock.is_training = True
    return directory


def move(running: Running, body: Any, role: str = "coordinator") -> Any:
    return running.browser().post(CLOCK, json=body, headers=running.bearer(a_person(role)))


def goes_to(running: Running) -> datetime:
    with running.database.read() as session:
        target: datetime = session.execute(sa.select(clock_reading.c.moves_to)).scalar_one()
    return target


@pytest.mark.parametrize("role", ["administrator", "coordinator", "referrer"])
def test_the_clock_is_aimed_here_and_announced_to_the_others(training: Running, role: str) -> None:
    answer = move(training, {"by_hours": 24}, role)
    assert answer.status_code == 200
    target = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    assert answer.json == {"now": NOW.isoformat(), "moves_to": target.isoformat(), "is_training": True}
    assert training.announced(ClockMoved) == [ClockMoved(target)]
    assert goes_to(training) == target
    with training.database.read() as session:
        assert session.execute(sa.select(clock_reading.c.now_at)).scalar_one() == NOW


def test_moves_add_up_while_the_clock_is_still_on_its_way(training: Running) -> None:
    move(training, {"by_hours": 24})
    move(training, {"by_hours": 24})
    assert goes_to(training) == datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def test_an_instant_may_be_given_in_any_zone_and_is_announced_in_utc(training: Running) -> None:
    assert move(training, {"moves_to": "2026-12-01T10:00:00+01:00"}).status_code == 200
    assert training.announced(ClockMoved)[0].moves_to.isoformat() == "2026-12-01T09:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"moves_to": "2026-11-02T08:59:00+00:00"}, "/moves_to"),
        ({"moves_to": "2026-11-02T09:00:00+00:00"}, "/moves_to"),
        ({"moves_to": "2028-01-01T09:00:00+00:00"}, "/moves_to"),
        ({"moves_to": "0001-01-01T00:00:00+14:00"}, "/moves_to"),
        ({"moves_to": "9999-12-31T23:59:59-14:00"}, "/moves_to"),
        ({"moves_to": "2026-12-01T09:00:00"}, "/moves_to"),
        ({"moves_to": "tomorrow"}, "/moves_to"),
        ({"by_hours": 0}, "/by_hours"),
        ({"by_hours": -24}, "/by_hours"),
        ({"by_hours": 100_000}, "/by_hours"),
        ({"by_hours": "24"}, "/by_hours"),
        ({}, ""),
        ({"by_hours": 1, "moves_to": "2026-12-01T09:00:00+00:00"}, ""),
    ],
)
def test_a_move_that_cannot_be_is_refused_at_its_place(training: Running, body: Any, pointer: str) -> None:
    answer = move(training, body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert training.announced(ClockMoved) == []


def test_a_clock_on_its_way_is_not_called_back(training: Running) -> None:
    move(training, {"by_hours": 240})
    assert move(training, {"moves_to": "2026-11-05T09:00:00+00:00"}).status_code == 422


def test_the_real_time_is_not_moved(directory: Running) -> None:
    assert move(directory, {"by_hours": 24}).status_code == 409
    browser = directory.browser(a_person("administrator"))
    assert browser.get("/directory/clock").status_code == 404
    assert browser.post("/directory/clock/step", data={"step": "day"}).status_code == 409
    assert directory.announced(ClockMoved) == []
    told: Any = directory.browser().get(CLOCK, headers=directory.bearer(a_person("referrer")))
    assert told.json == {"now": NOW.isoformat(), "moves_to": NOW.isoformat(), "is_training": False}


def test_the_clock_is_only_for_signed_in_people(training: Running) -> None:
    assert training.browser().post(CLOCK, json={"by_hours": 1}).status_code == 401
    assert training.browser().get("/directory/clock").status_code == 302


@pytest.mark.parametrize(
    ("step", "target"),
    [
        ("hour", datetime(2026, 11, 2, 10, 0, tzinfo=UTC)),
        ("morning", datetime(2026, 11, 3, 9, 0, tzinfo=UTC)),
        ("fortnight", datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_button_moves_the_clock(training: Running, step: str, target: datetime) -> None:
    browser = training.browser(a_person("panel_member"))
    assert browser.post("/directory/clock/step", data={"step": step}).status_code == 303
    assert goes_to(training) == target
    assert "on its way to" in browser.get("/directory/clock").text


def test_a_day_and_time_are_londons(training: Running) -> None:
    browser = training.browser(a_person("coordinator"))
    form = {"moves_to-day": "1", "moves_to-month": "7", "moves_to-year": "2027", "at_time": "9:30"}
    assert browser.post("/directory/clock", data=form).status_code == 303
    assert goes_to(training) == datetime(2027, 7, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "box"),
    [
        ({"moves_to-day": "31", "moves_to-month": "2"}, "moves_to"),
        ({"moves_to-year": "2025"}, "moves_to"),
        ({"moves_to-year": "2091"}, "moves_to"),
        ({"at_time": "25:00"}, "at_time"),
        ({"at_time": ""}, "at_time"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_its_box(training: Running, change: dict[str, str], box: str) -> None:
    form = {"moves_to-day": "1", "moves_to-month": "12", "moves_to-year": "2026", "at_time": "9:30"} | change
    answer = training.browser(a_person("coordinator")).post("/directory/clock", data=form)
    assert answer.status_code == 422
    assert f'id="{box}-error"' in answer.text
    assert training.announced(ClockMoved) == []


def test_a_real_training_clock_is_what_the_page_shows(start: Callable[..., Running]) -> None:
    running = start("directory", at=datetime(2026, 7, 1, 11, 0, tzinfo=UTC))
    running.clock.is_training = True
    assert "Wednesday 1 July 2026, midday" in running.browser(a_person("referrer")).get("/directory/clock").text


def test_the_page_says_which_service_stopped_where_and_for_which_job(training: Running) -> None:
    clock = TrainingClock(training.database.engine, NOW)
    clock.stop_for("forget_tries")
    stopped = {
        "now": "2026-11-05T17:00:00+00:00",
        "moves_to": "2026-11-16T09:00:00+00:00",
        "stopped_by": "close_agendas",
    }
    going = stopped | {"stopped_by": None}
    training.neighbours.answers[("panel", "/health/ready")] = {"status": "ready", "clock": stopped}
    training.neighbours.answers[("referrals", "/health/ready")] = {"status": "ready", "clock": going}
    page = training.browser(a_person("coordinator")).get("/directory/clock").text
    assert "The panel service stopped at Thursday 5 November 2026, 5pm: its job “close agendas” did not finish" in page
    assert "The directory service stopped at Monday 2 November 2026, 9am: its job “forget tries”" in page
    assert "The referrals service stopped" not in page
