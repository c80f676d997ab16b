from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.directory.actions import passwords
from services.directory.actions.people import add_first_administrator
from services.directory.tables import PersonRow, SignInAttemptRow
from shared.audit import audit
from shared.identity import read_session, sign_session
from shared.web.access import SESSION_COOKIE
from tests.factories import a_person
from tests.integration.conftest import PUBLIC_KEY, Running
from tests.integration.directory.conftest import PASSWORD, AddPerson, adder

SESSIONS = "/directory/api/v1/sessions"
EMAIL = "ana@school.example"


def ask(running: Running, email: str, password: str, address: str = "192.0.2.1") -> Any:
    body = {"email": email, "password": password}
    return running.browser().post(SESSIONS, json=body, environ_base={"REMOTE_ADDR": address})


def let_minutes_pass(running: Running, minutes: int) -> None:
    """Make every try so much older: these waits are of real time, which a test cannot move."""
    with running.database.begin() as session:
        session.execute(sa.update(SignInAttemptRow).values(at=SignInAttemptRow.at - timedelta(minutes=minutes)))


def same_answer(one: Any, other: Any) -> bool:
    bodies = [{name: value for name, value in answer.json.items() if name != "request_id"} for answer in (one, other)]
    return bool(one.status_code == other.status_code and bodies[0] == bodies[1])


def test_a_person_signs_in_and_gets_a_session_that_every_service_can_check(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL, "referrer")
    answer = ask(directory, "ANA@school.example", PASSWORD)
    assert answer.status_code == 201
    assert answer.json["person"]["person_id"] == str(person_id)
    person = read_session(answer.json["token"], PUBLIC_KEY).person
    assert (person.person_id, person.roles) == (person_id, frozenset({"referrer"}))
    assert answer.json["expires_at"]


def test_an_unknown_address_gets_the_same_answer_and_the_same_work_as_a_wrong_password(
    directory: Running, add: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(EMAIL)
    hashes: list[str | None] = []
    really_matches = passwords.matches

    def matches(password_hash: str | None, typed: str) -> bool:
        hashes.append(password_hash)
        return really_matches(password_hash, typed)

    monkeypatch.setattr(passwords, "matches", matches)
    wrong, unknown = ask(directory, EMAIL, "not this one"), ask(directory, "nobody@school.example", "not this one")
    assert wrong.status_code == 422
    assert same_answer(wrong, unknown)
    assert len(hashes) == 2
    assert hashes[1] is None


def test_an_unknown_address_is_limited_like_a_known_one(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    for _ in range(5):
        assert same_answer(ask(directory, EMAIL, "not this one"), ask(directory, "no@body.example", "not this one"))
    locked, unknown = ask(directory, EMAIL, PASSWORD), ask(directory, "no@body.example", PASSWORD)
    assert locked.status_code == 429
    assert same_answer(locked, unknown)


def test_after_five_failures_the_right_password_waits_too_and_is_told_how_long(
    directory: Running, add: AddPerson
) -> None:
    add(EMAIL)
    for _ in range(5):
        assert ask(directory, EMAIL, "not this one").status_code == 422
    told = ask(directory, EMAIL, PASSWORD)
    assert told.status_code == 429
    assert "Wait 15 minutes" in told.json["detail"]
    assert told.headers["Retry-After"] == "900"
    let_minutes_pass(directory, 14)
    assert ask(directory, EMAIL, PASSWORD).status_code == 429
    let_minutes_pass(directory, 1)
    assert ask(directory, EMAIL, PASSWORD).status_code == 201


def test_tries_at_the_same_moment_are_all_counted(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: ask(directory, EMAIL, "not this one").status_code, range(8)))
    assert sorted(statuses) == [422] * 5 + [429] * 3


def test_the_limit_of_one_account_does_not_touch_another(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    add("ben@school.example")
    for number in range(6):
        ask(directory, EMAIL, "not this one", address=f"192.0.2.{number}")
    assert ask(directory, EMAIL, PASSWORD, address="198.51.100.1").status_code == 429
    assert ask(directory, "ben@school.example", PASSWORD).status_code == 201


def test_a_success_forgives_the_failures_before_it(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    for _ in range(2):
        for _ in range(4):
            ask(directory, EMAIL, "not this one")
        assert ask(directory, EMAIL, PASSWORD).status_code == 201


def test_many_accounts_tried_from_one_address_are_stopped_there_and_not_elsewhere(
    directory: Running, add: AddPerson
) -> None:
    add(EMAIL)
    with directory.database.begin() as session:
        at = sa.func.now()
        tries = [{"account": f"a{n}", "address": "192.0.2.1", "succeeded": False, "at": at} for n in range(40)]
        for row in tries:
            session.execute(sa.insert(SignInAttemptRow).values(row))
    assert ask(directory, EMAIL, PASSWORD).status_code == 429
    assert ask(directory, EMAIL, PASSWORD, address="198.51.100.1").status_code == 201


def test_the_address_behind_a_proxy_is_the_browsers_and_cannot_be_made_up(start: Callable[..., Running]) -> None:
    behind, plain = start("directory", PROXIES_IN_FRONT="1"), start("directory")
    for running, kept in ((behind, "203.0.113.9"), (plain, "127.0.0.1")):
        headers = {"X-Forwarded-For": "192.0.2.66, 203.0.113.9"}
        running.browser().post(SESSIONS, json={"email": "a@b.example", "password": "not this one"}, headers=headers)
        with running.database.read() as session:
            assert session.scalars(sa.select(SignInAttemptRow.address)).all() == [kept]


def test_what_was_typed_as_an_address_is_not_kept(directory: Running) -> None:
    ask(directory, "my secret password typed in the wrong box", "x")
    with directory.database.read() as session:
        account = session.scalars(sa.select(SignInAttemptRow.account)).one()
    assert "secret" not in account


def test_tries_of_yesterday_are_forgotten_in_the_night(directory: Running, add: AddPerson) -> None:
    ask(directory, EMAIL, "not this one")
    let_minutes_pass(directory, 24 * 60)
    ask(directory, EMAIL, "not this one")
    (job,) = directory.service.timetable
    job.run(directory.resources, directory.clock.now())
    with directory.database.read() as session:
        assert session.scalar(sa.select(sa.func.count(SignInAttemptRow.id))) == 1


def test_somebody_who_left_cannot_sign_in_and_is_not_told_why(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL)
    with directory.database.begin() as session:
        session.execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(is_active=False))
    answer = ask(directory, EMAIL, PASSWORD)
    assert answer.status_code == 422
    assert same_answer(answer, ask(directory, "nobody@school.example", PASSWORD))


def test_a_person_without_a_password_cannot_sign_in(directory: Running, add: AddPerson) -> None:
    add(EMAIL, password="")
    assert ask(directory, EMAIL, "").status_code == 422
    assert ask(directory, EMAIL, "anything at all").status_code == 422


@pytest.mark.parametrize(
    "body", [{}, {"email": EMAIL}, {"email": 7, "password": []}, {"email": EMAIL, "password": "\ud800"}]
)
def test_a_sign_in_that_lacks_something_is_answered_field_by_field(directory: Running, body: dict[str, Any]) -> None:
    answer: Any = directory.browser().post(SESSIONS, json=body)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json["errors"]} <= {"/email", "/password"}


def test_signing_in_is_in_the_audit_and_a_wrong_try_is_not_taken_for_one(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL)
    ask(directory, EMAIL, "not this one")
    ask(directory, EMAIL, PASSWORD)
    with directory.database.read() as session:
        rows = session.execute(sa.select(audit.c.who).where(audit.c.did == "signed in")).scalars().all()
    assert rows == [str(person_id)]


def test_a_browser_signs_in_and_goes_where_it_wanted(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    browser = directory.browser()
    form = {"email": EMAIL, "password": PASSWORD, "next": "/panel/meetings?from=2026-11-02"}
    answer = browser.post("/directory/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/panel/meetings?from=2026-11-02")
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie" and SESSION_COOKIE in value)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/;" in cookie or cookie.endswith("Path=/")
    assert "Secure" not in cookie
    assert "Hello, Ana Sample" in browser.get("/directory/").text


def test_the_cookie_is_for_https_only_where_the_site_is(start: Callable[..., Running]) -> None:
    running = start("directory", PUBLIC_URL="https://earlyhelp.example")
    adder(running)(EMAIL)
    answer = running.browser().post("/directory/sign-in", data={"email": EMAIL, "password": PASSWORD})
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie" and SESSION_COOKIE in value)
    assert "Secure" in cookie


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(directory: Running, add: AddPerson, elsewhere: str) -> None:
    add(EMAIL)
    form = {"email": EMAIL, "password": PASSWORD, "next": elsewhere}
    assert directory.browser().post("/directory/sign-in", data=form).location == "/directory/"
    assert "evil" not in directory.browser().get("/directory/sign-in", query_string={"next": elsewhere}).text


def test_a_wrong_password_leaves_the_address_in_its_box_and_no_password_on_the_page(
    directory: Running, add: AddPerson
) -> None:
    add(EMAIL)
    answer = directory.browser().post("/directory/sign-in", data={"email": EMAIL, "password": "not this one!"})
    assert answer.status_code == 422
    assert EMAIL in answer.text
    assert "not this one!" not in answer.text
    assert "The e-mail address or the password is wrong." in answer.text


def test_too_many_tries_are_told_on_the_page(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    for _ in range(5):
        directory.browser().post("/directory/sign-in", data={"email": EMAIL, "password": "not this one"})
    answer = directory.browser().post("/directory/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 429
    assert "too many failed tries" in answer.text


def test_a_session_signed_by_another_key_is_nobodys(directory: Running) -> None:
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    forged = sign_session(a_person("administrator"), other)
    browser = directory.browser()
    browser.set_cookie(SESSION_COOKIE, forged)
    assert browser.get("/directory/people").location == "/directory/sign-in?next=%2Fdirectory%2Fpeople"
    headers = {"Authorization": f"Bearer {forged}"}
    assert directory.browser().get("/directory/api/v1/people", headers=headers).status_code == 401


def test_the_service_does_not_start_with_two_keys_that_do_not_belong_together(start: Callable[..., Running]) -> None:
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for key in (other, "no key at all"):
        with pytest.raises(SystemExit, match="SESSION_PRIVATE_KEY"):
            start("directory", SESSION_PRIVATE_KEY=key)


def test_signing_out_forgets_the_session(directory: Running, add: AddPerson) -> None:
    browser = directory.browser(a_person("referrer", person_id=add(EMAIL)))
    answer = browser.post("/directory/sign-out")
    assert answer.status_code == 303
    assert browser.get_cookie(SESSION_COOKIE) is None
    assert "You are signed out" in browser.get("/directory/").text


def test_a_first_password_is_only_good_for_choosing_another(directory: Running, add: AddPerson) -> None:
    person_id = add(EMAIL, password="")
    administrator = directory.browser(a_person("administrator"))
    shown = administrator.post(f"/directory/people/{person_id}/first-password").text
    first = shown.partition('id="first-password">')[2].partition("<")[0]
    assert len(first) >= 12
    assert ask(directory, EMAIL, first).status_code == 403
    browser = directory.browser()
    answer = browser.post("/directory/sign-in", data={"email": EMAIL, "password": first})
    assert answer.location == "/directory/password"
    assert browser.get_cookie(SESSION_COOKIE) is None
    form = {"email": EMAIL, "password": first, "new_password": PASSWORD}
    assert browser.post("/directory/password", data=form).location == "/directory/"
    assert ask(directory, EMAIL, first).status_code == 422
    assert ask(directory, EMAIL, PASSWORD).status_code == 201


@pytest.mark.parametrize("new_password", ["short", PASSWORD, ""])
def test_a_new_password_that_is_not_good_enough_is_refused_at_its_box(
    directory: Running, add: AddPerson, new_password: str
) -> None:
    add(EMAIL)
    form = {"email": EMAIL, "password": PASSWORD, "new_password": new_password}
    answer = directory.browser().post("/directory/password", data=form)
    assert answer.status_code == 422
    assert 'id="new_password-error"' in answer.text
    assert PASSWORD not in answer.text


def test_guessing_the_present_password_there_is_limited_too(directory: Running, add: AddPerson) -> None:
    add(EMAIL)
    form = {"email": EMAIL, "password": "not this one", "new_password": "another set of words"}
    statuses = [directory.browser().post("/directory/password", data=form).status_code for _ in range(6)]
    assert statuses == [422, 422, 422, 422, 422, 429]


def sample_button(running: Running, email: str) -> Any:
    return running.browser().post("/directory/sign-in/sample", data={"email": email})


def test_on_a_training_system_one_click_signs_in_as_a_sample_person(start: Callable[..., Running]) -> None:
    running = start("directory", TRAINING="yes", SAMPLE_PASSWORD=PASSWORD)
    add: Callable[..., UUID] = adder(running)
    add(EMAIL, "front_door", name="Hannah Whitcombe")
    add("own@school.example", "referrer", password="a password of my own")
    page = running.browser().get("/directory/sign-in").text
    assert "Hannah Whitcombe" in page
    assert "Front-door worker" in page
    assert sample_button(running, EMAIL).location == "/directory/"
    assert sample_button(running, "own@school.example").status_code == 422


def test_elsewhere_there_are_no_sample_people_whatever_the_settings_say(start: Callable[..., Running]) -> None:
    running = start("directory", TRAINING="no", SAMPLE_PASSWORD=PASSWORD, PUBLIC_URL="https://help.council.example")
    adder(running)(EMAIL, "front_door", name="Hannah Whitcombe")
    assert "Hannah" not in running.browser().get("/directory/sign-in").text
    assert sample_button(running, EMAIL).status_code == 404


def test_the_first_administrator_is_added_once(directory: Running) -> None:
    with directory.database.begin() as session:
        assert add_first_administrator(session, "admin@earlyhelp.example", "Sample Administrator", PASSWORD)
    with directory.database.begin() as session:
        assert not add_first_administrator(session, "second@earlyhelp.example", "Another", PASSWORD)
    assert ask(directory, "admin@earlyhelp.example", PASSWORD).json["person"]["roles"] == ["administrator"]
    assert ask(directory, "second@earlyhelp.example", PASSWORD).status_code == 422
