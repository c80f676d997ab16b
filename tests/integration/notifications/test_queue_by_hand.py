"""Who is told of what is arranged about a panel's queue, and of families that were carried over again."""

from datetime import UTC, date, datetime
from uuid import uuid4

from shared.events.panel import RequestCarriedOverAgain, RequestPlaced, RequestSentBack, RequestsWithoutLeader
from tests.integration.notifications.conftest import Post


def test_whoever_leads_a_panel_is_alerted_when_a_second_meeting_did_not_hear_a_family(post: Post) -> None:
    chair, coordinator = post.knows_person(email="chair@x.example"), post.knows_person(email="cal@x.example")
    post.running.hears(RequestCarriedOverAgain(*post.about(), times_carried=2, leader_ids=(chair, coordinator)))
    post.sends()
    told = {message.to_address: message for message in post.messages()}
    assert set(told) == {"chair@x.example", "cal@x.example"}
    assert "carried over twice" in told["chair@x.example"].subject
    assert f"/panel/queue/requests/{post.request_id}" in told["cal@x.example"].body


def test_an_administrator_is_told_how_many_requests_have_nobody_who_may_act_and_where_to_give_a_seat(
    post: Post,
) -> None:
    administrator = post.knows_person(email="adi@x.example")
    for requests in (1, 2):
        post.running.hears(RequestsWithoutLeader(uuid4(), "ehap", "Allocation panel", requests, (administrator,)))
    post.sends()
    told = {message.subject: message for message in post.messages()}
    assert set(told) == {
        "Allocation panel: 1 request has nobody who may act",
        "Allocation panel: 2 requests have nobody who may act",
    }
    assert all("/panel/panels/ehap" in message.body for message in told.values())


def test_the_referrer_is_told_of_another_day_and_that_it_is_another(post: Post) -> None:
    post.knows_contacts()
    moved = RequestPlaced(
        *post.about(), uuid4(), held_on=date(2026, 12, 10), times_carried=0, instead_of=date(2026, 11, 12)
    )
    post.running.hears(moved)
    post.sends()
    (message,) = post.messages()
    assert "another day than we told you: on Thursday 10 December 2026" in message.body


def test_the_referrer_is_told_that_a_request_is_looked_at_again_and_not_why(post: Post) -> None:
    post.knows_contacts()
    post.running.hears(
        RequestSentBack(*post.about(), because="moved_away", sent_back_at=datetime(2026, 11, 2, tzinfo=UTC))
    )
    post.sends()
    (message,) = post.messages()
    assert "looking at it again" in message.body
    assert "moved" not in message.body
