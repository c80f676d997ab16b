"""Who is told that more was said about a request, or that it was withdrawn by who sent it."""

from uuid import UUID, uuid4

import pytest

from shared.events.panel import AllocationWithdrawn, AmendmentPassedOn
from shared.events.referrals import AttachmentDestroyed, RequestAmended, RequestReceived, RequestWithdrawn
from tests.integration.notifications.conftest import Post, a_family


def told(post: Post) -> dict[str, str]:
    return {message.to_address: message.subject.partition(": ")[2] for message in post.messages()}


def test_who_decided_about_a_request_is_told_that_more_was_said(post: Post) -> None:
    hannah = post.knows_person(email="hannah@council.example")
    post.running.hears(RequestAmended(*post.about(), uuid4(), "added", "family", hannah))
    post.sends()
    [message] = post.messages()
    assert message.to_address == "hannah@council.example"
    assert f"/referrals/requests/{post.request_id}" in message.body


def test_a_request_that_nobody_decided_about_is_on_the_worklist_and_nobody_is_told(post: Post) -> None:
    post.running.hears(RequestAmended(*post.about(), uuid4(), "added", "family", None))
    assert post.notices() == []


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("added", "there is more to read about a request"), ("wants_to_stop", "somebody asks that the help stops")],
)
def test_who_leads_the_plan_is_told(post: Post, kind: str, subject: str) -> None:
    lead = post.knows_person(email="lead@agency.example")
    post.running.hears(AmendmentPassedOn(*post.about(), uuid4(), kind, uuid4(), None, uuid4(), lead))
    post.sends()
    assert told(post) == {"lead@agency.example": subject}


def test_the_managers_of_the_agency_to_which_it_is_offered_are_told(post: Post) -> None:
    manager = post.knows_person(email="manager@agency.example")
    agency_id = post.knows_agency(manager)
    post.running.hears(AmendmentPassedOn(*post.about(), uuid4(), "added", agency_id, uuid4(), None, None))
    post.sends()
    assert told(post) == {"manager@agency.example": "there is more to read before you answer"}


def test_who_sent_a_request_and_who_decided_are_told_of_a_file_that_was_destroyed(post: Post) -> None:
    hannah = post.knows_person(email="hannah@council.example")
    post.knows_contacts()
    post.running.hears(AttachmentDestroyed(*post.about(), uuid4(), hannah))
    post.sends()
    assert told(post) == {
        "lead@school.example": "a file could not be kept",
        "hannah@council.example": "a file had a virus and was destroyed",
    }


@pytest.mark.parametrize("by", ["referrer", "family"])
def test_a_withdrawal_is_told_to_who_decided_last_and_to_the_family_when_it_was_not_theirs(post: Post, by: str) -> None:
    hannah = post.knows_person(email="hannah@council.example")
    post.knows_contacts(family=a_family())
    post.running.hears(RequestWithdrawn(*post.about(), by, hannah))
    post.sends()
    addresses = {"hannah@council.example", "lead@school.example"} | ({"+447700900123"} if by == "referrer" else set())
    assert set(told(post)) == addresses


def withdrawn_offer(post: Post, because: str) -> UUID:
    manager = post.knows_person(email="manager@agency.example")
    agency_id = post.knows_agency(manager)
    post.running.hears(AllocationWithdrawn(uuid4(), *post.about(), agency_id, because))
    return agency_id


def test_the_agency_is_told_that_an_offer_ended_because_the_request_was_withdrawn(post: Post) -> None:
    withdrawn_offer(post, "withdrawn")
    post.sends()
    assert told(post) == {"manager@agency.example": "the request was withdrawn"}


def test_what_goes_to_a_family_waits_while_news_about_safe_contact_is_unread(post: Post) -> None:
    post.knows_contacts(family=a_family())
    key = ("referrals", f"/requests/{post.request_id}/contacts")
    post.running.neighbours.answers[key]["is_held"] = True
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=post.running.clock.now()))
    post.sends()
    assert set(told(post)) == {"lead@school.example"}
    assert post.notice("request_received_to_family").state == "created"
    post.running.neighbours.answers[key]["is_held"] = False
    post.makes_everything_due()
    post.sends()
    assert set(told(post)) == {"lead@school.example", "+447700900123"}
