"""Families that we may know already: suggested with reasons, joined only by a person."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.referrals.actions.known import ask_later
from services.referrals.jobs import fetch_names
from services.referrals.tables import KnownPersonRow, RequestRow
from shared.events import panel
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, sent, triaged

Start = Callable[..., Running]


def _row(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def _matches(running: Running, request_id: UUID) -> list[dict[str, Any]]:
    headers = running.bearer(a_person("front_door"))
    response: Any = running.app.test_client().get(f"/referrals/api/v1/requests/{request_id}", headers=headers)
    assert response.status_code == 200, response.text
    return list(response.json["matches"])


def _join(running: Running, request_id: UUID, family_id: UUID, version: int = 1) -> int:
    data = {"family_id": str(family_id), "version": str(version)}
    browser = running.browser(a_person("front_door"))
    return browser.post(f"/referrals/requests/{request_id}/family", data=data).status_code


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"nhs_number": "999 100 0054"}, {"nhs_number": "9991000054", "given_name": "Another"}, "NHS number"),
        ({"upn": "W800268714058"}, {"upn": "w800268714058", "family_name": "Another"}, "UPN"),
        ({"given_name": "Łukasz"}, {"given_name": "Lukasz"}, "name and date of birth"),
        ({}, {"given_name": "Shiv", "also_known_as": ["Siobhan Nguyen"]}, "name and date of birth"),
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


def test_the_same_name_with_another_birthday_is_another_child(start: Start) -> None:
    running = start("referrals")
    sent(running)
    assert _matches(running, sent(running, a_document(child={"date_of_birth": "2018-05-09"}))) == []


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
    other = sent(running, a_document(child={"given_name": "Somebody"}))
    assert _join(running, sent(running), _row(running, other).family_id) == 404


def test_a_request_that_was_sent_on_stays_with_its_family(start: Start) -> None:
    running = start("referrals")
    first, second = sent(running), sent(running)
    triaged(running, second)
    assert _join(running, second, _row(running, first).family_id, version=2) == 409


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
        ask_later(session, practitioner_id, running.clock.now().replace(year=2000))
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
