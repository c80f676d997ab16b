"""Who is told of what, and who is not."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.events.directory import ClockMoved
from shared.events.notifications import NoticeFailed, ReferrerTold
from shared.events.panel import (
    AllocationAccepted,
    AllocationOffered,
    AllocationUnanswered,
    AllocationWithdrawn,
    DecisionMade,
    LeadPractitionerChanged,
    LetterCheckAsked,
    MinutesIssued,
    PapersCirculated,
    PlanClosed,
    RequestJoinedPlan,
    RequestPlaced,
    ReviewDue,
    ReviewOverdue,
)
from shared.events.referrals import (
    ConsentWithdrawn,
    MoreInformationAsked,
    RequestAddedToPlan,
    RequestReceived,
    RequestSignposted,
    RequestWithdrawn,
    SafeguardingRaised,
)
from tests.integration.notifications.conftest import Post, a_family

OUTCOMES = (
    "allocate",
    "recommend",
    "signpost",
    "plan_advice",
    "more_information",
    "consent_outstanding",
    "step_up",
    "not_accepted",
    "close",
)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 19)


def received(post: Post) -> RequestReceived:
    return RequestReceived(*post.about(), kind="request", received_at=NOW)


def test_the_referrer_and_the_family_hear_that_a_request_arrived(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(received(post))
    post.sends()
    told = {message.to_address: message for message in post.messages()}
    assert set(told) == {"+447700900123", "lead@school.example"}
    assert told["lead@school.example"].subject == "EH7K-3QWQ: we have received your request"
    assert told["+447700900123"].channel == "sms"
    assert {notice.state for notice in post.notices()} == {"delivered"}


def test_the_same_fact_twice_makes_one_message(post: Post) -> None:
    post.knows_contacts(family=a_family())
    fact = received(post)
    post.running.hears(fact)
    post.sends()
    post.running.hears(fact)
    assert post.sends() == 0
    assert len(post.messages()) == 2


def test_the_same_words_in_a_second_message_are_a_second_notice(post: Post) -> None:
    post.knows_contacts(family=a_family())
    fact = received(post)
    post.running.receives(fact)
    first = post.sends()
    post.running.receives(fact)
    assert post.sends() == first > 0


def test_a_family_with_no_safe_channel_gets_nothing_and_that_is_seen(post: Post) -> None:
    post.knows_contacts(family=None)
    post.running.hears(received(post))
    post.sends()
    assert [message.to_address for message in post.messages()] == ["lead@school.example"]
    notice = post.notice("request_received_to_family")
    assert (notice.state, notice.last_error) == ("not_sent", "nobody in the family may be contacted")
    assert not notice.needs_person
    assert post.running.announced(NoticeFailed) == []


def test_a_channel_that_became_unsafe_a_minute_ago_is_not_used(post: Post) -> None:
    post.knows_contacts(family=a_family(channels=["sms"]))
    post.running.hears(received(post))
    post.knows_contacts(family=a_family(channels=["email"]))
    post.sends()
    assert {message.to_address for message in post.messages()} == {"lead@school.example", "mum@home.example"}


def test_safeguarding_stops_what_is_on_its_way_to_the_family(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(received(post))
    post.running.hears(SafeguardingRaised(*post.about()))
    post.sends()
    assert {message.to_address for message in post.messages()} == {"lead@school.example"}
    assert post.notice("request_received_to_family").state == "not_sent"


def test_a_parent_who_asked_for_help_does_not_get_the_safeguarding_message(post: Post) -> None:
    post.knows_contacts(family=a_family(), email="mum@home.example")
    post.running.hears(SafeguardingRaised(*post.about()))
    post.sends()
    assert post.messages() == []


def test_members_get_one_message_each_with_a_link_to_the_papers(post: Post) -> None:
    members = tuple(post.knows_person(email=f"member{number}@agency.example") for number in range(3))
    fact = papers(members)
    post.running.hears(fact)
    post.sends()
    assert [message.to_address for message in post.messages()] == [
        f"member{number}@agency.example" for number in range(3)
    ]
    assert all(f"/panel/meetings/{fact.meeting_id}" in message.body for message in post.messages())


def test_every_manager_of_an_agency_hears_of_an_offer(post: Post) -> None:
    managers = [post.knows_person(email=f"manager{number}@agency.example") for number in range(2)]
    agency_id = post.knows_agency(*managers)
    fact = offer(post, agency_id)
    post.running.hears(fact)
    post.sends()
    assert {message.to_address for message in post.messages()} == {"manager0@agency.example", "manager1@agency.example"}
    states = {notice.recipient_kind: notice.state for notice in post.notices("allocation_offered")}
    assert states == {"agency": "passed_on", "person": "delivered"}
    assert f"/panel/allocations/{fact.allocation_id}" in post.messages()[0].body


def test_an_agency_without_managers_hears_at_its_own_address(post: Post) -> None:
    post.running.hears(offer(post, post.knows_agency()))
    post.sends()
    assert [message.to_address for message in post.messages()] == ["office@agency.example"]


def test_a_person_who_has_left_gets_nothing(post: Post) -> None:
    person_id = post.knows_person(is_active=False)
    post.running.hears(ReviewDue(uuid4(), post.family_id, "EH7K-3QWQ", person_id, DAY))
    post.sends()
    assert post.messages() == []
    assert post.notice("review_due").last_error == "this person no longer works with us"


def test_a_request_that_a_meeting_put_off_is_not_called_decided(post: Post) -> None:
    post.running.hears(decision(post, "carry_over"))
    assert post.notices() == []


def test_a_request_on_a_later_agenda_gives_its_referrer_the_new_day(post: Post) -> None:
    post.knows_contacts()
    post.running.hears(RequestPlaced(*post.about(), uuid4(), DAY, 0))
    post.running.hears(RequestPlaced(*post.about(), uuid4(), DAY + timedelta(days=14), 1))
    post.sends()
    assert sorted(message.subject for message in post.messages()) == [
        "EH7K-3QWQ: another day for the panel",
        "EH7K-3QWQ: the day of the panel",
    ]
    assert any("Thursday 3 December 2026" in message.body for message in post.messages())


def test_the_training_clock_follows_where_it_was_moved(post: Post) -> None:
    post.running.hears(ClockMoved(NOW + timedelta(days=14)))


def papers(members: tuple[UUID, ...]) -> PapersCirculated:
    starts_at = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
    ends_at = starts_at + timedelta(hours=3)
    return PapersCirculated(uuid4(), "Early Help Allocation Panel", "Room 3", starts_at, ends_at, 12, members, 0)


def offer(post: Post, agency_id: UUID) -> AllocationOffered:
    return AllocationOffered(uuid4(), *post.about(), agency_id, uuid4(), uuid4(), DAY)


def test_of_a_step_up_to_social_care_only_the_referrer_is_told(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(decision(post, "step_up"))
    post.sends()
    assert [notice.recipient_kind for notice in post.notices()] == ["referrer"]


def test_of_a_step_up_of_one_child_only_the_referrer_is_told_too(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(decision(post, "allocate", "signpost", "step_up"))
    post.sends()
    assert [notice.recipient_kind for notice in post.notices()] == ["referrer"]


def decision(post: Post, outcome: str, *of_children: str) -> DecisionMade:
    return DecisionMade(uuid4(), *post.about(), uuid4(), outcome, NOW, of_children)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_referrer_reads_in_words_what_was_decided_and_the_panel_hears_that_they_know(
    post: Post, outcome: str
) -> None:
    post.knows_contacts()
    fact = decision(post, outcome)
    post.running.hears(fact)
    post.sends()
    [message] = post.messages()
    assert "It has decided." not in message.body
    [told] = post.running.announced(ReferrerTold)
    assert (told.decision_id, told.how) == (fact.decision_id, "message")


def test_who_is_named_to_check_a_letter_is_told_where_it_is(post: Post) -> None:
    checker, letter_id = post.knows_person(), uuid4()
    post.running.hears(LetterCheckAsked(letter_id, *post.about(), checker))
    [notice] = post.notices()
    assert (notice.template, notice.recipient_id) == ("letter_to_check", checker)
    assert notice.path == f"/panel/letters/{letter_id}"


def test_members_are_told_that_minutes_are_approved_and_others_what_they_have_to_do(post: Post) -> None:
    member, owner = post.knows_person(), post.knows_person()
    post.running.hears(
        MinutesIssued(uuid4(), "Early Help Allocation Panel", DAY, (member,), state="approved", owner_ids=(owner,))
    )
    told = {notice.recipient_id: (notice.template, notice.path) for notice in post.notices()}
    assert told[member][0] == "minutes_approved"
    assert told[member][1].endswith("/minutes")
    assert told[owner] == ("minutes_approved_to_owner", "/panel/actions?mine=yes")


def every_fact(post: Post) -> list[Any]:
    """Return every fact that somebody is told of; each code in one begins with zz."""
    person_id = post.knows_person()
    agency_id = post.knows_agency(person_id)
    about, plan_id = post.about(), uuid4()
    return [
        RequestReceived(*about, kind="zz-kind", received_at=NOW),
        MoreInformationAsked(*about, due_on=DAY),
        RequestSignposted(*about),
        RequestAddedToPlan(*about, plan_id),
        RequestWithdrawn(*about),
        RequestPlaced(*about, uuid4(), DAY, 0),
        RequestPlaced(*about, uuid4(), DAY, 2),
        papers((person_id,)),
        MinutesIssued(uuid4(), "Early Help Allocation Panel", DAY, (person_id,)),
        MinutesIssued(uuid4(), "Early Help Allocation Panel", DAY, (person_id,), "approved", (person_id,)),
        decision(post, "zz-outcome"),
        LetterCheckAsked(uuid4(), *about, person_id),
        offer(post, agency_id),
        AllocationAccepted(uuid4(), *about, agency_id, person_id, plan_id, DAY),
        AllocationUnanswered(uuid4(), *about, agency_id, DAY),
        ReviewDue(plan_id, post.family_id, about[2], person_id, DAY),
        ReviewOverdue(plan_id, post.family_id, about[2], person_id, agency_id, DAY),
        RequestJoinedPlan(plan_id, *about, person_id),
        LeadPractitionerChanged(plan_id, *about, agency_id, person_id, post.knows_person(), DAY),
        PlanClosed(plan_id, *about, reason="zz-reason", practitioner_id=person_id),
        PlanClosed(plan_id, *about, reason="moved_to_social_care"),
        ConsentWithdrawn(*about),
        AllocationWithdrawn(uuid4(), *about, agency_id, "consent_withdrawn"),
        PlanClosed(plan_id, *about, reason="consent_withdrawn", practitioner_id=person_id, agency_id=agency_id),
        SafeguardingRaised(*about),
    ]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_no_message_about_any_fact_names_anybody_or_holds_a_code_or_an_id(post: Post, channel: str) -> None:
    reach = {"email": "lead@school.example"} if channel == "email" else {"email": None, "phone": "07700 900456"}
    post.knows_contacts(family=a_family(channels=[channel]), **reach)
    for fact in every_fact(post):
        post.running.hears(fact)
        post.sends()
    assert {notice.state for notice in post.notices()} <= {"delivered", "passed_on"}
    for message in post.messages():
        said = f"{message.subject}\n{message.body}"
        without_links = re.sub(r"http://\S+", "", said)
        assert "zz-" not in said
        assert not re.search(r"Zebedee|Quillfeather|Harbour|Refuge|Family worker|@|07700", said)
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", without_links)


def test_no_notice_keeps_an_address_or_a_name(post: Post) -> None:
    post.knows_contacts(family=a_family())
    for fact in every_fact(post):
        post.running.hears(fact)
        post.sends()
    kept = [str(vars(row)) for row in (*post.notices(), *post.attempts())]
    assert kept
    assert not any(re.search(r"@|Zebedee|Harbour|7700 ?900", row) for row in kept)
