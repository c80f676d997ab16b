"""Families that we may know already: suggested with reasons, joined only by a person."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.referrals.actions.known import ask_later
from services.referrals.jobs import fetch_names
from services.referrals.tables import FamilyRow, KnownPersonRow, RequestRow
from shared.events import panel
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, an_acceptance, sent, triaged

Start = Callable[..., Running]


def _row(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def _matches(running: Running, request_id: UUID) -> list[dict[str, Any]]:
    headers = running.bearer(a_person("front_door"))
    response: Any = running.app.test_client().get(f"/referrals/api/v1/requests/{request_id}", headers=headers)
    assert response.status_code == 200, response.text
    return list(response.json["matches"])


def _join(running: Running, request_id: UUID, family_id: UUID, version: int = 1, answer: str = "same") -> int:
    data = {"family_id": str(family_id), "answer": answer, "version": str(version)}
    browser = running.browser(a_person("front_door"))
    return browser.post(f"/referrals/requests/{request_id}/family", data=data).status_code


def _undo(running: Running, request_id: UUID, version: int) -> int:
    data = {"reason": "Another mother", "version": str(version)}
    browser = running.browser(a_person("front_door"))
    return browser.post(f"/referrals/requests/{request_id}/family/undo", data=data).status_code


def _known_as(running: Running) -> dict[UUID, UUID]:
    with running.database.read() as session:
        return {row.id: row.known_as for row in session.scalars(sa.select(FamilyRow))}


def _elsewhere(**changes: Any) -> dict[str, Any]:
    """Return a document of people who have nothing in common with those of the others."""
    child = {"given_name": "Tom", "family_name": "Price", "date_of_birth": "2015-01-20"} | changes.pop("child", {})
    adult = {"given_name": "Joan", "family_name": "Price"}
    return a_document(child=child, adult=adult, address={"lines": ["3 Mill Lane"], "postcode": "BA1 5AW"}, **changes)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"nhs_number": "999 100 0054"}, {"nhs_number": "9991000054", "given_name": "Another"}, "NHS number"),
        ({"upn": "W800268714058"}, {"upn": "w800268714058", "family_name": "Another"}, "UPN"),
        ({"given_name": "Łukasz"}, {"given_name": "Lukasz"}, "Same name"),
        ({}, {"given_name": "Shevaun"}, "sounds the same"),
        ({}, {"date_of_birth": "2017-09-05"}, "the other way round"),
    ],
)
def test_a_child_we_know_is_found_and_the_reason_is_said(
    start: Start, first: dict[str, Any], second: dict[str, Any], reason: str
) -> None:
    running = start("referrals")
    known = sent(running, a_document(child=first))
    [match] = _matches(running, sent(running, a_document(child=second)))
    assert match["family_id"] == str(_row(running, known).family_id)
    assert any(reason in text for text in match["reasons"])


def test_the_same_name_with_another_birthday_elsewhere_is_another_child(start: Start) -> None:
    running = start("referrals")
    sent(running)
    elsewhere = _elsewhere(child={"given_name": "Siobhán", "family_name": "Nguyễn", "date_of_birth": "2018-06-10"})
    assert _matches(running, sent(running, elsewhere)) == []


def test_nothing_joins_by_itself(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    assert _row(running, first).family_id != _row(running, second).family_id


def test_a_person_joins_them_and_the_match_is_gone(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    family_id = _row(running, first).family_id
    assert _join(running, second, family_id) == 302
    assert _row(running, second).family_id == family_id
    assert _matches(running, second) == []


def test_a_request_joins_only_a_family_that_it_matches(start: Start) -> None:
    running = start("referrals")
    other = sent(running, _elsewhere())
    assert _join(running, sent(running), _row(running, other).family_id) == 404


def test_what_was_said_at_the_front_door_is_put_back(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    own, known = _row(running, second).family_id, _row(running, first).family_id
    _join(running, second, known)
    assert _undo(running, second, version=2) == 302
    assert _row(running, second).family_id == own
    assert [match["family_id"] for match in _matches(running, second)] == [str(known)]
    assert _undo(running, second, version=3) == 409, "there is nothing to put back any more"


def test_families_of_requests_that_were_sent_on_are_merged_in_the_register_and_put_back(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    accepted = an_acceptance(running, first)
    triaged(running, first)
    triaged(running, second)
    running.hears(accepted)
    known, own = _known_as(running), _row(running, second).family_id
    assert _join(running, second, _row(running, first).family_id, version=2) == 302
    assert _row(running, second).family_id == own, "others know it under its own"
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{second}").text
    assert "This family has an open plan" in page
    assert _undo(running, second, version=3) == 302
    assert _known_as(running) == known
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{second}").text
    assert "This family has an open plan" not in page


def test_families_that_were_told_apart_are_not_offered_again(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    family_id = _row(running, first).family_id
    assert _join(running, second, family_id, answer="another") == 302
    assert _matches(running, second) == []
    assert _matches(running, first) == []
    assert _join(running, second, family_id, version=2) == 404


def test_mergers_in_any_order_and_their_undoing_leave_the_groups_that_stand(start: Start) -> None:
    running = start("referrals")
    requests = [sent(running) for _ in range(4)]
    for request_id in requests:
        triaged(running, request_id)
    families = [_row(running, request_id).family_id for request_id in requests]
    before = _known_as(running)
    for place, into in ((1, 0), (2, 3), (2, 0)):
        version = _row(running, requests[place]).version
        assert _join(running, requests[place], _known_as(running)[families[into]], version=version) == 302
    assert len(set(_known_as(running).values())) == 1
    assert _undo(running, requests[2], version=_row(running, requests[2]).version) == 302
    groups = _known_as(running)
    assert groups[families[0]] == groups[families[1]] != groups[families[2]] == groups[families[3]]
    for request_id in (requests[2], requests[1]):
        assert _undo(running, request_id, version=_row(running, request_id).version) == 302
    assert _known_as(running) == before


def test_who_leads_an_open_plan_is_shown_once_the_directory_has_told(start: Start) -> None:
    running = start("referrals")
    first = sent(running)
    triaged(running, first)
    row, practitioner_id, plan_id = _row(running, first), uuid4(), uuid4()
    ids: dict[str, Any] = {"request_id": first, "family_id": row.family_id, "reference": row.reference}
    running.hears(
        panel.AllocationAccepted(
            uuid4(), **ids, agency_id=uuid4(), practitioner_id=practitioner_id, plan_id=plan_id,
            review_due_on=date(2026, 12, 14),
        )
    )  # fmt: skip
    running.neighbours.is_away = True
    assert fetch_names(running.resources) is False
    second = sent(running)
    browser = running.browser(a_person("front_door"))
    assert "This family may already have an open plan" in browser.get(f"/referrals/requests/{second}").text
    running.neighbours.is_away = False
    running.neighbours.answers[("directory", f"/people/{practitioner_id}")] = {
        "name": "Tariq Aziz",
        "agency_name": "Riverbank Youth",
        "mobile": "07700 900555",
    }
    with running.database.begin() as session:
        ask_later(session.get_one(KnownPersonRow, practitioner_id), running.clock.now().replace(year=2000))
        assert session.get_one(KnownPersonRow, practitioner_id).attempts == 2
    assert fetch_names(running.resources) is True
    assert fetch_names(running.resources) is False
    assert "led by Tariq Aziz" in browser.get(f"/referrals/requests/{second}").text
    running.hears(panel.PlanClosed(plan_id, **ids, reason="needs_met"))
    assert "open plan" not in browser.get(f"/referrals/requests/{second}").text
    assert _row(running, first).stage == "closed"


def test_a_program_joins_them_too_and_hears_of_one_that_does_not_match(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    family_id = _row(running, first).family_id
    client, headers = running.app.test_client(), running.bearer(a_person("front_door"))
    path = f"/referrals/api/v1/requests/{second}/family"
    assert client.post(path, json={"family_id": str(uuid4())}, headers=headers).status_code == 404
    assert client.post(path, json={"family_id": str(family_id), "version": 9}, headers=headers).status_code == 409
    joined: Any = client.post(path, json={"family_id": str(family_id)}, headers=headers)
    assert (joined.status_code, joined.json["family_id"]) == (200, str(family_id))
    assert client.post(path, json={"family_id": str(family_id)}, headers=headers).status_code == 404
