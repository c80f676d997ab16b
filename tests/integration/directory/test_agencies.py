from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.directory.actions.feed import import_feed
from services.directory.tables import ServiceRow
from shared.codes import code_set
from shared.events.directory import AgencyChanged, ServiceChanged
from tests.factories import a_person
from tests.integration.conftest import Running

LANTERN, LARDER = UUID("83b30cc6-50b4-5e92-b7b5-28e34e304cb0"), UUID("17a3fc4b-4cb3-5a09-aca1-e5fc00593b2c")
STAY_AND_PLAY = UUID("45eb2e0c-217e-5678-8b03-a1c90f2e9c60")


@pytest.fixture
def filled(directory: Running) -> Running:
    """Give the directory with two agencies and a service each."""
    records = [
        {"id": str(STAY_AND_PLAY), "name": "Stay and play", "organization": {"id": str(LANTERN), "name": "Lantern"}},
        {"id": str(uuid4()), "name": "Food parcels", "organization": {"id": str(LARDER), "name": "Larder"}},
    ]
    with directory.database.begin() as session:
        import_feed(session, records, known_needs=code_set("need"), by=uuid4())
    return directory


def is_open(running: Running) -> bool:
    with running.database.read() as session:
        service = session.get(ServiceRow, STAY_AND_PLAY)
        assert service is not None
        return service.is_open


@pytest.mark.parametrize("role", ["administrator", "coordinator", "front_door"])
def test_agencies_are_listed_and_searched(filled: Running, role: str) -> None:
    browser = filled.browser(a_person(role))
    assert "2 agencies" in browser.get("/directory/agencies").text
    found = browser.get("/directory/agencies?q=lant").text
    assert "Lantern" in found
    assert "Larder" not in found
    assert ("Add an agency" in found) == (role == "administrator")


def test_an_agency_shows_what_it_offers(filled: Running) -> None:
    page = filled.browser(a_person("front_door")).get(f"/directory/agencies/{LANTERN}").text
    assert "Stay and play" in page
    assert "/close" not in page
    assert filled.browser(a_person("front_door")).get(f"/directory/agencies/{uuid4()}").status_code == 404


def test_a_manager_opens_and_closes_their_own_services(filled: Running) -> None:
    browser = filled.browser(a_person("agency_manager", agency_id=LANTERN))
    assert "Close" in browser.get(f"/directory/agencies/{LANTERN}").text
    assert browser.post(f"/directory/services/{STAY_AND_PLAY}/close").status_code == 303
    assert not is_open(filled)
    browser.post(f"/directory/services/{STAY_AND_PLAY}/close")
    assert [fact.is_open for fact in filled.announced(ServiceChanged)] == [True, True, False]
    assert browser.post(f"/directory/services/{STAY_AND_PLAY}/open").status_code == 303
    assert is_open(filled)


def test_a_manager_learns_nothing_of_another_agency_here_and_changes_nothing(filled: Running) -> None:
    browser = filled.browser(a_person("agency_manager", agency_id=LARDER))
    assert browser.get(f"/directory/agencies/{LANTERN}").status_code == 404
    assert browser.post(f"/directory/services/{STAY_AND_PLAY}/close").status_code == 404
    assert (
        filled.browser(a_person("coordinator", agency_id=LANTERN))
        .post(f"/directory/services/{STAY_AND_PLAY}/close")
        .status_code
        == 403
    )
    assert is_open(filled)


def test_an_administrator_changes_an_agency_and_it_is_announced(filled: Running) -> None:
    browser = filled.browser(a_person("administrator"))
    form = {"name": "Lantern Bath", "description": "", "email": "", "phone": "", "url": "", "is_active": "yes"}
    address = f"/directory/agencies/{LANTERN}/change"
    assert browser.get(address).status_code == 200
    assert browser.post(address, data=form | {"version": "1"}).status_code == 303
    assert filled.announced(AgencyChanged)[-1] == AgencyChanged(LANTERN, "Lantern Bath", True)
    second = browser.post(address, data=form | {"version": "1", "name": "Lantern Keynsham"})
    assert second.status_code == 409
    assert "Lantern Bath" in second.text
    assert 'value="Lantern Keynsham"' in second.text
    wrong = browser.post(address, data=form | {"version": "2", "email": "nobody"})
    assert wrong.status_code == 422


def test_the_services_of_an_agency_that_is_gone_are_not_offered(filled: Running) -> None:
    form = {"name": "Lantern", "is_active": "no", "version": "1"}
    filled.browser(a_person("administrator")).post(f"/directory/agencies/{LANTERN}/change", data=form)
    assert filled.announced(AgencyChanged)[-1].is_active is False
    assert "Stay and play" not in filled.browser().get("/directory/services").text
    assert filled.browser().get(f"/directory/services/{STAY_AND_PLAY}").status_code == 404
    assert filled.browser().get(f"/directory/api/v1/services/{STAY_AND_PLAY}").status_code == 404


def test_an_administrator_adds_an_agency_that_no_feed_names(filled: Running) -> None:
    browser = filled.browser(a_person("administrator"))
    assert browser.post("/directory/agencies/new", data={"name": ""}).status_code == 422
    done = browser.post("/directory/agencies/new", data={"name": "Twerton Meadow", "phone": "01632 960001"})
    assert done.status_code == 303
    assert "01632 960001" in browser.get(done.location).text
    assert filled.announced(AgencyChanged)[-1].name == "Twerton Meadow"


def test_anybody_finds_a_service(filled: Running) -> None:
    browser = filled.browser()
    assert "Stay and play" in browser.get("/directory/services?q=play").text
    assert "No service fits" in browser.get("/directory/services?q=zzz&need=9").text
    assert "Lantern" in browser.get(f"/directory/services/{STAY_AND_PLAY}").text
    assert browser.get("/directory/services?page=99999999999999999999").status_code == 200
    assert browser.get("/directory/services?page=x").status_code == 200


def test_signed_in_people_list_agencies_for_programs(filled: Running) -> None:
    headers = filled.bearer(a_person("referrer"))
    answer: Any = filled.browser().get("/directory/api/v1/agencies?per_page=1", headers=headers)
    assert (answer.json["total"], [agency["name"] for agency in answer.json["agencies"]]) == (2, ["Lantern"])
    assert filled.browser().get("/directory/api/v1/agencies").status_code == 401


def test_a_long_list_has_a_way_to_its_next_page(directory: Running, an_agency: Callable[[str], UUID]) -> None:
    for number in range(26):
        an_agency(f"Agency {number:02}")
    browser = directory.browser(a_person("coordinator"))
    first = browser.get("/directory/agencies").text
    assert "1 to 25 of 26 agencies" in first
    assert "page=2" in first
    assert "Agency 25" in browser.get("/directory/agencies?page=2").text
