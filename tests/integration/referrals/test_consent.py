"""Consent that changes: everybody who keeps a copy is told, everything stops where it must, and nothing is forgotten."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.referrals.tables import RequestRow
from shared.audit import audit
from shared.events.panel import FamilyAgreedToAgency, PlanClosed
from shared.events.referrals import ConsentChanged, ConsentWithdrawn
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import (
    a_document,
    an_acceptance,
    consented,
    ids_of,
    sent,
    signed_on_page,
    triaged,
    unasked,
)

Start = Callable[..., Running]
NO = {"answer": "withdrawn"}


def _answer(running: Running, request_id: UUID, by: str = "a1", **more: Any) -> None:
    browser = running.browser(a_person("front_door", name="Hannah Whitcombe"))
    path = f"/referrals/requests/{request_id}/consent/answer?by={by}"
    done = browser.post(path, data=signed_on_page(**more))
    assert done.status_code == 302, done.text


def _override(running: Running, request_id: UUID, *what_for: str, by: Person | None = None) -> Any:
    browser = running.browser(by or a_person("front_door", "front_door_manager", name="Hannah Whitcombe"))
    data = {"what_for": list(what_for), "rationale": "He threatens her when letters come."}
    return browser.post(f"/referrals/requests/{request_id}/consent/override", data=data)


def _page(running: Running, request_id: UUID, path: str = "") -> str:
    return str(running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}{path}").text)


def _paper(running: Running, request_id: UUID) -> Any:
    path = f"/referrals/api/v1/requests/{request_id}/paper"
    return running.app.test_client().get(path, headers=running.as_neighbour("panel")).json


def _stage(running: Running, request_id: UUID) -> str:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id).stage


@pytest.mark.parametrize("kind", ["to_ask", "to_share", "to_research"])
def test_a_new_answer_is_announced(start: Start, kind: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    _answer(running, request_id, kind=[kind], **NO)
    [fact] = running.announced(ConsentChanged)
    assert (fact.request_id, fact.kind) == (request_id, kind)
    assert running.announced(ConsentWithdrawn) == [], "nobody but the front door had it"


@pytest.mark.parametrize("kind", ["to_ask", "to_share"])
def test_everything_stops_at_once_when_the_family_no_longer_agrees(start: Start, kind: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    _answer(running, request_id, kind=[kind], **NO)
    [fact] = running.announced(ConsentWithdrawn)
    assert fact.request_id == request_id
    assert _stage(running, request_id) == "received"
    page = _page(running, request_id)
    assert "Ana O&#39;Brien no longer agrees. It cannot go to a panel, a service or a plan." in page
    assert "Everything stopped: consent is not given any more" in page
    assert triaged(running, request_id).status_code == 422
    assert "no longer agrees" in _page(running, request_id, "/consent")
    assert "Articles 6(1)(e) and 9(2)(h)" in _page(running, request_id, "/consent")


def test_a_family_that_is_being_helped_comes_back_to_the_front_door_too(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    accepted = an_acceptance(running, request_id)
    running.hears(accepted)
    _answer(running, request_id, kind=["to_ask", "to_share"], **NO)
    assert len(running.announced(ConsentWithdrawn)) == 1
    running.hears(PlanClosed(accepted.plan_id, **ids_of(running, request_id), reason="consent_withdrawn"))
    assert _stage(running, request_id) == "received"


def test_a_no_on_one_request_says_which_others_of_the_family_go_on(start: Start) -> None:
    running = start("referrals")
    first, second, stranger = sent(running), sent(running), sent(running)
    for request_id in (first, stranger):
        triaged(running, request_id)
    joined = {"family_id": str(ids_of(running, first)["family_id"]), "answer": "same", "version": "1"}
    assert running.browser(a_person("front_door")).post(f"/referrals/requests/{second}/family", data=joined).location
    goes_on = f"go on: {ids_of(running, first)['reference']}. Record the answer there too"
    assert goes_on not in _page(running, second)
    _answer(running, second, kind=["to_share"], **NO)
    for path in ("", "/consent"):
        assert goes_on in _page(running, second, path)
    _answer(running, first, kind=["to_share"], **NO)
    assert goes_on not in _page(running, second)


def test_what_is_said_about_research_stops_nothing(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    _answer(running, request_id, kind=["to_research"], **NO)
    assert running.announced(ConsentWithdrawn) == []
    assert _stage(running, request_id) == "at_panel"


def test_consent_that_is_given_again_lets_the_request_go_on(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    _answer(running, request_id, **NO)
    _answer(running, request_id)
    assert triaged(running, request_id).status_code == 201
    assert _stage(running, request_id) == "at_panel"


def _move_the_oldest_answers_to_the_end_of_the_table(running: Running) -> None:
    with running.database.begin() as session:
        session.execute(sa.text("UPDATE consent SET id = gen_random_uuid() WHERE number <= 3"))


def test_the_newest_answer_counts_also_while_a_training_clock_stands_still(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    for answer in ("withdrawn", "given", "refused", "given", "withdrawn"):
        _answer(running, request_id, answer=answer, not_with=f"Agency that heard {answer}")
        _move_the_oldest_answers_to_the_end_of_the_table(running)
        consent = _paper(running, request_id)["consent"]
        assert (consent["may_share"], consent["not_with"]) == (answer == "given", [f"Agency that heard {answer}"])
        assert [said["answer"] for said in consent["to_share"]] == [answer]


def test_every_answer_stays_on_the_page(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    _answer(running, request_id, at_time="2.30pm", place="the school", wording="bathnes 2024", **NO)
    page = " ".join(_page(running, request_id, "/consent").split())
    assert "2 Nov 2026, 14:30, signed, at the school, asked by Hannah, wording bathnes 2024" in page
    assert "28 Oct 2026, signed, asked by Megan O&#39;Brien" in page


def test_an_agency_that_must_not_know_stays_in_the_form_for_the_next_answer(start: Start) -> None:
    running = start("referrals")
    consent = consented(to_share={"not_with": ["Riverside Housing"], "with_agencies": ["Steps Forward"]})
    request_id = sent(running, a_document(consent=consent))
    form = _page(running, request_id, "/consent/answer?by=a1")
    assert "Riverside Housing</textarea>" in form
    assert "Steps Forward</textarea>" in form
    _answer(running, request_id, kind=["to_ask"], not_with="Riverside Housing")
    assert _paper(running, request_id)["consent"]["not_with"] == ["Riverside Housing"]


def test_nobody_answers_who_is_not_of_the_family_or_not_born(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    worker = running.browser(a_person("front_door"))
    assert worker.get(f"/referrals/requests/{request_id}/consent/answer?by=a9").status_code == 404
    assert worker.post(f"/referrals/requests/{request_id}/consent/answer", data=signed_on_page()).status_code == 404


def test_a_child_who_is_judged_competent_needs_who_judged_it_when_and_why(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=unasked()))
    typed = signed_on_page(kind=["to_ask", "to_share"], judged_by="Megan O'Brien")
    path = f"/referrals/requests/{request_id}/consent/answer?by=c1"
    refused = running.browser(a_person("front_door")).post(path, data=typed)
    assert refused.status_code == 422
    assert "Enter why they understand enough" in refused.text
    when = {"judged_on-day": "1", "judged_on-month": "11", "judged_on-year": "2026"}
    _answer(running, request_id, "c1", **typed | when | {"because": "She told it back in her own words."})
    assert _paper(running, request_id)["consent"]["may_share"]
    assert "She told it back in her own words." in _page(running, request_id, "/consent")


def test_one_of_two_holders_who_refuses_stops_it(start: Start) -> None:
    running = start("referrals")
    document = a_document()
    document["adults"].append(document["adults"][0] | {"ref": "a2", "given_name": "Dan", "relationship": "father"})
    request_id = sent(running, document)
    triaged(running, request_id)
    _answer(running, request_id, "a2", answer="refused")
    assert len(running.announced(ConsentWithdrawn)) == 1


def test_an_agreement_by_word_of_mouth_goes_to_no_panel_before_it_is_signed(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=consented(to_ask={"how": "verbal"}, to_share={"how": "verbal"})))
    assert triaged(running, request_id).status_code == 422
    assert "by word of mouth only" in _page(running, request_id)
    _answer(running, request_id, kind=["to_ask", "to_share"])
    assert triaged(running, request_id).status_code == 201


def test_only_a_manager_overrides_and_only_with_a_reason(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=unasked()))
    assert _override(running, request_id, "panel", by=a_person("front_door")).status_code == 403
    manager = running.browser(a_person("front_door_manager"))
    path = f"/referrals/requests/{request_id}/consent/override"
    assert manager.post(path, data={"what_for": ["panel"]}).status_code == 422
    assert _override(running, request_id).status_code == 422, "there is none to end"


def test_an_override_opens_only_what_it_is_for_warns_and_is_in_the_audit(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=unasked()))
    assert _override(running, request_id, "service").status_code == 302
    assert triaged(running, request_id).status_code == 422
    assert _override(running, request_id, "panel").status_code == 302
    assert triaged(running, request_id).status_code == 201
    page = " ".join(_page(running, request_id).split())
    assert "This request goes on without consent, for a child’s safety, to: send it to a panel" in page
    assert "He threatens her when letters come." in page
    assert _paper(running, request_id)["consent"]["may_share"]
    with running.database.read() as session:
        lines = session.execute(sa.select(audit.c.details).where(audit.c.did == "overrode_consent")).scalars().all()
    assert lines == [{"what_for": ["service"]}, {"what_for": ["panel"]}], "and not the rationale"


def test_everything_stops_when_an_override_ends_and_nobody_agreed(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=unasked()))
    _override(running, request_id, "panel")
    triaged(running, request_id)
    assert _override(running, request_id).status_code == 302
    assert len(running.announced(ConsentWithdrawn)) == 1
    assert "This request goes on without consent" not in _page(running, request_id)


def test_what_a_family_agreed_to_before_an_agency_took_it_on_is_in_its_history(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    accepted = an_acceptance(running, request_id)
    fact = FamilyAgreedToAgency(
        accepted.allocation_id, **ids_of(running, request_id), agency_id=accepted.agency_id, by_refs=("a1",),
        how="verbal", agreed_on=running.clock.at.date(), recorded_by=accepted.practitioner_id,
    )  # fmt: skip
    running.hears(fact)
    page = _page(running, request_id, "/consent")
    assert "Agencies that the family agreed to" in page
    assert "Ana O&#39;Brien, 2 Nov 2026, said so" in page


def test_programs_record_answers_and_override_too(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=unasked()))
    client: Any = running.app.test_client()
    path = f"/referrals/api/v1/requests/{request_id}/consent"
    worker, manager = running.bearer(a_person("front_door")), running.bearer(a_person("front_door_manager"))
    answer = {"by": "a1", "answer": "given", "how": "signed", "on": "2026-11-02", "obtained_by": "Hannah"}
    for kind in ("to_ask", "to_share"):
        kept = client.post(path, json=answer | {"kind": kind}, headers=worker)
        assert kept.status_code == 201, kept.text
    assert kept.json["may_share"]
    assert client.post(f"{path}/override", json={"what_for": ["panel"]}, headers=manager).status_code == 422
    body = {"what_for": ["panel"], "rationale": "It is not safe to ask."}
    assert client.post(f"{path}/override", json=body, headers=worker).status_code == 403
    assert client.post(f"{path}/override", json=body, headers=manager).json["what_for"] == ["panel"]
