"""Triage: what each decision announces, what it refuses, and that two people cannot both decide."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.referrals.jobs import fetch_services
from services.referrals.tables import KnownServiceRow, RequestRow, TriageDecisionRow
from shared.events import panel, referrals
from shared.events.directory import AgencyChanged, ServiceChanged
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import (
    a_document,
    a_step_down,
    an_acceptance,
    consented,
    ids_of,
    sent,
    signed_on_page,
    triaged,
    unasked,
)

Start = Callable[..., Running]
LEVEL = {"number": 3}


def _stage(running: Running, request_id: UUID) -> str:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id).stage


def _family_id(running: Running, request_id: UUID) -> UUID:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id).family_id


def a_service(running: Running, *, agency: str = "Larder and Lantern", is_open: bool = True) -> UUID:
    agency_id, service_id = uuid4(), uuid4()
    running.hears(AgencyChanged(agency_id, agency, True))
    running.hears(ServiceChanged(service_id, agency_id, "Food and company", is_open, ("10",)))
    return service_id


def _agency_of(running: Running, service_id: UUID) -> UUID:
    with running.database.read() as session:
        return session.get_one(KnownServiceRow, service_id).agency_id


def _offered(running: Running, request_id: UUID) -> panel.AllocationOffered:
    return panel.AllocationOffered(
        uuid4(), **ids_of(running, request_id), agency_id=uuid4(), service_id=uuid4(), meeting_id=None,
        answer_due_on=date(2026, 11, 9),
    )  # fmt: skip


def _pointers(response: Any) -> set[str]:
    assert response.status_code == 422, response.text
    return {error["pointer"] for error in response.json["errors"]}


def test_a_request_goes_to_the_panel_with_its_level(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    response = triaged(running, request_id)
    assert response.status_code == 201, response.text
    assert response.json["level"]["label"] == "More than one need, more than one agency"
    [fact] = running.announced(referrals.RequestReadyForPanel)
    assert (fact.request_id, fact.panel_key, fact.children) == (request_id, "ehap", 1)
    assert (fact.level_scheme, fact.level_version, fact.level_number) == ("bathnes", "2024", 3)
    assert _stage(running, request_id) == "at_panel"


def test_a_request_goes_straight_to_a_service(start: Start) -> None:
    running = start("referrals")
    request_id, service_id = sent(running), a_service(running)
    assert triaged(running, request_id, outcome="service", service_id=str(service_id)).status_code == 201
    [fact] = running.announced(referrals.RequestSentToService)
    assert fact.service_id == service_id


@pytest.mark.parametrize(
    ("choice", "fact", "stage"),
    [
        ({"outcome": "signpost", "where": "The library's homework club"}, referrals.RequestSignposted, "signposted"),
        ({"outcome": "more_information", "what": "Who agreed?"}, referrals.MoreInformationAsked, "information_asked"),
        ({"outcome": "ask_consent"}, referrals.MoreInformationAsked, "consent_asked"),
        ({"outcome": "no_further_action"}, referrals.RequestNotTakenFurther, "no_further_action"),
        ({"outcome": "safeguarding"}, referrals.SafeguardingRaised, "safeguarding"),
        ({"outcome": "withdraw"}, referrals.RequestWithdrawn, "withdrawn"),
    ],
)
def test_each_outcome_is_announced_once(start: Start, choice: dict[str, Any], fact: type[Any], stage: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert triaged(running, request_id, **choice).status_code == 201
    assert [one.request_id for one in running.announced(fact)] == [request_id]
    assert _stage(running, request_id) == stage


@pytest.mark.parametrize(
    ("choice", "pointers"),
    [
        ({"outcome": "signpost", "where": "", "phone": ""}, {"/where", "/phone"}),
        ({"outcome": "no_further_action", "because": "tired"}, {"/because"}),
        ({"outcome": "safeguarding", "told": "", "told_how": "", "told_on": None}, {"/told", "/told_how", "/told_on"}),
        ({"outcome": "safeguarding", "told_on": "2026-11-03"}, {"/told_on"}),
        ({"outcome": "ask_consent", "what": ""}, {"/what"}),
    ],
)
def test_each_outcome_says_what_must_be_on_record(start: Start, choice: dict[str, Any], pointers: set[str]) -> None:
    running = start("referrals")
    assert _pointers(triaged(running, sent(running), **choice)) == pointers


def test_whoever_follows_the_request_reads_where_help_is_and_why_nothing_happens(start: Start) -> None:
    running = start("referrals")
    signposted, finished = sent(running), sent(running)
    triaged(running, signposted, outcome="signpost", opens="Mondays 3 to 5pm")
    triaged(running, finished, outcome="no_further_action", because="met_by_universal")
    for request_id, words in (
        (signposted, "The library&#39;s homework club: 01632 960777, Mondays 3 to 5pm."),
        (finished, "Services that are open to everybody meet the need."),
    ):
        browser = running.browser()
        reference = ids_of(running, request_id)["reference"]
        browser.post("/referrals/follow", data={"reference": reference, "contact": "megan@school.example"})
        assert words in browser.get("/referrals/follow/progress").text


def test_signposting_to_a_service_gives_what_the_directory_says_of_it(start: Start) -> None:
    running = start("referrals")
    request_id, service_id = sent(running), a_service(running)
    running.neighbours.is_away = True
    assert fetch_services(running.resources) is False
    running.neighbours.is_away = False
    running.neighbours.answers[("directory", f"/services/{service_id}")] = {
        "url": "https://larder.example", "assured_date": "2026-06-01", "phones": [{"number": "01632 960101"}],
    }  # fmt: skip
    running.hears(ServiceChanged(service_id, _agency_of(running, service_id), "Food and friends", True, ("10",)))
    assert fetch_services(running.resources) is True
    assert fetch_services(running.resources) is False
    browser = running.browser(a_person("front_door"))
    page = browser.get(f"/referrals/requests/{request_id}/triage?outcome=signpost").text
    assert "Larder and Lantern: Food and friends (01632 960101, checked 1 Jun 2026)" in page
    typed = {"outcome": "signpost", "version": "1", "service_id": str(service_id), "level": "1", "reason": "Food."}
    assert browser.post(f"/referrals/requests/{request_id}/triage", data=typed).status_code == 302
    told = "Food and friends (Larder and Lantern), 01632 960101, https://larder.example (as the directory had it"
    assert told in browser.get(f"/referrals/requests/{request_id}").text
    follower, reference = running.browser(), ids_of(running, request_id)["reference"]
    follower.post("/referrals/follow", data={"reference": reference, "contact": "megan@school.example"})
    assert "https://larder.example. Checked on Monday 1 June 2026." in follower.get("/referrals/follow/progress").text


def test_a_program_signposts_to_a_service_too_and_hears_of_one_that_the_family_left_out(start: Start) -> None:
    running = start("referrals")
    service_id = a_service(running)
    choice: dict[str, Any] = {"outcome": "signpost", "where": "", "service_id": str(service_id)}
    assert triaged(running, sent(running), **choice).status_code == 201
    left_out = sent(running, a_document(consent=consented(to_share={"not_with": ["Larder and Lantern"]})))
    assert _pointers(triaged(running, left_out, **choice)) == {"/service_id"}
    assert _pointers(triaged(running, sent(running), **choice | {"service_id": str(uuid4())})) >= {"/service_id"}


def test_a_hand_over_to_social_care_keeps_who_was_told_and_when(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    told: Any = {"told_at": "2:15pm", "their_reference": "MASH 4471"}
    assert triaged(running, request_id, outcome="safeguarding", **told).status_code == 201
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}").text
    assert "Told: Duty team, Ms Okafor, by phone, Monday 2 November 2026 at 14:15. Their reference: MASH 4471." in page


def test_nothing_further_can_be_superseded_when_things_change(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id, outcome="no_further_action")
    assert triaged(running, request_id).status_code == 201
    assert _stage(running, request_id) == "at_panel"


def test_more_information_is_due_after_the_authority_s_working_days(start: Start) -> None:
    running = start("referrals")
    triaged(running, sent(running), outcome="more_information", what="Who agreed?")
    [fact] = running.announced(referrals.MoreInformationAsked)
    assert fact.due_on == date(2026, 11, 16)


def test_a_step_down_goes_to_the_meeting_of_its_locality_and_to_no_other_of_the_six(start: Start) -> None:
    running = start("referrals", AUTHORITY="gloucestershire")
    localities = [locality.key for locality in running.resources.authority.localities]
    assert len(localities) == 6
    for place, locality in enumerate(localities):
        request_id = sent(running, a_step_down(locality=locality))
        neighbour = localities[place - 1]
        assert _pointers(triaged(running, request_id, panel_key=f"step-down-{neighbour}")) == {"/panel_key"}
        assert triaged(running, request_id, panel_key=f"step-down-{locality}").status_code == 201
        assert running.announced(referrals.RequestReadyForPanel)[-1].panel_key == f"step-down-{locality}"


def test_a_request_without_a_panel_for_it_is_refused_clearly(start: Start) -> None:
    running = start("referrals", AUTHORITY="gloucestershire")
    request_id = sent(running, a_document(locality="stroud"))
    assert _pointers(triaged(running, request_id, panel_key="step-down-stroud")) == {"/outcome"}


def _without_consent() -> dict[str, Any]:
    return a_document(consent=unasked())


def test_without_consent_only_safeguarding_and_questions_go_on(start: Start) -> None:
    running = start("referrals")
    request_id, service_id = sent(running, _without_consent()), a_service(running)
    assert _pointers(triaged(running, request_id)) == {"/outcome"}
    assert _pointers(triaged(running, request_id, outcome="service", service_id=str(service_id))) == {"/outcome"}
    assert triaged(running, request_id, outcome="safeguarding").status_code == 201


def test_consent_that_is_given_later_opens_the_way(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, _without_consent())
    browser = running.browser(a_person("front_door"))
    path = f"/referrals/requests/{request_id}/consent/answer?by=a1"
    assert browser.post(path, data={"kind": "to_ask"}).status_code == 422
    done = browser.post(path, data=signed_on_page(kind=["to_ask", "to_share"]))
    assert done.status_code == 302, done.text
    assert triaged(running, request_id).status_code == 201


def test_an_agency_that_the_family_left_out_cannot_be_chosen(start: Start) -> None:
    running = start("referrals")
    document = a_document(consent=consented(to_share={"not_with": ["larder AND lantern"]}))
    request_id, service_id = sent(running, document), a_service(running)
    assert _pointers(triaged(running, request_id, outcome="service", service_id=str(service_id))) == {"/service_id"}
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}/triage?outcome=service")
    assert str(service_id) not in page.text


def test_a_service_that_is_closed_cannot_be_chosen(start: Start) -> None:
    running = start("referrals")
    service_id = a_service(running, is_open=False)
    response = triaged(running, sent(running), outcome="service", service_id=str(service_id))
    assert _pointers(response) == {"/service_id"}


def test_a_decision_needs_a_reason_and_a_level(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert _pointers(triaged(running, request_id, reason="")) == {"/reason"}
    assert _pointers(triaged(running, request_id, level=None)) == {"/level"}
    assert _pointers(triaged(running, request_id, level={"number": 9})) == {"/level"}


def test_a_second_decision_supersedes_the_first_and_both_stay(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    assert triaged(running, request_id, outcome="safeguarding").status_code == 201
    with running.database.read() as session:
        rows = session.scalars(sa.select(TriageDecisionRow).order_by(TriageDecisionRow.number)).all()
    assert [row.outcome for row in rows] == ["panel", "safeguarding"]
    assert rows[1].supersedes_id == rows[0].id


def test_a_request_that_changes_its_way_leaves_the_queue_first(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    triaged(running, request_id, outcome="signpost", where="The library")
    assert len(running.announced(referrals.RequestTakenBack)) == 1
    assert running.announced(referrals.RequestWithdrawn) == [], "nobody may be told that it was withdrawn"
    assert _stage(running, request_id) == "signposted"


def test_a_late_message_of_a_panel_does_not_bring_a_request_back(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    triaged(running, request_id, outcome="safeguarding")
    running.hears(
        panel.RequestPlaced(
            **ids_of(running, request_id), meeting_id=uuid4(), held_on=date(2026, 11, 12), times_carried=0
        )
    )
    assert _stage(running, request_id) == "safeguarding"


def test_while_an_offer_is_open_only_stopping_is_possible(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    running.hears(_offered(running, request_id))
    assert triaged(running, request_id, outcome="signpost", where="x").status_code == 409
    assert triaged(running, request_id, outcome="safeguarding").status_code == 201


def test_after_an_agency_took_the_family_on_triage_is_over(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    running.hears(an_acceptance(running, request_id))
    assert triaged(running, request_id, outcome="withdraw").status_code == 409


def test_two_people_who_decide_at_once_make_one_decision(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    choice: dict[str, Any] = {"outcome": "signpost", "where": "x", "version": 1}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: triaged(running, request_id, **choice).status_code, range(2)))
    assert sorted(answers) == [201, 409]


def test_an_open_plan_of_the_family_can_take_the_request(start: Start) -> None:
    running = start("referrals")
    first = sent(running)
    triaged(running, first)
    plan_id = uuid4()
    running.hears(an_acceptance(running, first, plan_id=plan_id))
    second = sent(running, a_document())
    worker = a_person("front_door")
    assert _pointers(triaged(running, second, outcome="add_to_plan", plan_id=str(plan_id))) == {"/outcome"}
    joined = running.browser(worker).post(
        f"/referrals/requests/{second}/family",
        data={"family_id": str(_family_id(running, first)), "answer": "same", "version": "1"},
    )
    assert joined.status_code == 302, joined.text
    assert triaged(running, second, outcome="add_to_plan", plan_id=str(plan_id)).status_code == 201
    [fact] = running.announced(referrals.RequestAddedToPlan)
    assert (fact.plan_id, fact.family_id) == (plan_id, _family_id(running, first))


@pytest.mark.parametrize("role", ["referrer", "panel_member", "coordinator", "administrator", "agency_manager"])
def test_only_the_front_door_triages(start: Start, role: str) -> None:
    running = start("referrals")
    request_id, person = sent(running), a_person(role)
    assert triaged(running, request_id, person).status_code == 403
    browser = running.browser(person)
    for path in ("/worklist", f"/requests/{request_id}", f"/requests/{request_id}/triage"):
        assert browser.get(f"/referrals{path}").status_code == 403, path
