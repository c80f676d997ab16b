"""An offer that was taken back from an agency: what has not left about it does not leave, and nobody rings about it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notifications import sender
from services.notifications.actions import attempts
from services.notifications.actions.attempts import Result
from shared.events.panel import AllocationOffered, AllocationUnanswered, AllocationWithdrawn
from tests.factories import a_person
from tests.integration.notifications.conftest import Post

DAY = date(2026, 11, 19)


def offers(post: Post, agency_id: UUID) -> AllocationWithdrawn:
    """Let the family be offered to an agency; return the fact that the offer is taken back."""
    allocation_id = uuid4()
    post.running.hears(AllocationOffered(allocation_id, *post.about(), agency_id, uuid4(), None, DAY))
    return AllocationWithdrawn(allocation_id, *post.about(), agency_id, "consent_changed")


def managers(post: Post, count: int) -> list[UUID]:
    return [post.knows_person(email=f"manager{number}@agency.example") for number in range(count)]


def passes_on(post: Post) -> None:
    """Let the agency's notice become one for each manager, before any of those is sent."""
    assert sender.send_next(post.running.resources, object())  # type: ignore[arg-type]  # Nothing is carried yet.


def told(post: Post) -> set[str]:
    return {message.to_address for message in post.messages()}


def test_an_agency_that_was_not_told_of_an_offer_yet_is_not_told(post: Post) -> None:
    withdrawn = offers(post, post.knows_agency(*managers(post, 2)))
    post.running.hears(withdrawn)
    assert post.sends() == 0
    notice = post.notice("allocation_offered")
    assert (notice.state, notice.last_error) == ("not_sent", "held back: the request went another way")


def test_managers_to_whom_it_was_passed_on_are_not_told(post: Post) -> None:
    withdrawn = offers(post, post.knows_agency(*managers(post, 2)))
    passes_on(post)
    post.running.hears(withdrawn)
    assert post.sends() == 0
    assert told(post) == set()
    states = sorted((notice.recipient_kind, notice.state) for notice in post.notices())
    assert states == [("agency", "passed_on"), ("person", "not_sent"), ("person", "not_sent")]


def test_a_reminder_of_the_offer_is_not_sent_and_what_was_sent_stays_proved(post: Post) -> None:
    agency_id = post.knows_agency()
    withdrawn = offers(post, agency_id)
    post.sends()
    post.running.hears(AllocationUnanswered(withdrawn.allocation_id, *post.about(), agency_id, DAY))
    post.running.hears(withdrawn)
    assert post.sends() == 0
    assert post.notice("allocation_offered").state == "delivered"
    assert post.notice("allocation_unanswered").state == "not_sent"


def test_another_agency_to_which_the_family_is_offered_is_told(post: Post) -> None:
    withdrawn = offers(post, post.knows_agency(email="first@agency.example"))
    offers(post, post.knows_agency(email="second@agency.example"))
    post.running.hears(withdrawn)
    post.sends()
    assert told(post) == {"second@agency.example"}


def test_nobody_is_asked_to_ring_an_agency_about_an_offer_that_was_taken_back(post: Post) -> None:
    withdrawn = offers(post, post.knows_agency(email=""))
    post.sends()
    assert post.notice("allocation_offered").needs_person
    post.running.hears(withdrawn)
    notice = post.notice("allocation_offered")
    assert not notice.needs_person
    page = post.running.browser(a_person("front_door")).get(f"/notifications/notices/{notice.id}").text
    assert "Send it again" not in page


@pytest.mark.parametrize(("outcome", "state"), [("later", "not_sent"), ("refused", "failed"), ("unknown", "unknown")])
def test_a_message_that_is_being_sent_meanwhile_is_not_tried_again_and_nobody_is_asked_to_ring(
    post: Post, monkeypatch: pytest.MonkeyPatch, outcome: str, state: str
) -> None:
    withdrawn = offers(post, post.knows_agency())

    def fails_while_the_offer_is_taken_back(*_given: Any) -> Result:
        post.running.hears(withdrawn)
        return Result(outcome, "busy")

    monkeypatch.setattr(sender, "_hand_to", fails_while_the_offer_is_taken_back)
    post.sends()
    post.makes_everything_due()
    assert post.sends() == 0
    notice = post.notice("allocation_offered")
    assert (notice.state, notice.needs_person) == (state, False)


def test_an_offer_that_is_passed_on_at_the_very_moment_is_held_back_from_each_manager(post: Post) -> None:
    person_ids = managers(post, 2)
    withdrawn = offers(post, post.knows_agency(*person_ids))
    with ThreadPoolExecutor(1) as pool:
        with post.running.database.begin() as session:
            claim = attempts.claim_next(session, real_now=datetime.now(UTC))
            assert claim is not None
            attempts.pass_on_to_managers(session, claim, tuple(person_ids))
            session.flush()
            hearing = pool.submit(post.running.receives, withdrawn)
            with pytest.raises(TimeoutError):
                hearing.result(timeout=0.5)
        hearing.result(timeout=10)
    assert post.sends() == 0
    assert {notice.state for notice in post.notices() if notice.recipient_kind == "person"} == {"not_sent"}


def test_an_agency_whose_family_does_not_agree_any_more_is_told_to_stop(post: Post) -> None:
    [manager] = managers(post, 1)
    agency_id = post.knows_agency(manager)
    allocation_id, about = uuid4(), post.about()
    post.running.hears(AllocationOffered(allocation_id, *about, agency_id, uuid4(), None, DAY))
    post.running.hears(AllocationWithdrawn(allocation_id, *about, agency_id, "consent_withdrawn"))
    post.sends()
    assert [message.subject for message in post.messages()] == ["EH7K-3QWQ: please stop work and sharing now"]


def test_an_agency_that_knew_of_an_offer_hears_that_the_panel_decided_otherwise(post: Post) -> None:
    withdrawn = replace(offers(post, post.knows_agency(*managers(post, 1))), because="corrected")
    post.sends()
    post.running.hears(withdrawn)
    post.sends()
    subjects = [message.subject for message in post.messages()]
    assert [subject for subject in subjects if "nothing to answer any more" in subject] == [
        "EH7K-3QWQ: nothing to answer any more"
    ]


def test_an_agency_that_knew_nothing_hears_nothing_when_the_panel_decides_otherwise(post: Post) -> None:
    withdrawn = replace(offers(post, post.knows_agency(*managers(post, 1))), because="corrected")
    post.running.hears(withdrawn)
    assert post.sends() == 0
    assert told(post) == set()
