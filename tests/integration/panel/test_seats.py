"""Seats changed, freed and taken away: by the API as by the pages, and by two people at once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting

SEATS = "/panel/api/v1/panels/ehap/seats"


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_who_sees_a_panel_reads_its_seats_and_nobody_else(sitting: Sitting) -> None:
    seats = sitting.get(sitting.member, "/panels/ehap/seats")["seats"]
    assert {(one["seat"], one["person_name"]) for one in seats} == {
        ("chair", "Ana Chair"),
        ("deputy", "Dee Deputy"),
        ("coordinator", "Cal Coordinator"),
        ("member", "Mo Member"),
    }
    assert sitting.get(a_person("administrator"), "/panels/ehap/seats")["seats"] == seats
    sitting.get(a_person("panel_member"), "/panels/ehap/seats", 404)
    sitting.get(a_person("front_door"), "/panels/ehap/seats", 403)


def test_a_seat_is_given_to_somebody_else_and_who_left_it_sees_the_panel_no_more(sitting: Sitting) -> None:
    seat = seat_of(sitting, sitting.member.person_id)
    answer = change(sitting, seat, wanted(sitting, person_id=sitting.manager.person_id, role="housing"))
    assert answer.status_code == 200
    (changed,) = [one for one in answer.get_json()["seats"] if one["seat_id"] == seat["seat_id"]]
    assert (changed["person_name"], changed["agency_name"], changed["role"]) == (
        "Max Manager",
        "Steps Forward",
        "housing",
    )
    sitting.get(sitting.member, "/panels/ehap/seats", 404)


def test_a_seat_is_freed_named_again_and_an_empty_one_taken_away(sitting: Sitting) -> None:
    seat = seat_of(sitting, sitting.member.person_id)
    seen = {"seen_person_id": seat["person_id"]}
    freed = sitting.post(sitting.coordinator, f"/panels/ehap/seats/{seat['seat_id']}/freeing", seen, 200)
    assert [one["person_id"] for one in freed["seats"] if one["seat_id"] == seat["seat_id"]] == [None]
    sitting.post(sitting.coordinator, f"/panels/ehap/seats/{seat['seat_id']}/freeing", seen, 409)
    assert remove(sitting, seat).status_code == 204
    assert remove(sitting, seat).status_code == 409
    assert remove(sitting, seat_of(sitting, sitting.chair.person_id)).status_code == 409, "somebody has it"


def test_of_two_who_change_a_seat_the_second_is_told_and_keeps_what_they_typed(sitting: Sitting) -> None:
    seat = seat_of(sitting, sitting.member.person_id)
    first = wanted(sitting, person_id=sitting.manager.person_id)
    assert change(sitting, seat, first).status_code == 200
    assert change(sitting, seat, first | {"role": "late"}).status_code == 409
    browser = sitting.running.browser(sitting.coordinator)
    path = f"/panel/panels/ehap/seats/{seat['seat_id']}"
    typed = {"seat": "member", "agency_id": str(sitting.agency_id), "person_id": "", "role": "school nursing"}
    told = browser.post(path, data=typed | {"seen": str(sitting.member.person_id)})
    assert told.status_code == 409
    assert "Somebody has changed this seat meanwhile" in told.text
    assert "school nursing" in told.text
    assert f'name="seen" value="{sitting.manager.person_id}"' in told.text, "who has seen it can send it again"
    freeing = browser.post(f"{path}/freeing", data={"seen": str(sitting.member.person_id)})
    assert freeing.status_code == 409, "nobody frees a seat of somebody whom they did not see in it"


def test_what_makes_no_sense_is_refused_beside_its_box(sitting: Sitting) -> None:
    seat = seat_of(sitting, sitting.member.person_id)
    empty_chair = change(sitting, seat, wanted(sitting, person_id=None) | {"seat": "chair"})
    assert (empty_chair.status_code, empty_chair.get_json()["errors"][0]["pointer"]) == (422, "/person_id")
    twice = change(sitting, seat, wanted(sitting, person_id=sitting.chair.person_id))
    assert (twice.status_code, twice.get_json()["errors"][0]["pointer"]) == (422, "/person_id")
    assert change(sitting, {"seat_id": uuid4()}, wanted(sitting, person_id=None)).status_code == 409


def test_only_the_coordinator_and_an_administrator_change_seats(sitting: Sitting) -> None:
    seat = seat_of(sitting, sitting.member.person_id)
    body = wanted(sitting, person_id=sitting.manager.person_id)
    assert change(sitting, seat, body, by=sitting.member).status_code == 403
    assert change(sitting, seat, body, by=a_person("coordinator")).status_code == 404
    assert remove(sitting, seat, by=a_person("coordinator")).status_code == 404
    assert change(sitting, seat, body, by=a_person("administrator")).status_code == 200


def seat_of(sitting: Sitting, person_id: UUID) -> dict[str, Any]:
    """Return somebody's seat as the API gives it."""
    seats = sitting.get(sitting.coordinator, "/panels/ehap/seats")["seats"]
    return dict(next(one for one in seats if one["person_id"] == str(person_id)))


def wanted(sitting: Sitting, *, person_id: UUID | None, role: str = "") -> dict[str, Any]:
    """Return a member's seat as it is to be, by somebody who saw it with its first person."""
    return {
        "seat": "member",
        "agency_id": str(sitting.agency_id),
        "person_id": str(person_id) if person_id else None,
        "role": role,
        "seen_person_id": str(sitting.member.person_id),
    }


def change(sitting: Sitting, seat: dict[str, Any], body: dict[str, Any], by: Any = None) -> TestResponse:
    """Send the API a seat as it is to be."""
    headers = sitting.running.bearer(by or sitting.coordinator)
    return sitting.running.app.test_client().put(f"{SEATS}/{seat['seat_id']}", json=body, headers=headers)


def remove(sitting: Sitting, seat: dict[str, Any], by: Any = None) -> TestResponse:
    """Let the API take a seat away."""
    headers = sitting.running.bearer(by or sitting.coordinator)
    return sitting.running.app.test_client().delete(f"{SEATS}/{seat['seat_id']}", headers=headers)
