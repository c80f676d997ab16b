"""Who is told of a plan: that a request joined it, that somebody else leads it, that it ended."""

import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from shared.events.notifications import NoticeFailed
from shared.events.panel import LeadPractitionerChanged, PlanClosed, RequestJoinedPlan
from shared.events.referrals import ConsentWithdrawn, RequestReceived
from tests.integration.notifications.conftest import Post, a_family

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 19)


def test_whoever_leads_a_plan_hears_of_a_new_request_in_it(post: Post) -> None:
    lead, plan_id = post.knows_person(email="lead@agency.example"), uuid4()
    post.running.hears(RequestJoinedPlan(plan_id, *post.about(), lead))
    post.sends()
    (message,) = post.messages()
    assert (message.to_address, message.subject) == (
        "lead@agency.example",
        "EH7K-3QWQ: a new request for a family that you work with",
    )
    assert f"/panel/plans/{plan_id}" in message.body


def lead_changes(post: Post, new: UUID, earlier: UUID) -> LeadPractitionerChanged:
    return LeadPractitionerChanged(uuid4(), *post.about(), uuid4(), new, earlier, DAY)


def test_of_a_new_lead_practitioner_both_leads_the_referrer_and_the_family_hear(post: Post) -> None:
    post.knows_contacts(family=a_family())
    new, earlier = post.knows_person(email="new@agency.example"), post.knows_person(email="earlier@agency.example")
    fact = lead_changes(post, new, earlier)
    post.running.hears(fact)
    post.sends()
    told = {message.to_address: message.body for message in post.messages()}
    assert set(told) == {"new@agency.example", "earlier@agency.example", "lead@school.example", "+447700900123"}
    assert "Thursday 19 November 2026" in told["new@agency.example"]
    assert f"/panel/plans/{fact.plan_id}" in told["new@agency.example"]
    assert str(fact.plan_id) not in told["earlier@agency.example"]
    assert "November" not in told["earlier@agency.example"]


def test_that_an_earlier_lead_practitioner_has_left_is_nothing_to_act_on(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(lead_changes(post, post.knows_person(), post.knows_person(is_active=False)))
    post.sends()
    notice = post.notice("lead_practitioner_changed_to_earlier")
    assert (notice.state, notice.needs_person) == ("not_sent", False)


def ended(post: Post, reason: str, *, by_others: bool) -> PlanClosed:
    lead = post.knows_person(email="lead@agency.example") if by_others else None
    return PlanClosed(uuid4(), *post.about(), reason=reason, practitioner_id=lead)


@pytest.mark.parametrize("reason", ["safeguarding", "withdrawn", "taken_back"])
def test_when_a_request_goes_elsewhere_only_the_lead_practitioner_is_told_that_the_plan_ended(
    post: Post, reason: str
) -> None:
    post.knows_contacts(family=a_family())
    fact = ended(post, reason, by_others=True)
    post.running.hears(fact)
    post.sends()
    assert [message.to_address for message in post.messages()] == ["lead@agency.example"]
    (message,) = post.messages()
    assert f"/panel/plans/{fact.plan_id}" in message.body
    assert not re.search(r"safe(?! for)|social|withdr", message.body.partition("\n\nTo keep people safe")[0])


def test_a_plan_that_its_own_lead_practitioner_ends_is_told_to_the_referrer(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(ended(post, "needs_met", by_others=False))
    post.sends()
    assert [notice.template for notice in post.notices()] == ["plan_closed"]
    assert [message.to_address for message in post.messages()] == ["lead@school.example"]


@pytest.mark.parametrize("reason", ["safeguarding", "moved_to_social_care"])
def test_when_a_plan_ends_with_social_care_the_family_hears_nothing_from_us_even_as_the_referrer(
    post: Post, reason: str
) -> None:
    post.knows_contacts(family=a_family(), email="mum@home.example")
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))
    post.running.hears(ended(post, reason, by_others=False))
    post.sends()
    assert post.messages() == []
    assert not any(notice.needs_person for notice in post.notices())
    assert post.running.announced(NoticeFailed) == []


def test_when_a_family_does_not_agree_any_more_who_leads_its_agency_and_the_referrer_are_told_to_stop(
    post: Post,
) -> None:
    post.knows_contacts(family=a_family())
    lead, manager = post.knows_person(email="lead@agency.example"), post.knows_person(email="manager@agency.example")
    post.running.hears(ConsentWithdrawn(*post.about()))
    agency_id = post.knows_agency(manager)
    fact = PlanClosed(uuid4(), *post.about(), reason="consent_withdrawn", practitioner_id=lead, agency_id=agency_id)
    post.running.hears(fact)
    post.sends()
    told = [message.to_address for message in post.messages()]
    assert told == ["lead@agency.example", "lead@school.example", "manager@agency.example"]
