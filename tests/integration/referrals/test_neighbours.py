"""What neighbouring services are given: a paper for the panel, only safe contacts for notifications."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.audit import audit
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, a_step_down, sent, triaged

Start = Callable[..., Running]


def _ask(running: Running, request_id: UUID, what: str, neighbour: str) -> Any:
    path = f"/referrals/api/v1/requests/{request_id}/{what}"
    return running.app.test_client().get(path, headers=running.as_neighbour(neighbour))


def _family(running: Running, document: dict[str, Any]) -> Any:
    response = _ask(running, sent(running, document), "contacts", "notifications")
    assert response.status_code == 200, response.text
    return response.json["family"]


def test_the_paper_holds_what_a_panel_may_read(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_step_down())
    triaged(running, request_id, panel_key="step-down")
    response = _ask(running, request_id, "paper", "panel")
    assert response.status_code == 200
    paper = response.json
    assert paper["children"][0]["family_name"] == "Nguyễn"
    assert paper["needs"] == [{"code": "1", "label": "Getting a good education"}]
    assert paper["level"]["label"] == "More than one need, more than one agency"
    assert paper["triage_reason"] == "Two needs, several services."
    assert paper["received_on"] == "2026-11-02"
    assert [one["kind"] for one in paper["step_down"]["papers"]] == ["single_assessment", "plan"]
    assert paper["addresses"][0]["is_sensitive"] is False
    with running.database.read() as session:
        assert session.scalar(sa.select(audit.c.who).where(audit.c.did == "read_paper")) == "panel"


@pytest.mark.parametrize("address", [{"may_write": False}, {"not_disclosed_to": ["Karl"]}])
def test_an_address_that_is_not_for_everybody_is_marked_and_never_leaves(start: Start, address: dict[str, Any]) -> None:
    running = start("referrals")
    document = a_document(address=address)
    response = _ask(running, sent(running, document), "paper", "panel")
    assert response.json["addresses"][0]["is_sensitive"] is True
    assert document["addresses"][0]["postcode"] not in response.text
    assert document["addresses"][0]["lines"][0] not in response.text


def test_a_contact_that_is_not_safe_never_leaves_with_the_paper(start: Start) -> None:
    running = start("referrals")
    adult = {"email": "read.by.him@post.example", "mobile": "07700 900456", "safe_channels": ["phone"]}
    response = _ask(running, sent(running, a_document(adult=adult)), "paper", "panel")
    assert "read.by.him" not in response.text
    assert response.json["adults"][0]["mobile"] == "07700 900456"


def test_the_referrer_s_message_never_goes_to_an_address_of_the_family_unrecognised(start: Start) -> None:
    running = start("referrals")
    referrer = {
        "source": "8",
        "name": "Ana",
        "role": "Worker",
        "organisation": "A charity",
        "email": "ANA@post.example",
    }
    document = a_document(referrer=referrer, adult={"email": "ana@post.example", "safe_channels": ["email"]})
    response = _ask(running, sent(running, document), "contacts", "notifications")
    assert response.json["referrer"]["is_family"] is True


def test_only_the_right_neighbour_is_answered(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert _ask(running, request_id, "paper", "notifications").status_code == 403
    assert _ask(running, request_id, "contacts", "panel").status_code == 403
    for what in ("paper", "contacts"):
        path = f"/referrals/api/v1/requests/{request_id}/{what}"
        assert running.browser(a_person("front_door")).get(path).status_code == 401


def test_only_safe_channels_are_given(start: Start) -> None:
    running = start("referrals")
    adult = {"email": "ana@post.example", "safe_channels": ["sms"]}
    family = _family(running, a_document(adult=adult))
    assert family["channels"] == ["sms"]
    assert (family["mobile"], family["email"], family["address"]) == ("07700 900123", "", None)
    assert family["name_is_safe"] is False


def test_nobody_to_contact_safely_is_said_as_null(start: Start) -> None:
    running = start("referrals")
    assert _family(running, a_document(adult={"safe_channels": []})) is None
    assert _family(running, a_document(adult={"safe_channels": ["email"]})) is None


def test_an_address_that_is_not_safe_is_never_given_to_write_to(start: Start) -> None:
    running = start("referrals")
    letter = {"safe_channels": ["letter"]}
    assert _family(running, a_document(adult=letter, address={"may_write": False})) is None
    assert _family(running, a_document(adult=letter, address={"to_on": "2026-10-01"})) is None
    assert _family(running, a_document(adult=letter))["address"]["postcode"] == "BA2 1XX"


def test_nobody_of_the_family_is_told_while_it_is_with_social_care(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id, outcome="safeguarding")
    assert _ask(running, request_id, "contacts", "notifications").json["family"] is None


def test_a_parent_s_own_mailbox_is_not_used_when_it_is_not_safe(start: Start) -> None:
    running = start("referrals")
    referrer = {"source": "1A", "name": "Ana", "email": "Ana@post.example", "phone": "07700 900123"}
    document = a_document(referrer=referrer, adult={"email": "ana@post.example"})
    response = _ask(running, sent(running, document), "contacts", "notifications")
    told = {"email": "", "phone": "07700 900123", "person_id": None, "is_family": True, "is_left_out": False}
    assert response.json["referrer"] == told
