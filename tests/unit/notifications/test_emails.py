"""Every text of every message: what it may say, and that it says nothing else."""

import re
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from jinja2 import meta

from services.notifications.messages import EMAILS, Message, compose, texts
from services.notifications.rules.recipients import Address
from services.notifications.rules.templates import TEMPLATES
from services.notifications.settings import Settings
from services.notifications.tables import NoticeRow
from shared.authority import AUTHORITIES, Authority, load_profile
from shared.london import LONDON
from tests.unit.notifications.gsm import ONE_TEXT, length_of

REFERENCE = "EH7K-3QWQ"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

MAY_BE_SAID = {
    "reference", "link", "to_family", "authority", "short_name", "contacts", "phone", "safeguarding_contacts", "words",
    "held_on", "last_day_on", "due_on", "starts_at", "ends_at", "families", "place", "panel_name", "actions", "supplement", "outcome",
    "times", "requests",
    "video_link", "was_starts_at", "is_invited",
}  # fmt: skip
"""Every word that a text may use. A panel's name, its place and how many families it hears go to its members and administrators only."""

BY_TEXT = sorted(name for name, template in TEMPLATES.items() if template.by_text)
TO_MEMBERS = {
    "papers_circulated",
    "minutes_issued",
    "minutes_added_to",
    "minutes_approved",
    "minutes_approved_to_owner",
    "meeting_invited",
    "meeting_changed",
    "meeting_cancelled",
    "invitation_withdrawn",
    "requests_without_leader",
}
WITHOUT_REFERENCE = {*TO_MEMBERS, "draft_link"}

MUST_NOT_BE_SAID = re.compile(
    r"abuse|violen|domestic|safeguard|social care|police|drug|alcohol|mental|school|child|mother|father|refuge|@",
    re.IGNORECASE,
)


def settings(**given: Any) -> Settings:
    keys: dict[str, Any] = {"neighbour_key": "k", "session_public_key": "k", "page_key": "k", "database_url": "none"}
    usual: dict[str, Any] = {"public_url": "https://earlyhelp.gloucestershire.gov.uk", "is_training": True}
    return Settings(**(keys | usual | given))


def a_notice(template: str) -> NoticeRow:
    to_family = template.endswith("_to_family")
    return NoticeRow(
        id=uuid4(),
        template=template,
        recipient_kind="family" if to_family else "person" if template in TO_MEMBERS else "referrer",
        recipient_id=uuid4(),
        meeting_id=uuid4(),
        reference="" if template in WITHOUT_REFERENCE else REFERENCE,
        path="/referrals/follow",
        data={
            "held_on": "2026-09-23",
            "due_on": "2026-09-23",
            "starts_at": "2026-09-23T08:30:00+00:00",
            "ends_at": "2026-09-23T11:30:00+00:00",
            "panel_name": "The panel's name",
            "place": "The place of the meeting",
            "families": 12,
            "actions": 12,
            "video_link": "https://meet.example.org/panel",
            "was_starts_at": "2026-09-23T07:30:00+00:00",
            "is_invited": True,
            "sequence": 0,
            "number": 1,
            "times": 2,
            "requests": 12,
            "last_day_on": "2026-09-23",
        },
    )


def composed(template: str, channel: str, authority: Authority, locality: str = "") -> Message:
    address = Address(channel, "x@y.example" if channel == "email" else "+447700900123")
    return compose(a_notice(template), address, settings(), authority, locality=locality, now=NOW)


def without_what_is_allowed(text: str, template: str, authority: Authority) -> str:
    held = datetime(2026, 9, 23, 8, 30, tzinfo=UTC).astimezone(LONDON)
    allowed = [REFERENCE, f"{settings().public_url}/referrals/follow", authority.name, "999"]
    allowed += [authority.short_name]
    allowed += ["Actions: 12", "Wednesday 23 September 2026", "23 Sep 2026", authority.words.lead_practitioner]
    for contact in (*authority.early_help_contacts, *authority.safeguarding_contacts):
        allowed += [contact.phone, contact.when]
        allowed += [contact.name] if contact in authority.early_help_contacts else []
    if template in TO_MEMBERS:
        allowed += ["https://meet.example.org/panel", f"{held.hour - 1}:30am"]
        allowed += [
            "The panel's name",
            "The place of the meeting",
            "Families: 12",
            "12 requests",
            f"{held.hour}:30am",
            "12:30pm",
        ]
    for value in sorted(allowed, key=len, reverse=True):
        text = text.replace(value, "")
    return text


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_message_has_its_texts(template: str) -> None:
    there = {path.name for path in (EMAILS / template).iterdir()}
    assert there == {"subject.txt", "body.txt"} | ({"sms.txt"} if TEMPLATES[template].by_text else set())


def test_there_is_no_text_without_a_message() -> None:
    assert {path.name for path in EMAILS.iterdir() if path.is_dir()} == set(TEMPLATES)


@pytest.mark.parametrize("path", sorted(EMAILS.rglob("*.txt")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_text_uses_no_word_but_those_allowed(path: Any) -> None:
    used = meta.find_undeclared_variables(texts().parse(path.read_text(encoding="utf-8")))
    assert used <= MAY_BE_SAID
    if path.parent.name not in TO_MEMBERS:
        assert not used & {"panel_name", "place", "families", "starts_at", "ends_at"}


@pytest.mark.parametrize(("template", "key"), list(product(sorted(TEMPLATES), AUTHORITIES)))
def test_an_email_says_nothing_but_what_is_allowed(template: str, key: str) -> None:
    authority = load_profile(key).newest
    message = composed(template, "email", authority)
    rest = without_what_is_allowed(f"{message.subject}\n{message.body}", template, authority)
    assert not re.search(r"\d", rest), rest
    assert not MUST_NOT_BE_SAID.search(rest), rest
    assert message.subject == message.subject.strip()
    assert "\n" not in message.subject
    assert authority.name in message.body
    assert f"{settings().public_url}/referrals/follow" in message.body.splitlines()
    assert "\n\n\n\n" not in message.body


@pytest.mark.parametrize(("template", "key"), list(product(BY_TEXT, AUTHORITIES)))
def test_a_text_message_is_one_text_long_plain_and_says_nothing_but_what_is_allowed(template: str, key: str) -> None:
    authority = load_profile(key).newest
    for locality in ("", *(one.key for one in authority.localities)):
        body = composed(template, "sms", authority, locality).body
        assert length_of(body) <= ONE_TEXT, body
        assert REFERENCE in body
        assert body.startswith(f"{authority.short_name}: ")
        rest = without_what_is_allowed(body, template, authority)
        assert not re.search(r"\d", rest), rest
        assert not MUST_NOT_BE_SAID.search(rest), rest


def test_a_text_message_to_a_family_does_not_say_what_it_is_about() -> None:
    authority = load_profile("bathnes").newest
    for template in (name for name in TEMPLATES if name.endswith("_to_family")):
        said = composed(template, "sms", authority).body.partition(settings().public_url)[0]
        assert not re.search(r"help|panel|plan|lead|support", said, re.IGNORECASE)


def test_a_family_hears_the_telephone_number_of_its_own_locality() -> None:
    authority = load_profile("gloucestershire").newest
    assert "01452 328130" in composed("request_received_to_family", "sms", authority, "stroud").body
    assert "01452 328160" not in composed("request_received_to_family", "email", authority, "stroud").body


def test_a_family_is_not_sent_to_the_advice_line_of_professionals() -> None:
    authority = load_profile("bathnes").newest
    assert "01225 396931" in composed("request_received_to_family", "sms", authority).body
    assert "01225 395021" not in composed("request_received_to_family", "email", authority).body
    assert "01225 395021" in composed("request_received", "email", authority).body


def test_a_meeting_without_a_family_says_so() -> None:
    notice = a_notice("papers_circulated")
    notice.data["families"] = 0
    address = Address("email", "x@y.example")
    message = compose(notice, address, settings(), load_profile("bathnes").newest, locality="", now=NOW)
    assert "Families: none this time." in message.body


def test_a_letter_outside_the_gsm_alphabet_is_found() -> None:
    assert length_of("a€") == 3
    with pytest.raises(ValueError, match="ễ"):
        length_of("Nguyễn")
