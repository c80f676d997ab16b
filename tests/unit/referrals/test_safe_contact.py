"""What is not said to be safe is not used."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.follow import Step, knows_request, told
from services.referrals.rules.safe_contact import Adult, Home, family_contact, referrer_contact

TODAY = date(2026, 11, 2)
HOME = Home("home", ("14 Larkfield Close",), "Bath", "BA2 1XX", may_write=True, from_on=None, to_on=None)
ADULT = Adult("a1", "ana@post.example", "07700 900123", frozenset(), ("home",))
CHANNELS = st.frozensets(st.sampled_from(["email", "sms", "phone", "letter"]))


@given(CHANNELS, st.booleans())
def test_only_what_is_safe_is_ever_given(channels: frozenset[str], may_write: bool) -> None:
    contact = family_contact(replace(ADULT, safe_channels=channels), [replace(HOME, may_write=may_write)], today=TODAY)
    if contact is None:
        assert channels <= ({"letter"} if not may_write else set())
        return
    assert set(contact["channels"]) <= channels
    assert bool(contact["email"]) == ("email" in channels)
    assert bool(contact["mobile"]) == bool(channels & {"sms", "phone"})
    assert (contact["address"] is not None) == ("letter" in channels and may_write)


@pytest.mark.parametrize(
    "home",
    [
        replace(HOME, to_on=TODAY - timedelta(days=1)),
        replace(HOME, from_on=TODAY + timedelta(days=1)),
        replace(HOME, ref="somewhere else"),
    ],
)
def test_a_letter_goes_only_where_the_person_lives_now(home: Home) -> None:
    assert family_contact(replace(ADULT, safe_channels=frozenset({"letter"})), [home], today=TODAY) is None


def test_nobody_is_told_when_nobody_is_named() -> None:
    assert family_contact(None, [HOME], today=TODAY) is None


def test_a_number_that_a_parent_said_is_not_safe_is_not_used_for_their_own_request() -> None:
    unsafe = replace(ADULT, mobile="+44 7700 900123", safe_channels=frozenset({"email"}))
    held = replace(unsafe, mobile="07700 900123")
    assert referrer_contact("ana@post.example", "07700900123", [held]) == {"email": "ana@post.example", "phone": ""}


@pytest.mark.parametrize("given_contact", ["ana@POST.example ", "07700900123", "+44 7700 900 123", "0044 7700 900123"])
def test_a_contact_is_recognised_however_it_is_typed(given_contact: str) -> None:
    assert knows_request(given_contact, ["ana@post.example", "07700 900123"])


@pytest.mark.parametrize("given_contact", ["", "123", "0", "eve@post.example", "٠٧٧٠٠٩٠٠١٢٣"])
def test_anything_else_is_not(given_contact: str) -> None:
    assert not knows_request(given_contact, ["ana@post.example", "07700 900123", ""])


def test_steps_that_are_not_for_the_family_are_not_told() -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    steps = [
        Step(at, "received", {}),
        Step(at, "something_internal", {}),
        Step(at, "placed", {"held_on": "2026-11-12"}),
    ]
    assert [one.text for one in told(steps, is_referrer=True, reasons={})] == [
        "We received the request.",
        "The meeting will be on Thursday 12 November 2026.",
    ]


def test_the_family_is_not_told_on_the_page_that_a_request_went_to_social_care() -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    steps = [Step(at, "received", {}), Step(at, "triaged_safeguarding", {})]
    assert [one.text for one in told(steps, is_referrer=False, reasons={})] == ["We received the request."]
    assert len(told(steps, is_referrer=True, reasons={})) == 2
