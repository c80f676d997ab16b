"""Sending by a real mail server: what it takes, what it refuses, and what nobody can know."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import pytest

from services.notifications import sender
from services.notifications.actions import attempts
from services.notifications.carriers import smtp
from services.notifications.messages import Message
from services.notifications.rules.invitation import read_invitation
from shared.events.notifications import NoticeFailed
from shared.events.panel import MeetingCancelled, MembersInvited
from shared.events.referrals import RequestReceived
from tests.integration.conftest import Running
from tests.integration.notifications.conftest import Post, a_family
from tests.integration.notifications.mail_server import Mailbox, MailServerForTests

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
REFUSED_SMS = "no SMS gateway is configured"


@pytest.fixture
def server() -> Iterator[MailServerForTests]:
    with MailServerForTests() as running:
        yield running


@pytest.fixture
def mailbox(server: MailServerForTests) -> Mailbox:
    return server.mailbox


@pytest.fixture
def post(start: Callable[..., Running], server: MailServerForTests) -> Post:
    running = start(
        "notifications",
        CARRIER="smtp",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(server.port),
        SMTP_STARTTLS="no",
        TRAINING="no",
        MAIL_FROM="early-help@council.example",
        PUBLIC_URL="https://help.council.example",
    )
    return Post(running)


def hears_of_a_request(post: Post, **referrer: Any) -> None:
    post.knows_contacts(**referrer)
    post.running.hears(RequestReceived(*post.about(), kind="request", received_at=NOW))


def test_an_email_arrives_with_the_id_of_its_notice(post: Post, mailbox: Mailbox) -> None:
    hears_of_a_request(post)
    post.sends()
    email = message_from_bytes(mailbox.messages[0], policy=policy.default)
    notice = post.notice("request_received")
    assert notice.state == "delivered"
    assert email["To"] == "lead@school.example"
    assert email["From"] == "Bath and North East Somerset Council <early-help@council.example>"
    assert email["Message-ID"] == f"<{notice.id}@council.example>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert "https://help.council.example/referrals/follow" in email.get_content()


def test_an_invitation_arrives_as_a_calendar_part_and_as_a_file(post: Post, mailbox: Mailbox) -> None:
    starts_at = datetime(2026, 6, 18, 8, 30, tzinfo=UTC)
    member = post.knows_person()
    fact = MembersInvited(
        uuid4(), "A panel", "Room 3", "", starts_at, starts_at + timedelta(hours=3), (member,), sequence=2
    )
    post.running.hears(fact)
    post.sends()
    email = message_from_bytes(mailbox.messages[0], policy=policy.default)
    (part,) = [part for part in email.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    (attached,) = email.iter_attachments()
    assert attached.get_filename() == "invitation.ics"
    for content in (part.get_content().encode(), attached.get_content()):
        meeting = read_invitation(content)
        assert (meeting.meeting_id, meeting.starts_at, meeting.sequence) == (fact.meeting_id, starts_at, 2)


def test_a_cancellation_says_so_beside_the_calendar_part_and_only_to_those_who_have_it(
    post: Post, mailbox: Mailbox
) -> None:
    starts_at = datetime(2026, 6, 18, 8, 30, tzinfo=UTC)
    invited, other = post.knows_person(), post.knows_person(email="other@agency.example")
    ends_at = starts_at + timedelta(hours=3)
    both = (invited, other)
    post.running.hears(MeetingCancelled(uuid4(), "A panel", "Room 3", starts_at, ends_at, both, (invited,), sequence=3))
    post.sends()
    emails = {
        email["To"]: email for email in (message_from_bytes(raw, policy=policy.default) for raw in mailbox.messages)
    }
    calendars = {
        to: [part.get_param("method") for part in email.walk() if part.get_content_type() == "text/calendar"]
        for to, email in emails.items()
    }
    assert calendars.pop("other@agency.example") == []
    assert list(calendars.values()) == [["CANCEL"]]


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "TEXT"])
def test_a_refusal_for_good_fails_at_once_and_somebody_is_told(post: Post, mailbox: Mailbox, at: str) -> None:
    mailbox.answers[at] = "550 5.1.1 <lead@school.example>: no such mailbox"
    hears_of_a_request(post)
    post.sends()
    notice = post.notice("request_received")
    assert (notice.state, notice.attempts) == ("failed", 1)
    assert "550 5.1.1" in notice.last_error
    assert "@" not in notice.last_error
    (fact,) = post.running.announced(NoticeFailed)
    assert (fact.notice_id, fact.recipient) == (notice.id, "referrer")


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "TEXT"])
def test_a_refusal_for_now_is_tried_again_until_it_works(post: Post, mailbox: Mailbox, at: str) -> None:
    mailbox.answers[at] = "451 4.3.2 come back later"
    hears_of_a_request(post)
    post.sends()
    waiting = post.notice("request_received")
    assert waiting.state == "created"
    assert timedelta(seconds=50) < waiting.next_attempt_at - datetime.now(UTC) <= timedelta(minutes=1)
    mailbox.answers.clear()
    post.makes_everything_due()
    post.sends()
    assert post.notice("request_received").state == "delivered"
    assert len(mailbox.messages) == 1
    assert sorted(attempt.outcome for attempt in post.attempts()) == ["delivered", "later"]


def test_a_server_that_says_later_six_times_has_failed(post: Post, mailbox: Mailbox) -> None:
    mailbox.answers["RCPT"] = "451 later"
    hears_of_a_request(post)
    for _ in range(8):
        post.makes_everything_due()
        post.sends()
    notice = post.notice("request_received")
    assert (notice.state, notice.attempts) == ("failed", 6)
    assert len(post.running.announced(NoticeFailed)) == 1


def offers_encryption_and_asks_who_we_are(post: Post, mailbox: Mailbox, *, starttls: bool) -> None:
    mailbox.answers["EHLO"] = "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN"
    for name, value in {"smtp_starttls": starttls, "smtp_user": "us", "smtp_password": "ours"}.items():
        object.__setattr__(post.running.resources.settings, name, value)


@pytest.mark.parametrize("how", ["hangs up", "is silent", "is busy", "talks nonsense"])
@pytest.mark.parametrize("at", ["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"])
def test_a_message_that_the_server_did_not_get_whole_is_surely_not_sent_and_tried_again(
    post: Post, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, at: str, how: str
) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.5)
    if at in ("STARTTLS", "AUTH"):
        offers_encryption_and_asks_who_we_are(post, mailbox, starttls=at == "STARTTLS")
    if how == "hangs up":
        mailbox.hangs_up_at = at
    elif how == "is silent":
        mailbox.is_silent_at = at
    else:
        mailbox.answers[at] = "421 4.3.2 too much to do" if how == "is busy" else "what was that?"
        mailbox.answers["HELO"] = mailbox.answers[at]
    hears_of_a_request(post)
    post.sends()
    waiting = post.notice("request_received")
    assert (waiting.state, waiting.attempts, mailbox.messages) == ("created", 1, [])
    assert waiting.last_error.startswith("the mail server")
    assert not waiting.needs_person


@pytest.mark.parametrize("how", ["hangs up", "is silent", "talks nonsense"])
def test_a_message_whose_whole_text_was_never_answered_is_never_given_again_by_itself(
    post: Post, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(smtp, "SECONDS_TO_TAKE_IT", 0.5)
    mailbox.hangs_up_at = "TEXT" if how == "hangs up" else ""
    mailbox.is_silent_at = "TEXT" if how == "is silent" else ""
    mailbox.answers = {"TEXT": "what was that?"} if how == "talks nonsense" else {}
    hears_of_a_request(post)
    post.sends()
    notice = post.notice("request_received")
    assert (notice.state, notice.needs_person) == ("unknown", True)
    assert [fact.recipient for fact in post.running.announced(NoticeFailed)] == ["referrer"]
    mailbox.hangs_up_at = mailbox.is_silent_at = ""
    mailbox.answers = {}
    post.makes_everything_due()
    post.sends()
    assert mailbox.messages == []


def test_a_line_that_is_only_a_dot_does_not_end_a_message_early(
    post: Post, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Before\n.\n.and after"
    monkeypatch.setattr(sender, "compose", lambda *_args, **_kwargs: a_message(post, said))
    hears_of_a_request(post)
    post.sends()
    email = message_from_bytes(mailbox.messages[0], policy=policy.default)
    assert email.get_content().splitlines() == said.splitlines()


def a_message(post: Post, body: str) -> Message:
    return Message(post.notice("request_received").id, "email", "lead@school.example", "A subject", body)


def test_a_server_that_is_not_there_is_tried_again(post: Post, server: MailServerForTests) -> None:
    server.__exit__(None, None, None)
    hears_of_a_request(post)
    post.sends()
    waiting = post.notice("request_received")
    assert waiting.state == "created"
    assert waiting.last_error == "the mail server cannot be used: ConnectionRefusedError"


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(post: Post, mailbox: Mailbox) -> None:
    object.__setattr__(post.running.resources.settings, "smtp_starttls", True)
    hears_of_a_request(post)
    post.sends()
    waiting = post.notice("request_received")
    assert (waiting.state, mailbox.messages) == ("created", [])
    assert waiting.last_error == "the mail server cannot be used: SMTPNotSupportedError"


def test_a_crash_between_sending_and_recording_becomes_unknown_and_is_not_sent_again(
    post: Post, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hears_of_a_request(post)

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the process was killed")

    with monkeypatch.context() as patched:
        patched.setattr(attempts, "settle", dies)
        with pytest.raises(RuntimeError):
            post.sends()
    post.changes_notices(claimed_at=datetime.now(UTC) - timedelta(minutes=6))
    post.tidies_up()
    assert post.notice("request_received").state == "unknown"
    post.makes_everything_due()
    post.sends()
    assert len(mailbox.messages) == 1


def test_a_text_without_a_gateway_fails_visibly(post: Post) -> None:
    hears_of_a_request(post, family=a_family())
    post.sends()
    notice = post.notice("request_received_to_family")
    assert (notice.state, notice.last_error) == ("failed", REFUSED_SMS)
    assert [fact.recipient for fact in post.running.announced(NoticeFailed)] == ["family"]


def test_an_address_with_other_letters_is_refused_by_a_server_that_cannot_take_it(post: Post) -> None:
    hears_of_a_request(post, email="siobhán@school.example")
    post.sends()
    notice = post.notice("request_received")
    assert (notice.state, notice.last_error) == ("failed", "the mail server takes only addresses in plain letters")


def test_an_address_with_other_letters_arrives_where_the_server_takes_it(post: Post, mailbox: Mailbox) -> None:
    mailbox.answers["EHLO"] = "250-test\r\n250 SMTPUTF8"
    hears_of_a_request(post, email="siobhán@school.example")
    post.sends()
    assert post.notice("request_received").state == "delivered"
    assert "To: siobhán@school.example" in mailbox.messages[0].decode()


def test_an_address_that_would_add_a_header_is_refused(post: Post, mailbox: Mailbox) -> None:
    hears_of_a_request(post, email="a@b.example\r\nBcc: everybody@c.example")
    post.sends()
    assert post.notice("request_received").state == "failed"
    assert mailbox.recipients == []


def test_a_real_system_has_no_inbox(post: Post) -> None:
    browser = post.running.browser()
    assert browser.get("/notifications/inbox").status_code == 404
    assert browser.get(f"/notifications/inbox/{uuid4()}").status_code == 404
    assert browser.get("/notifications/api/v1/inbox").status_code == 404
