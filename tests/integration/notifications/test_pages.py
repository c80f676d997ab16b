"""The pages and JSON routes: who may open them and what they show."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.audit import audit
from shared.events.panel import MembersInvited, ReviewDue
from shared.events.referrals import RequestReceived, SafeguardingRaised
from shared.identity import Person
from tests.factories import a_person
from tests.integration.notifications.conftest import Post, a_family

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
READERS = ("coordinator", "front_door", "administrator")


def delivers_a_request(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))
    post.sends()


def fails_a_request(post: Post) -> str:
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))
    post.sends()
    return f"/notifications/notices/{post.notice('request_received').id}"


def test_the_inbox_shows_everybody_what_would_have_been_sent(post: Post) -> None:
    browser = post.running.browser()
    assert "No message yet" in browser.get("/notifications/inbox").text
    delivers_a_request(post)
    page = browser.get("/notifications/inbox").text
    assert "lead<wbr>@school.example" in page
    assert "+447700900123" in page


def test_the_inbox_can_be_asked_for_a_person_or_a_reference(post: Post) -> None:
    delivers_a_request(post)
    browser = post.running.browser()
    page = browser.get("/notifications/inbox?to=SCHOOL").text
    assert "lead<wbr>@school.example" in page
    assert "+447700900123" not in page
    assert "2 messages" in browser.get("/notifications/inbox?reference=eh7k3qwq").text
    assert "No message fits" in browser.get("/notifications/inbox?to=%25").text


def test_a_reference_that_is_none_is_said_and_stays_in_its_box(post: Post) -> None:
    answer = post.running.browser().get("/notifications/inbox?reference=EH7K-3QWE")
    assert answer.status_code == 422
    assert "not a reference of ours" in answer.text
    assert 'value="EH7K-3QWE"' in answer.text


def test_a_message_is_shown_as_it_reads_and_raw(post: Post) -> None:
    delivers_a_request(post)
    browser = post.running.browser()
    for message in post.messages():
        page = browser.get(f"/notifications/inbox/{message.notice_id}").text
        assert message.to_address in page.replace("<wbr>", "")
        assert ("Message-ID" in page) == (message.channel == "email")
        assert '<a href="http://127.0.0.1:8080/referrals/follow"' in page


def test_an_invitation_is_summed_up_and_can_be_downloaded(post: Post) -> None:
    starts_at = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
    members = (post.knows_person(),)
    fact = MembersInvited(uuid4(), "A panel", "Room 3", "", starts_at, starts_at + timedelta(hours=3), members, 0)
    post.running.hears(fact)
    post.sends()
    browser = post.running.browser()
    url = f"/notifications/inbox/{post.messages()[0].notice_id}"
    assert "Thursday 19 November 2026, 9:30am to 12:30pm" in browser.get(url).text
    download = browser.get(f"{url}/invitation.ics")
    assert download.content_type == "text/calendar; charset=utf-8"
    assert download.data.startswith(b"BEGIN:VCALENDAR")


def test_a_message_without_an_invitation_has_none_to_download(post: Post) -> None:
    delivers_a_request(post)
    browser = post.running.browser()
    for message in post.messages():
        assert browser.get(f"/notifications/inbox/{message.notice_id}/invitation.ics").status_code == 404
    assert browser.get(f"/notifications/inbox/{uuid4()}").status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_those_who_ring_people_see_what_was_sent_and_no_address(post: Post, role: str) -> None:
    delivers_a_request(post)
    person = a_person(role)
    lets_know(post, person)
    page = post.running.browser(person).get("/notifications/notices").text
    assert "EH7K-3QWQ" in page
    assert "Delivered" in page
    assert "school.example" not in page
    assert "7700900123" not in page


def lets_know(post: Post, person: Person) -> None:
    """Let the panel say that a person may be told of the request, if they lead its panel."""
    path = f"/people/{person.person_id}/references?reference=EH7K-3QWQ"
    post.running.neighbours.answers[("panel", path)] = {"references": ["EH7K-3QWQ"]}


def test_a_coordinator_sees_no_message_about_a_family_of_whom_the_panel_does_not_say_that_they_may(post: Post) -> None:
    url = fails_a_request(post)
    person = a_person("coordinator")
    browser, bearer = post.running.browser(person), post.running.bearer(person)
    listed = browser.get("/notifications/notices").text
    assert "Closed to you" in listed
    assert "No message fits" in browser.get("/notifications/notices?reference=EH7K-3QWQ").text
    answers = [browser.get(url), *(browser.post(f"{url}/{way}", data=DONE[way]) for way in DONE)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    in_json = post.running.app.test_client().get("/notifications/api/v1/notices", headers=bearer)
    assert in_json.get_json() == []
    for said in (listed, in_json.text, *(answer.text for answer in answers)):
        assert "EH7K-3QWQ" not in said
        assert str(post.request_id) not in said
    lets_know(post, person)
    assert "EH7K-3QWQ" in browser.get(url).text
    post.running.neighbours.is_away = True
    assert "EH7K-3QWQ" not in browser.get("/notifications/notices").text


DONE = {"see-to": {"ending": "seen_to"}, "send-again": {"reason": "recipient_asked"}}


def test_nobody_else_sees_what_was_sent(post: Post) -> None:
    url = fails_a_request(post)
    others = a_person("referrer", "panel_member", "agency_manager", "lead_practitioner", "social_worker")
    browser = post.running.browser(others)
    for path in ("/notifications/notices", url):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{url}/send-again", data={"reason": "recipient_asked"}).status_code == 403
    assert post.running.browser().get("/notifications/notices").status_code == 302


def test_what_failed_comes_first(post: Post) -> None:
    fails_a_request(post)
    person = post.knows_person()
    for _ in range(3):
        post.running.hears(ReviewDue(uuid4(), uuid4(), "EH2C-222P", person, NOW.date()))
    post.sends()
    page = post.running.browser(a_person("coordinator")).get("/notifications/notices").text
    assert page.rindex("govuk-tag--red") < page.index("govuk-tag--green")


def test_the_list_can_be_asked_for_a_state(post: Post) -> None:
    fails_a_request(post)
    browser = post.running.browser(a_person("coordinator"))
    assert "2 messages" in browser.get("/notifications/notices?state=failed").text
    assert "No message fits" in browser.get("/notifications/notices?state=delivered").text
    assert browser.get("/notifications/notices?state=nonsense").status_code == 422


def test_a_failed_message_is_sent_again_with_a_reason_that_is_kept(post: Post) -> None:
    url = fails_a_request(post)
    person = a_person("front_door")
    browser = post.running.browser(person)
    assert "Send it again" in browser.get(url).text
    answer = browser.post(f"{url}/send-again", data={"reason": "address_put_right"}, follow_redirects=True)
    assert "will be sent again" in answer.text
    post.knows_contacts()
    post.sends()
    assert post.notice("request_received").state == "delivered"
    with post.running.database.read() as session:
        line = session.execute(sa.select(audit).where(audit.c.did == "send_again")).one()
    assert (line.who, line.details) == (str(person.person_id), {"reason": "address_put_right", "was": "failed"})


def test_sending_again_needs_a_reason(post: Post) -> None:
    url = fails_a_request(post)
    answer = post.running.browser(a_person("front_door")).post(f"{url}/send-again", data={})
    assert answer.status_code == 422
    assert "Select why it is sent again" in answer.text
    assert post.notice("request_received").state == "failed"


def test_of_two_people_who_send_again_the_second_is_told(post: Post) -> None:
    url = fails_a_request(post)
    browser = post.running.browser(a_person("front_door"))
    first, second = (browser.post(f"{url}/send-again", data={"reason": "recipient_asked"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)


def test_a_delivered_message_cannot_be_sent_again(post: Post) -> None:
    delivers_a_request(post)
    url = f"/notifications/notices/{post.notice('request_received').id}"
    browser = post.running.browser(a_person("front_door"))
    assert "Send it again" not in browser.get(url).text
    assert browser.post(f"{url}/send-again", data={"reason": "recipient_asked"}).status_code == 409


def test_what_was_held_back_from_a_family_stays_held_back(post: Post) -> None:
    post.knows_contacts(family=a_family())
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))
    post.running.hears(SafeguardingRaised(*post.about()))
    url = f"/notifications/notices/{post.notice('request_received_to_family').id}"
    browser = post.running.browser(a_person("front_door"))
    assert "Send it again" not in browser.get(url).text
    assert browser.post(f"{url}/send-again", data={"reason": "recipient_asked"}).status_code == 409


def test_a_long_list_comes_in_parts(post: Post) -> None:
    person = post.knows_person()
    for _ in range(51):
        post.running.hears(ReviewDue(uuid4(), uuid4(), "EH2C-222P", person, NOW.date()))
    post.sends()
    browser = post.running.browser(a_person("front_door"))
    assert "1 to 50 of 51 messages" in browser.get("/notifications/notices").text
    assert "51 to 51 of 51 messages" in browser.get("/notifications/notices?page=2").text
    assert browser.get("/notifications/notices?page=-1").status_code == 200
    assert "Page 2 of 2" in browser.get("/notifications/inbox?page=2").text
    beyond = browser.get("/notifications/notices?reference=EH2C-222P&page=9").location
    assert beyond == "/notifications/notices?reference=EH2C-222P&page=2"


def test_the_json_lists_say_the_same(post: Post) -> None:
    delivers_a_request(post)
    browser = post.running.browser()
    messages = browser.get("/notifications/api/v1/inbox?reference=EH7K-3QWQ").get_json()
    assert {message["to"] for message in messages} == {"lead@school.example", "+447700900123"}
    assert set(messages[0]) == {"notice_id", "to", "channel", "subject", "body", "at", "reference", "template"}
    allowed = post.running.bearer(a_person("front_door"))
    notices = browser.get("/notifications/api/v1/notices?state=delivered", headers=allowed).get_json()
    assert {notice["template"] for notice in notices} == {"request_received", "request_received_to_family"}
    assert "to" not in notices[0]


def test_the_json_list_of_notices_is_closed_to_others_and_to_nonsense(post: Post) -> None:
    browser = post.running.browser()
    path = "/notifications/api/v1/notices"
    assert browser.get(path).status_code == 401
    assert browser.get(path, headers=post.running.bearer(a_person("referrer"))).status_code == 403
    allowed = post.running.bearer(a_person("administrator"))
    for query in ("state=nonsense", "reference=EH00-0000", "page=0", "per_page=1000", "page=9999999"):
        answer = browser.get(f"{path}?{query}", headers=allowed)
        assert answer.status_code == 422, query
        assert answer.content_type == "application/problem+json"


def test_the_front_address_leads_on(post: Post) -> None:
    assert post.running.browser().get("/notifications/").location.endswith("/notifications/inbox")
