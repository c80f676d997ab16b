"""Who holds parental responsibility is corrected: what nobody who counts agreed to stops, and they are asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from shared.events.referrals import ConsentWithdrawn
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, an_acceptance, consented, sent, signed_on_page, triaged
from tests.integration.referrals.test_correcting import HANNAH, corrected, row_of

Start = Callable[..., Running]
FATHER = {
    "ref": "a2", "given_name": "Rui", "family_name": "Nguyễn", "relationship": "father",
    "parental_responsibility": "no", "primary_carer": False,
}  # fmt: skip


def on_its_way(running: Running, *, father: dict[str, Any] | None = None) -> UUID:
    """Return a request that waits for a panel, to which the mother alone has agreed."""
    document = a_document(consent=consented())
    request_id = sent(running, document | {"adults": [*document["adults"], FATHER | (father or {})]})
    assert triaged(running, request_id).status_code == 201
    return request_id


def asks_every_holder(running: Running) -> None:
    """Have the authority ask everybody who holds parental responsibility, as none of the four does."""
    profile = running.resources.profile
    versions = tuple(
        replace(one, authority=replace(one.authority, consent=replace(one.authority.consent, who="every_holder")))
        for one in profile.versions
    )
    running.app.extensions["resources"] = replace(running.resources, profile=replace(profile, versions=versions))


def stopped(running: Running) -> list[UUID]:
    """Return the requests of which it was announced that everything stops."""
    return [fact.request_id for fact in running.announced(ConsentWithdrawn)]


@pytest.mark.parametrize("is_helped", [False, True])
def test_who_gains_it_and_was_not_asked_stops_everything_and_is_asked(start: Start, is_helped: bool) -> None:
    running = start("referrals")
    asks_every_holder(running)
    request_id = on_its_way(running)
    if is_helped:
        running.hears(an_acceptance(running, request_id))
    answer = corrected(running, request_id, "adults/a2", parental_responsibility="yes")
    assert stopped(running) == [request_id]
    assert row_of(running, request_id).stage == "received"
    assert "Rui Nguyễn holds parental responsibility, and has not been asked." in answer.text
    assert "Those who had the request are told. Ask for consent." in answer.text
    assert triaged(running, request_id).status_code == 422
    _answers(running, request_id, "a2", "given")
    assert triaged(running, request_id).status_code == 201


def test_who_gains_it_and_had_said_no_stops_everything(start: Start) -> None:
    running = start("referrals")
    request_id = on_its_way(running)
    _answers(running, request_id, "a2", "refused")
    assert stopped(running) == [], "who does not hold it does not count"
    answer = corrected(running, request_id, "adults/a2", parental_responsibility="yes")
    assert stopped(running) == [request_id]
    assert "Rui Nguyễn has not agreed." in answer.text


def test_when_the_only_one_who_agreed_does_not_hold_it_everything_stops(start: Start) -> None:
    running = start("referrals")
    request_id = on_its_way(running, father={"parental_responsibility": "yes"})
    answer = corrected(running, request_id, "adults/a1", parental_responsibility="no")
    assert stopped(running) == [request_id]
    assert "Nobody who holds parental responsibility has agreed." in answer.text


def test_where_one_holder_is_enough_who_gains_it_stops_nothing_and_can_be_asked(start: Start) -> None:
    running = start("referrals")
    request_id = on_its_way(running)
    answer = corrected(running, request_id, "adults/a2", parental_responsibility="yes")
    assert stopped(running) == []
    assert row_of(running, request_id).stage == "at_panel"
    assert "Everything stopped" not in answer.text
    page = running.browser(HANNAH).get(f"/referrals/requests/{request_id}/consent").text
    assert f"/referrals/requests/{request_id}/consent/answer?by=a2" in page


def _answers(running: Running, request_id: UUID, by: str, answer: str) -> None:
    path = f"/referrals/requests/{request_id}/consent/answer?by={by}"
    said = signed_on_page(kind=["to_ask", "to_share"], answer=answer)
    done = running.browser(HANNAH).post(path, data=said)
    assert done.status_code == 302, done.text
