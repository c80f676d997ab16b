"""A session ends when what it says of the person is no longer so."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from shared.events.directory import PersonChanged
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.directory.conftest import PASSWORD, AddPerson
from tests.integration.directory.test_people import a_form

EMAIL = "ana@school.example"


def signed_in(running: Running, email: str = EMAIL, password: str = PASSWORD) -> FlaskClient:
    browser = running.browser()
    assert browser.post("/directory/sign-in", data={"email": email, "password": password}).status_code == 303
    return browser


def is_known(browser: FlaskClient) -> bool:
    return "Hello, Ana Sample" in browser.get("/directory/").text


def change(running: Running, person_id: UUID, **changes: Any) -> None:
    administrator = running.browser(a_person("administrator"))
    answer = administrator.post(f"/directory/people/{person_id}", data=a_form(**changes))
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "changes", [{"is_active": "no"}, {"roles": ["coordinator"]}, {"roles": ["referrer", "coordinator"]}]
)
def test_somebody_who_left_or_has_other_roles_is_signed_out(
    directory: Running, add: AddPerson, changes: dict[str, Any]
) -> None:
    person_id = add(EMAIL)
    browser = signed_in(directory)
    assert is_known(browser)
    before = datetime.now(UTC)
    change(directory, person_id, **changes)
    assert not is_known(browser)
    ended_at = directory.announced(PersonChanged)[-1].sessions_end_at
    assert before <= ended_at <= datetime.now(UTC)


def test_another_agency_ends_the_sessions_too(
    directory: Running, add: AddPerson, an_agency: Callable[[str], UUID]
) -> None:
    person_id = add(EMAIL)
    browser = signed_in(directory)
    change(directory, person_id, agency_id=str(an_agency("Lantern")))
    assert not is_known(browser)


def test_a_new_job_title_ends_no_session(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL)
    browser = signed_in(directory)
    change(directory, person_id, job_title="Head teacher")
    assert is_known(browser)
    assert directory.announced(PersonChanged)[-1].sessions_end_at is None


def test_signing_in_again_after_the_change_is_good(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL)
    signed_in(directory)
    change(directory, person_id, roles=["coordinator"])
    assert is_known(signed_in(directory))


def test_a_new_password_ends_every_other_session_and_not_the_one_it_begins(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    left_open, chooser = signed_in(directory), signed_in(directory)
    form = {"email": EMAIL, "password": PASSWORD, "new_password": "another set of words"}
    assert chooser.post("/directory/password", data=form).status_code == 303
    assert is_known(chooser)
    assert not is_known(left_open)
    assert directory.announced(PersonChanged)[-1].sessions_end_at is not None


def test_a_first_password_ends_the_sessions_of_the_earlier_one(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL)
    browser = signed_in(directory)
    directory.browser(a_person("administrator")).post(f"/directory/people/{person_id}/first-password")
    assert not is_known(browser)
    assert directory.announced(PersonChanged)[-1].sessions_end_at is not None


def test_a_person_signs_out_on_every_device(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    add("ben@school.example", name="Ben Sample")
    lost, here, somebody_else = signed_in(directory), signed_in(directory), signed_in(directory, "ben@school.example")
    assert "Sign out on every device" in here.get("/directory/").text
    answer = here.post("/directory/sign-out/everywhere")
    assert "signed out on every device" in here.get(answer.location).text
    assert not is_known(lost)
    assert "Hello, Ben Sample" in somebody_else.get("/directory/").text
    assert here.post("/directory/sign-out/everywhere").location.startswith("/directory/sign-in")


def test_the_api_refuses_an_ended_session(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL, "administrator")
    add("ben@school.example", "administrator")
    headers = directory.bearer(a_person("administrator", person_id=person_id))
    assert directory.browser().get("/directory/api/v1/people", headers=headers).status_code == 200
    change(directory, person_id, roles=["referrer"])
    assert directory.browser().get("/directory/api/v1/people", headers=headers).status_code == 401


def test_a_password_that_was_changed_while_it_was_checked_signs_nobody_in(
    directory: Running, add: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.directory.actions import passwords

    person_id = add(EMAIL)
    really_matches = passwords.matches

    def matches(password_hash: str | None, typed: str) -> bool:
        monkeypatch.setattr(passwords, "matches", really_matches)
        change(directory, person_id, is_active="no")
        return really_matches(password_hash, typed)

    monkeypatch.setattr(passwords, "matches", matches)
    answer = directory.browser().post("/directory/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 422


def test_somebody_signed_in_gets_an_error_page_when_sessions_cannot_be_looked_up(directory: Running) -> None:
    with directory.database.begin() as session:
        session.execute(sa.text("DROP TABLE ended_session"))
    answer = directory.browser(a_person("referrer")).get("/directory/services")
    assert answer.status_code == 500
    assert "Sorry, something went wrong" in answer.text
