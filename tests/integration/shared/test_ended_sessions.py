"""What the directory announces of ended sessions counts in every service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from shared.ended_sessions import end_sessions, ended_session, has_ended
from shared.events.directory import PersonChanged
from shared.identity import ROLES, Person
from tests.factories import a_person
from tests.integration.conftest import Running

_A_PAGE = {"referrals": "/referrals/sent", "panel": "/panel/meetings", "notifications": "/notifications/notices"}


def ended(person: Person, at: datetime | None) -> PersonChanged:
    return PersonChanged(person.person_id, person.agency_id, tuple(sorted(person.roles)), True, sessions_end_at=at)


@pytest.mark.parametrize("service", _A_PAGE)
def test_every_service_refuses_a_session_from_before_its_end(service: str, start: Callable[..., Running]) -> None:
    running = start(service)
    person, other = a_person(*ROLES), a_person(*ROLES)
    browser, others = running.browser(person), running.browser(other)
    assert browser.get(_A_PAGE[service]).status_code == 200
    running.receives(ended(person, datetime.now(UTC)))
    answer = browser.get(_A_PAGE[service])
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/directory/sign-in")
    assert others.get(_A_PAGE[service]).status_code == 200
    assert running.browser(person).get(_A_PAGE[service]).status_code == 200, "a session issued after the end is good"


@pytest.mark.parametrize("service", _A_PAGE)
def test_a_change_that_ends_no_session_ends_none(service: str, start: Callable[..., Running]) -> None:
    running = start(service)
    person = a_person(*ROLES)
    browser = running.browser(person)
    running.receives(ended(person, None))
    assert browser.get(_A_PAGE[service]).status_code == 200


def test_an_earlier_end_that_comes_late_lets_no_session_in_again(start: Callable[..., Running]) -> None:
    running, person = start("panel"), a_person("coordinator")
    now = datetime.now(UTC)
    with running.database.begin() as session:
        for ends_at in (now, now - timedelta(hours=1), None):
            end_sessions(session, person.person_id, ends_at)
        assert has_ended(session, person.person_id, now - timedelta(seconds=1))
        assert not has_ended(session, person.person_id, now)
        assert session.scalar(sa.select(sa.func.count()).select_from(ended_session)) == 1
