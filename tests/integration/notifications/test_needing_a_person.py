"""A message that did not arrive, or perhaps not, is put before a person, unless that would do harm or is needless."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.notifications import sender
from services.notifications.actions import attempts
from services.notifications.actions.attempts import Result
from services.notifications.carriers.inbox import BuiltInInbox
from shared.audit import audit
from shared.events.notifications import NoticeFailed, NoticeSettled
from shared.events.panel import AllocationOffered, DecisionMade, ReviewDue
from shared.events.referrals import MoreInformationAsked, RequestReceived, SafeguardingRaised
from tests.factories import a_person
from tests.integration.notifications.conftest import Post, a_family

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FAMILY, REFERRER = "request_received_to_family", "request_received"


def hears_of_a_request(post: Post) -> None:
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))


def told_of(post: Post) -> list[str]:
    return sorted(fact.recipient for fact in post.running.announced(NoticeFailed))


def may_have_arrived(post: Post) -> str:
    """Let the referrer's message break off in the middle; return the address of its page."""
    post.knows_contacts()
    hears_of_a_request(post)
    with post.running.database.begin() as session:
        while (claim := attempts.claim_next(session, real_now=datetime.now(UTC))) is not None:
            attempts.begin(session, claim, "email", real_now=datetime.now(UTC))
            result = Result("unknown" if claim.notice.template == REFERRER else "delivered")
            attempts.settle(session, claim, result, address_hash="", now=NOW, real_now=datetime.now(UTC))
    return f"/notifications/notices/{post.notice(REFERRER).id}"


def test_a_referrer_without_an_address_is_to_be_rung(post: Post) -> None:
    post.knows_contacts(family=a_family(), email="", phone="01225 000000")
    hears_of_a_request(post)
    post.sends()
    assert (post.notice(REFERRER).state, post.notice(REFERRER).needs_person) == ("not_sent", True)
    assert told_of(post) == ["referrer"]


def test_a_family_that_is_only_reached_by_telephone_is_to_be_told_by_a_person(post: Post) -> None:
    post.knows_contacts(family=a_family(channels=["phone"]))
    hears_of_a_request(post)
    post.sends()
    assert (post.notice(FAMILY).state, post.notice(FAMILY).needs_person) == ("not_sent", True)
    assert told_of(post) == ["family"]


def test_of_a_family_that_nobody_may_contact_nobody_is_asked_to_act(post: Post) -> None:
    post.knows_contacts(family=None)
    hears_of_a_request(post)
    post.sends()
    assert (post.notice(FAMILY).state, post.notice(FAMILY).needs_person) == ("not_sent", False)
    assert told_of(post) == []


def test_a_referrer_who_is_told_as_the_family_needs_nobody(post: Post) -> None:
    post.knows_contacts(family=a_family(), email="mum@home.example")
    hears_of_a_request(post)
    post.sends()
    assert (post.notice(REFERRER).state, post.notice(REFERRER).needs_person) == ("not_sent", False)
    assert told_of(post) == []


def test_a_message_that_may_have_arrived_is_told_to_the_front_door(post: Post) -> None:
    may_have_arrived(post)
    assert post.notice(REFERRER).needs_person
    assert told_of(post) == ["referrer"]


def test_a_lead_practitioner_who_has_left_and_an_agency_of_nobody_are_seen_but_not_at_a_request(post: Post) -> None:
    post.running.hears(
        ReviewDue(uuid4(), post.family_id, "EH7K-3QWQ", post.knows_person(is_active=False), date(2026, 11, 19))
    )
    offered = AllocationOffered(uuid4(), *post.about(), post.knows_agency(email=""), uuid4(), None, date(2026, 11, 9))
    post.running.hears(offered)
    post.sends()
    assert {(notice.state, notice.needs_person) for notice in post.notices()} == {("not_sent", True)}
    assert told_of(post) == []
    browser = post.running.browser(a_person("front_door"))
    assert "2 messages need a person" in browser.get("/notifications/notices").text
    for template, name in {
        "review_due": "Zebedee Quillfeather, Harbour Refuge",
        "allocation_offered": "Harbour Refuge",
    }.items():
        assert name in browser.get(f"/notifications/notices/{post.notice(template).id}").text


def test_the_page_of_a_message_still_opens_while_the_directory_is_away(post: Post) -> None:
    post.running.hears(ReviewDue(uuid4(), post.family_id, "EH7K-3QWQ", post.knows_person(), date(2026, 11, 19)))
    post.running.neighbours.is_away = True
    page = post.running.browser(a_person("front_door")).get(f"/notifications/notices/{post.notice('review_due').id}")
    assert "A person who signs in" in page.text


def test_only_the_front_door_is_led_from_a_message_to_its_request(post: Post) -> None:
    url, request_page = may_have_arrived(post), f"/referrals/requests/{post.request_id}"
    assert request_page in post.running.browser(a_person("front_door")).get(url).text
    page = post.running.browser(a_person("administrator")).get(url).text
    assert "EH7K-3QWQ" in page
    assert request_page not in page


def test_a_carrier_that_breaks_down_in_the_middle_is_never_quiet(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.knows_contacts()
    hears_of_a_request(post)

    def breaks(*_args: Any) -> None:
        raise RuntimeError("lead@school.example")

    monkeypatch.setattr(BuiltInInbox, "send", breaks)
    post.sends()
    notice = post.notice(REFERRER)
    assert (notice.state, notice.needs_person) == ("unknown", True)
    assert notice.last_error == "the carrier broke down (RuntimeError): it may have arrived or not"
    assert "referrer" in told_of(post)


def test_an_accident_before_the_message_is_handed_over_only_puts_it_off(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.knows_contacts()
    hears_of_a_request(post)

    def breaks(*_args: Any) -> None:
        raise RuntimeError("lead@school.example")

    monkeypatch.setattr(BuiltInInbox, "_raw", breaks)
    post.sends()
    notice = post.notice(REFERRER)
    assert (notice.state, notice.needs_person) == ("created", False)
    assert notice.last_error == "the inbox cannot be written to: RuntimeError"


def test_a_family_is_not_to_be_rung_once_its_request_is_with_social_care(post: Post) -> None:
    post.knows_contacts(family=a_family(channels=["phone"]))
    hears_of_a_request(post)
    post.sends()
    assert post.notice(FAMILY).needs_person
    post.running.hears(SafeguardingRaised(*post.about()))
    assert not post.notice(FAMILY).needs_person
    url = f"/notifications/notices/{post.notice(FAMILY).id}"
    browser = post.running.browser(a_person("front_door"))
    assert "Send it again" not in browser.get(url).text
    assert browser.post(f"{url}/send-again", data={"reason": "recipient_asked"}).status_code == 409
    assert browser.post(f"{url}/see-to", data={"ending": "seen_to"}).status_code == 409


@pytest.mark.parametrize("fact", [SafeguardingRaised, DecisionMade])
@pytest.mark.parametrize(("outcome", "state"), [("later", "not_sent"), ("refused", "failed"), ("unknown", "unknown")])
def test_a_familys_message_that_is_being_sent_when_it_is_held_back_is_not_tried_again_and_nobody_is_asked_to_ring(
    post: Post, monkeypatch: pytest.MonkeyPatch, fact: type[Any], outcome: str, state: str
) -> None:
    post.knows_contacts(family=a_family())
    hears_of_a_request(post)
    step_up = DecisionMade(uuid4(), *post.about(), uuid4(), "step_up", NOW)

    def fails_while_the_request_goes_another_way(_carrier: Any, message: Any, _now: datetime) -> Result:
        if message.channel == "sms":
            post.running.hears(SafeguardingRaised(*post.about()) if fact is SafeguardingRaised else step_up)
            return Result(outcome, "busy")
        return Result("delivered")

    with monkeypatch.context() as patched:
        patched.setattr(sender, "_hand_to", fails_while_the_request_goes_another_way)
        post.sends()
    post.makes_everything_due()
    post.sends()
    assert (post.notice(FAMILY).state, post.notice(FAMILY).needs_person) == (state, False)
    assert told_of(post) == []
    assert "+447700900123" not in {message.to_address for message in post.messages()}


@pytest.mark.parametrize(("ending", "state"), [("arrived", "delivered"), ("seen_to", "seen_to")])
def test_somebody_says_that_it_arrived_or_that_they_told_them_and_that_is_kept(
    post: Post, ending: str, state: str
) -> None:
    url = may_have_arrived(post)
    person = a_person("front_door")
    browser = post.running.browser(person)
    assert "It arrived: they say so" in browser.get(url).text
    answer = browser.post(f"{url}/see-to", data={"ending": ending}, follow_redirects=True)
    assert "Nobody has to act on this message" in answer.text
    notice = post.notice(REFERRER)
    assert (notice.state, notice.needs_person) == (state, False)
    assert "message needs a person" not in browser.get("/notifications/notices").text
    with post.running.database.read() as session:
        line = session.execute(sa.select(audit).where(audit.c.did == "see_to")).one()
    assert (line.who, line.details) == (str(person.person_id), {"ending": ending, "was": "unknown"})


def test_a_message_that_may_have_arrived_can_be_sent_again(post: Post) -> None:
    url = may_have_arrived(post)
    browser = post.running.browser(a_person("front_door"))
    assert "give it to them twice" in browser.get(url).text
    assert browser.post(f"{url}/send-again", data={"reason": "recipient_asked"}).status_code == 302
    post.sends()
    assert (post.notice(REFERRER).state, post.notice(REFERRER).needs_person) == ("delivered", False)


def test_what_surely_did_not_leave_cannot_have_arrived(post: Post) -> None:
    post.knows_contacts(family=a_family(channels=["phone"]))
    hears_of_a_request(post)
    post.sends()
    url = f"/notifications/notices/{post.notice(FAMILY).id}"
    browser = post.running.browser(a_person("front_door"))
    assert "It arrived" not in browser.get(url).text
    assert browser.post(f"{url}/see-to", data={"ending": "arrived"}).status_code == 409
    assert browser.post(f"{url}/see-to", data={"ending": "seen_to"}).status_code == 302


def test_what_has_happened_must_be_said(post: Post) -> None:
    answer = post.running.browser(a_person("front_door")).post(f"{may_have_arrived(post)}/see-to", data={})
    assert answer.status_code == 422
    assert "Select what has happened" in answer.text
    assert post.notice(REFERRER).needs_person


def test_of_two_people_who_see_to_it_the_second_is_told(post: Post) -> None:
    url = may_have_arrived(post)
    browser = post.running.browser(a_person("front_door"))
    first, second = (browser.post(f"{url}/see-to", data={"ending": "seen_to"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)


def test_nobody_else_says_that_it_is_done(post: Post) -> None:
    url = may_have_arrived(post)
    others = a_person("referrer", "panel_member", "agency_manager", "lead_practitioner", "social_worker")
    assert post.running.browser(others).post(f"{url}/see-to", data={"ending": "seen_to"}).status_code == 403
    assert post.notice(REFERRER).needs_person


def test_the_list_can_be_asked_for_what_needs_a_person(post: Post) -> None:
    may_have_arrived(post)
    browser = post.running.browser(a_person("administrator"))
    page = browser.get("/notifications/notices?state=needs_person").text
    assert "1 message</p>" in page
    assert "1 message needs a person" in page
    browser.post(f"/notifications/notices/{post.notice(REFERRER).id}/see-to", data={"ending": "arrived"})
    assert "No message needs a person" in browser.get("/notifications/notices?state=needs_person").text


def test_the_directory_may_ask_how_many_need_a_person_and_no_other_neighbour(post: Post) -> None:
    may_have_arrived(post)
    browser, path = post.running.browser(), "/notifications/api/v1/notices/needing-a-person"
    assert browser.get(path, headers=post.running.as_neighbour("directory")).get_json() == {"count": 1}
    assert browser.get(path, headers=post.running.as_neighbour("panel")).status_code == 403
    assert browser.get(path).status_code == 401


def test_an_interrupted_sending_is_put_before_a_person(post: Post) -> None:
    post.knows_contacts()
    hears_of_a_request(post)
    with post.running.database.begin() as session:
        claim = attempts.claim_next(session, real_now=datetime.now(UTC))
        assert claim is not None
        attempts.begin(session, claim, "email", real_now=datetime.now(UTC) - timedelta(minutes=6))
    with post.running.database.begin() as session:
        attempts.settle_interrupted(session, is_repeatable=False, now=NOW, real_now=datetime.now(UTC))
    with post.running.database.read() as session:
        states = [(row.state, row.needs_person) for row in post.notices() if row.state == "unknown"]
    assert states == [("unknown", True)]
    assert len(told_of(post)) == 1


@pytest.mark.parametrize(
    ("way", "form"), [("see-to", {"ending": "arrived"}), ("send-again", {"reason": "recipient_asked"})]
)
def test_when_somebody_saw_to_it_the_front_door_need_not(post: Post, way: str, form: dict[str, str]) -> None:
    page = may_have_arrived(post)
    post.running.browser(a_person("front_door")).post(f"{page}/{way}", data=form)
    (settled,) = post.running.announced(NoticeSettled)
    assert settled.notice_id == post.notice(REFERRER).id


def test_what_is_kept_from_a_family_is_asked_of_nobody_any_more(post: Post) -> None:
    post.knows_contacts(family=a_family(channels=["phone"]))
    hears_of_a_request(post)
    post.sends()
    post.running.hears(SafeguardingRaised(*post.about()))
    (settled,) = post.running.announced(NoticeSettled)
    assert settled.notice_id == post.notice(FAMILY).id
    assert not post.notice(FAMILY).needs_person


def test_after_safeguarding_nobody_rings_a_parent_who_asked_for_help_themselves(post: Post) -> None:
    post.knows_contacts(family=a_family(channels=["phone"]), email="mum@home.example", is_family=True)
    post.running.hears(MoreInformationAsked(*post.about(), due_on=date(2026, 11, 9)))
    post.sends()
    assert post.notice("more_information_asked").needs_person
    post.running.hears(SafeguardingRaised(*post.about()))
    assert not post.notice("more_information_asked").needs_person
    (settled,) = post.running.announced(NoticeSettled)
    assert settled.notice_id == post.notice("more_information_asked").id
