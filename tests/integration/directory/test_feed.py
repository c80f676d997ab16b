import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.events.directory import AgencyChanged, ServiceChanged
from tests.factories import a_person
from tests.integration.conftest import Running

FEED = json.loads((Path(__file__).parents[3] / "samples" / "bathnes" / "directory.json").read_text(encoding="utf-8"))
SERVICES = "/directory/api/v1/services"


@pytest.fixture
def feed() -> dict[str, Any]:
    return deepcopy(FEED)


def send(running: Running, page: Any, *roles: str) -> Any:
    headers = running.bearer(a_person(*(roles or ("administrator",))))
    return running.browser().post(f"{SERVICES}/import", json=page, headers=headers)


def get(running: Running, path: str = "", **query: Any) -> Any:
    return running.browser().get(SERVICES + path, query_string=query)


def announced(running: Running) -> int:
    return len(running.announced(AgencyChanged)) + len(running.announced(ServiceChanged))


def test_a_feed_brings_agencies_and_services_and_announces_each_once(directory: Running, feed: dict[str, Any]) -> None:
    answer = send(directory, feed)
    assert answer.status_code == 200
    agencies = {service["organization"]["id"] for service in feed["contents"]}
    assert answer.json["agencies"]["new"] == len(agencies) == len(directory.announced(AgencyChanged))
    assert answer.json["services"]["new"] == len(feed["contents"]) == len(directory.announced(ServiceChanged))
    assert answer.json["problems"] == []


def test_the_same_feed_again_changes_and_announces_nothing(directory: Running, feed: dict[str, Any]) -> None:
    send(directory, feed)
    before = announced(directory)
    again = send(directory, feed).json
    for kind in ("agencies", "services"):
        assert (again[kind]["new"], again[kind]["changed"]) == (0, 0)
        assert again[kind]["same"] > 0
    assert announced(directory) == before


def test_only_what_changed_is_announced(directory: Running, feed: dict[str, Any]) -> None:
    send(directory, feed)
    feed["contents"][0]["name"] = "Early help advice, day and night"
    changed = send(directory, feed).json
    assert changed["services"]["changed"] == 1
    assert changed["agencies"]["changed"] == 0
    assert directory.announced(ServiceChanged)[-1].name == "Early help advice, day and night"
    assert len(directory.announced(ServiceChanged)) == len(feed["contents"]) + 1


def test_what_comes_in_goes_out_whole(directory: Running, feed: dict[str, Any]) -> None:
    send(directory, feed)
    service = feed["contents"][0]
    assert get(directory, f"/{service['id']}").json == service
    assert get(directory, f"/{uuid4()}").status_code == 404
    page = get(directory, per_page=10, page=2).json
    total = len(feed["contents"])
    assert {name: page[name] for name in page if name != "contents"} == {
        "total_items": total,
        "total_pages": -(-total // 10),
        "page_number": 2,
        "size": 10,
        "first": False,
        "last": False,
        "empty": False,
    }
    assert all(found in feed["contents"] for found in page["contents"])


def test_services_are_found_by_words_and_by_need(directory: Running, feed: dict[str, Any]) -> None:
    send(directory, feed)
    found = get(directory, query="ADVICE early").json
    assert feed["contents"][0]["id"] in [service["id"] for service in found["contents"]]
    assert get(directory, query="100%_nothing").json["empty"] is True
    housing = get(directory, need="9").json
    assert 0 < housing["total_items"] < len(feed["contents"])
    assert get(directory, need="99").status_code == 422
    assert get(directory, per_page=1000).status_code == 422


def test_a_service_that_cannot_be_read_is_named_and_the_others_are_taken(
    directory: Running, feed: dict[str, Any]
) -> None:
    page = {"contents": [feed["contents"][0], {**feed["contents"][1], "id": "?", "name": ""}, feed["contents"][2], 7]}
    page["contents"].append(deepcopy(feed["contents"][0]))
    answer = send(directory, page).json
    assert answer["services"]["new"] == 2
    pointers = [problem["pointer"] for problem in answer["problems"]]
    assert pointers == ["/contents/1/id", "/contents/1/name", "/contents/3", "/contents/4/id"]


@pytest.mark.parametrize("page", [{}, {"contents": "all"}, {"contents": None}, []])
def test_what_is_no_page_of_a_feed_is_refused(directory: Running, page: Any) -> None:
    assert send(directory, page).status_code == 422


def test_only_an_administrator_brings_a_feed(directory: Running, feed: dict[str, Any]) -> None:
    assert send(directory, feed, "coordinator").status_code == 403
    assert directory.browser().post(f"{SERVICES}/import", json=feed).status_code == 401


def test_what_an_agency_closed_here_stays_closed_when_the_feed_comes_again(
    directory: Running, feed: dict[str, Any]
) -> None:
    send(directory, feed)
    service = feed["contents"][0]
    browser = directory.browser(a_person("administrator"))
    assert browser.post(f"/directory/services/{service['id']}/close").status_code == 303
    assert directory.announced(ServiceChanged)[-1].is_open is False
    service["description"] = "The same, in other words."
    send(directory, feed)
    assert get(directory, f"/{service['id']}").json["status"] == "temporarily closed"
    service["status"] = "inactive"
    send(directory, feed)
    service["status"] = "active"
    send(directory, feed)
    assert get(directory, f"/{service['id']}").json["status"] == "active"
