from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.directory.tables import PersonRow
from shared.audit import audit
from shared.events.directory import PersonChanged
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.directory.conftest import PASSWORD, AddPerson

PEOPLE = "/directory/api/v1/people"


def a_new_person(**changes: Any) -> dict[str, Any]:
    person = {
        "key": "school",
        "name": "Megan O’Brien-Nguyễn",
        "job_title": "Designated safeguarding lead",
        "email": "megan@twertonmeadow.example",
        "mobile": "07700 900109",
        "roles": ["referrer"],
        "password": PASSWORD,
    }
    return {name: value for name, value in (person | changes).items() if value is not ...}


def post(running: Running, body: Any, *roles: str) -> Any:
    return running.browser().post(PEOPLE, json=body, headers=running.bearer(a_person(*(roles or ("administrator",)))))


def ask(running: Running, person: Any, **query: Any) -> Any:
    return running.browser().get(PEOPLE, query_string=query, headers=running.bearer(person))


def as_neighbour(running: Running, address: str) -> Any:
    return running.browser().get(address, headers=running.as_neighbour("panel"))


def a_form(**changes: Any) -> dict[str, Any]:
    form = {
        "name": "Ana Sample",
        "job_title": "",
        "email": "ana@school.example",
        "mobile": "",
        "agency_id": "",
        "locality": "",
        "roles": ["referrer"],
        "is_active": "yes",
        "version": "1",
    }
    return form | changes


def test_an_administrator_adds_a_person_who_can_then_sign_in(
    directory: Running, an_agency: Callable[[str], UUID]
) -> None:
    agency_id = an_agency("Twerton Meadow Primary School")
    answer = post(directory, a_new_person(organization=str(agency_id), roles=["lead_practitioner", "referrer"]))
    assert answer.status_code == 201
    person_id = UUID(answer.json["person_id"])
    expected = PersonChanged(person_id, agency_id, ("referrer", "lead_practitioner"), True)
    assert directory.announced(PersonChanged) == [expected]
    body = {"email": "megan@twertonmeadow.example", "password": PASSWORD}
    assert directory.browser().post("/directory/api/v1/sessions", json=body).status_code == 201


def test_a_neighbour_is_told_about_a_person_and_nobody_else_is(
    directory: Running, an_agency: Callable[[str], UUID]
) -> None:
    agency_id = an_agency("Twerton Meadow Primary School")
    person_id = post(directory, a_new_person(organization=str(agency_id))).json["person_id"]
    address = f"{PEOPLE}/{person_id}"
    told = as_neighbour(directory, address)
    assert told.json == {
        "person_id": person_id,
        "name": "Megan O’Brien-Nguyễn",
        "job_title": "Designated safeguarding lead",
        "email": "megan@twertonmeadow.example",
        "mobile": "07700 900109",
        "agency_id": str(agency_id),
        "agency_name": "Twerton Meadow Primary School",
        "roles": ["referrer"],
        "locality": "",
        "is_active": True,
    }
    assert directory.browser().get(address).status_code == 401
    assert directory.browser().get(address, headers=directory.bearer(a_person("administrator"))).status_code == 401
    missing = directory.browser().get(f"{PEOPLE}/{uuid4()}", headers=directory.as_neighbour("notifications"))
    assert missing.status_code == 404


def test_the_same_address_again_is_a_conflict_whatever_its_case(directory: Running) -> None:
    assert post(directory, a_new_person()).status_code == 201
    assert post(directory, a_new_person(email="MEGAN@twertonmeadow.example")).status_code == 409
    assert len(directory.announced(PersonChanged)) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ...}, "/name"),
        ({"name": "  "}, "/name"),
        ({"name": "a\x00b"}, "/name"),
        ({"email": "nobody"}, "/email"),
        ({"mobile": "call me"}, "/mobile"),
        ({"roles": []}, "/roles"),
        ({"roles": ["king"]}, "/roles/0"),
        ({"roles": ["agency_manager"]}, "/organization"),
        ({"organization": str(uuid4())}, "/organization"),
        ({"locality": "atlantis"}, "/locality"),
        ({"password": "too short"}, "/password"),
        ({"is_king": True}, "/is_king"),
    ],
)
def test_what_is_not_right_about_a_person_is_named(directory: Running, changes: dict[str, Any], pointer: str) -> None:
    answer = post(directory, a_new_person(**changes))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert directory.announced(PersonChanged) == []


@pytest.mark.parametrize("role", ["coordinator", "agency_manager", "front_door", "referrer"])
def test_only_an_administrator_adds_people(directory: Running, role: str) -> None:
    assert post(directory, a_new_person(), role).status_code == 403


def test_a_locality_of_the_authority_is_kept(start: Callable[..., Running]) -> None:
    running = start("directory", AUTHORITY="gloucestershire")
    answer = post(running, a_new_person(locality="stroud"))
    assert answer.status_code == 201, answer.json
    told = as_neighbour(running, f"{PEOPLE}/{answer.json['person_id']}")
    assert told.json["locality"] == "stroud"


def test_a_manager_sees_only_the_people_of_their_own_agency(
    directory: Running, add: AddPerson, an_agency: Callable[[str], UUID]
) -> None:
    ours, theirs = an_agency("Lantern"), an_agency("Larder")
    add("ana@lantern.example", "lead_practitioner", agency_id=ours)
    add("ben@larder.example", "lead_practitioner", agency_id=theirs)
    add("cy@council.example", "coordinator")
    manager = a_person("agency_manager", agency_id=ours)
    assert [person["email"] for person in ask(directory, manager).json["people"]] == ["ana@lantern.example"]
    assert ask(directory, manager, agency_id=str(theirs)).json["people"] == []
    assert ask(directory, manager, email="ben@larder.example").json["people"] == []
    everybody = ask(directory, a_person("coordinator"), role="lead_practitioner").json
    assert everybody["total"] == 2
    assert ask(directory, a_person("front_door")).status_code == 403


def test_a_list_of_people_comes_in_pages_and_is_bounded(directory: Running, add: AddPerson) -> None:
    for number in range(3):
        add(f"p{number}@school.example", name=f"Person {number}", password="")
    first = ask(directory, a_person("administrator"), per_page=2).json
    assert ([person["name"] for person in first["people"]], first["total"]) == (["Person 0", "Person 1"], 3)
    second = ask(directory, a_person("administrator"), per_page=2, page=2).json
    assert [person["name"] for person in second["people"]] == ["Person 2"]
    assert ask(directory, a_person("administrator"), per_page=101).status_code == 422
    assert ask(directory, a_person("administrator"), page=0).status_code == 422


def test_an_agency_is_told_to_a_neighbour_with_its_active_managers(
    directory: Running, add: AddPerson, an_agency: Callable[[str], UUID]
) -> None:
    agency_id = an_agency("Lantern")
    add("m@lantern.example", "agency_manager", agency_id=agency_id)
    add("p@lantern.example", "lead_practitioner", agency_id=agency_id)
    gone = add("gone@lantern.example", "agency_manager", agency_id=agency_id)
    with directory.database.begin() as session:
        session.execute(sa.update(PersonRow).where(PersonRow.id == gone).values(is_active=False))
    address = f"/directory/api/v1/agencies/{agency_id}"
    told = as_neighbour(directory, address).json
    assert (told["agency_id"], told["name"]) == (str(agency_id), "Lantern")
    assert [manager["email"] for manager in told["managers"]] == ["m@lantern.example"]


def test_the_page_lists_people_and_finds_them_by_any_word(directory: Running, add: AddPerson) -> None:
    add("megan@school.example", name="Megan O'Brien")
    add("tom@school.example", name="Tom 100% Under_score")
    browser = directory.browser(a_person("administrator"))
    assert "2 people" in browser.get("/directory/people").text
    found = browser.get("/directory/people?q=o%27brien+megan").text
    assert "Megan O&#39;Brien" in found
    assert "Tom 100" not in found
    assert "Megan" not in browser.get("/directory/people?q=%25").text
    assert "Nobody fits" in browser.get("/directory/people?q=Zzz&role=coordinator").text


def test_the_pages_of_people_are_only_for_administrators(directory: Running, add: AddPerson) -> None:
    person_id = add("ana@school.example")
    for path in ("/directory/people", "/directory/people/new", f"/directory/people/{person_id}"):
        assert directory.browser(a_person("coordinator", "agency_manager")).get(path).status_code == 403
        assert directory.browser().get(path).status_code == 302
    assert directory.browser(a_person("coordinator")).post(f"/directory/people/{person_id}").status_code == 403


def test_an_administrator_adds_a_person_on_the_page(directory: Running) -> None:
    browser = directory.browser(a_person("administrator"))
    wrong = browser.post("/directory/people/new", data=a_form(email="not an address", name="Siân Łukasz"))
    assert wrong.status_code == 422
    assert "Siân Łukasz" in wrong.text
    assert 'href="#email"' in wrong.text
    done = browser.post("/directory/people/new", data=a_form())
    assert done.status_code == 303
    assert "has no password yet" in browser.get(done.location).text
    again = browser.post("/directory/people/new", data=a_form(name="Somebody Else"))
    assert again.status_code == 409
    assert "has this e-mail address already" in again.text
    assert "Somebody Else" in again.text


def test_changing_a_person_is_announced_and_audited_once(directory: Running, add: AddPerson) -> None:
    person_id = add("ana@school.example")
    browser = directory.browser(a_person("administrator"))
    form = a_form(roles=["referrer", "coordinator"])
    assert browser.post(f"/directory/people/{person_id}", data=form).status_code == 303
    assert browser.post(f"/directory/people/{person_id}", data=form | {"version": "2"}).status_code == 303
    assert [fact.roles for fact in directory.announced(PersonChanged)] == [("referrer",), ("referrer", "coordinator")]
    with directory.database.read() as session:
        details = session.scalars(sa.select(audit.c.details).where(audit.c.did == "changed")).all()
    assert details == [{"changed": ["roles"], "roles": ["referrer", "coordinator"]}]


def test_the_second_of_two_who_change_a_person_is_told_and_loses_nothing(directory: Running, add: AddPerson) -> None:
    person_id = add("ana@school.example")
    browser = directory.browser(a_person("administrator"))
    address = f"/directory/people/{person_id}"
    assert browser.post(address, data=a_form(job_title="Head teacher")).status_code == 303
    second = browser.post(address, data=a_form(job_title="School nurse"))
    assert second.status_code == 409
    assert "Somebody else changed this person" in second.text
    assert "Head teacher" in second.text
    assert 'value="School nurse"' in second.text
    assert 'name="version" value="2"' in second.text
    assert browser.post(address, data=a_form(job_title="School nurse", version="2")).status_code == 303


def test_a_mistake_in_between_does_not_hide_that_somebody_else_saved(directory: Running, add: AddPerson) -> None:
    person_id = add("ana@school.example")
    browser = directory.browser(a_person("administrator"))
    address = f"/directory/people/{person_id}"
    browser.post(address, data=a_form(job_title="Head teacher"))
    assert 'name="version" value="1"' in browser.post(address, data=a_form(email="wrong")).text


def test_the_only_administrator_stays_one(directory: Running, add: AddPerson) -> None:
    person_id = add("ana@school.example", "administrator")
    browser = directory.browser(a_person("administrator", person_id=person_id))
    address = f"/directory/people/{person_id}"
    for change in ({"roles": ["referrer"]}, {"roles": ["administrator"], "is_active": "no"}):
        answer = browser.post(address, data=a_form(**change))
        assert answer.status_code == 409
        assert "the only administrator" in answer.text
    add("ben@school.example", "administrator")
    assert browser.post(address, data=a_form(roles=["referrer"])).status_code == 303


def test_another_persons_address_cannot_be_taken(directory: Running, add: AddPerson) -> None:
    add("ben@school.example")
    person_id = add("ana@school.example")
    browser = directory.browser(a_person("administrator"))
    answer = browser.post(f"/directory/people/{person_id}", data=a_form(email="BEN@school.example"))
    assert answer.status_code == 409
    assert 'id="email-error"' in answer.text


def test_no_first_password_for_somebody_who_left(directory: Running, add: AddPerson) -> None:
    person_id = add("ana@school.example")
    browser = directory.browser(a_person("administrator"))
    browser.post(f"/directory/people/{person_id}", data=a_form(is_active="no"))
    assert browser.post(f"/directory/people/{person_id}/first-password").status_code == 409
    assert directory.announced(PersonChanged)[-1].is_active is False
