"""Sending by the built-in inbox: waiting for neighbours, crashes, two senders at once, holding back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notifications.actions import attempts
from services.notifications.jobs import send_due_notices
from shared.events.notifications import NoticeFailed
from shared.events.panel import AllocationOffered
from shared.events.referrals import RequestReceived, SafeguardingRaised
from tests.integration.notifications.conftest import Post, a_family

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def hears_of_a_request(post: Post) -> None:
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))


def test_a_neighbour_that_is_away_makes_a_notice_wait_and_says_so(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.neighbours.is_away = True
    hears_of_a_request(post)
    post.sends()
    waiting = post.notice("request_received")
    assert (waiting.state, waiting.waits, waiting.attempts) == ("created", 1, 0)
    assert waiting.last_error == "the service that knows the recipient is away"
    post.running.neighbours.is_away = False
    post.makes_everything_due()
    post.sends()
    assert post.notice("request_received").state == "delivered"


def test_a_request_that_its_owner_does_not_know_fails_and_somebody_is_told(post: Post) -> None:
    hears_of_a_request(post)
    post.sends()
    assert post.notice("request_received").state == "failed"
    told = post.running.announced(NoticeFailed)
    assert {(fact.recipient, fact.request_id, fact.reference) for fact in told} == {
        ("referrer", post.request_id, "EH7K-3QWQ"),
        ("family", post.request_id, "EH7K-3QWQ"),
    }


def test_an_answer_that_cannot_be_read_makes_a_notice_wait(post: Post) -> None:
    post.running.neighbours.answers[("referrals", f"/requests/{post.request_id}/contacts")] = {"referrer": None}
    hears_of_a_request(post)
    post.sends()
    waiting = post.notice("request_received")
    assert waiting.state == "created"
    assert "cannot be read" in waiting.last_error


def test_a_notice_that_another_sender_holds_is_passed_over(post: Post) -> None:
    post.knows_contacts(family=a_family())
    hears_of_a_request(post)
    database = post.running.database
    with database.begin() as first, database.begin() as second:
        one = attempts.claim_next(first, real_now=datetime.now(UTC))
        other = attempts.claim_next(second, real_now=datetime.now(UTC))
        assert one is not None
        assert other is not None
        assert one.notice.id != other.notice.id
    assert not send_due_notices(post.running.resources)


def test_a_crash_before_sending_only_costs_the_lease(post: Post) -> None:
    post.knows_contacts()
    hears_of_a_request(post)
    with post.running.database.begin() as session:
        claim = attempts.claim_next(session, real_now=datetime.now(UTC))
    assert claim is not None
    assert claim.notice.state == "created"
    post.makes_everything_due()
    post.sends()
    assert len(post.messages()) == 1


def test_a_claim_whose_lease_ended_cannot_begin_to_send(post: Post) -> None:
    post.knows_contacts()
    hears_of_a_request(post)
    with post.running.database.begin() as session:
        slow = attempts.claim_next(session, real_now=datetime.now(UTC))
    assert slow is not None
    post.makes_everything_due()
    post.sends()
    with post.running.database.begin() as session:
        assert not attempts.begin(session, slow, "email", real_now=datetime.now(UTC))


def test_a_crash_between_sending_and_recording_gives_the_built_in_inbox_one_message(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.knows_contacts()
    hears_of_a_request(post)

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the process was killed")

    with monkeypatch.context() as patched:
        patched.setattr(attempts, "settle", dies)
        for _ in range(2):
            try:
                send_due_notices(post.running.resources)
            except RuntimeError:
                continue
    assert post.notice("request_received").state == "sending"
    post.tidies_up()
    assert post.notice("request_received").state == "sending"
    post.changes_notices(claimed_at=datetime.now(UTC) - timedelta(minutes=6))
    post.tidies_up()
    post.makes_everything_due()
    post.sends()
    assert post.notice("request_received").state == "delivered"
    assert len(post.messages()) == 1


def test_a_family_message_held_back_while_it_is_being_written_does_not_leave(post: Post) -> None:
    post.knows_contacts(family=a_family())
    hears_of_a_request(post)
    claims = []
    with post.running.database.begin() as session:
        while (claim := attempts.claim_next(session, real_now=datetime.now(UTC))) is not None:
            claims.append(claim)
            session.flush()
    post.running.hears(SafeguardingRaised(*post.about()))
    with post.running.database.begin() as session:
        begun = [c.notice.recipient_kind for c in claims if attempts.begin(session, c, "sms", real_now=NOW)]
    assert begun == ["referrer"]


def test_each_delivery_is_proven_without_keeping_the_address(post: Post) -> None:
    post.knows_contacts()
    hears_of_a_request(post)
    post.sends()
    (attempt,) = post.attempts()
    assert (attempt.outcome, attempt.channel) == ("delivered", "email")
    assert len(attempt.address_hash) == 64


def test_a_manager_who_is_told_twice_in_one_fact_gets_one_message(post: Post) -> None:
    manager = post.knows_person()
    agency_id = post.knows_agency(manager, manager)
    post.running.hears(AllocationOffered(uuid4(), *post.about(), agency_id, uuid4(), None, NOW.date()))
    post.sends()
    assert len(post.messages()) == 1
