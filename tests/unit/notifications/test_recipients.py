"""Whom a message may go to, and that a family is never reached by a way that it did not call safe."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.rules.recipients import (
    AGENCY_HAS_NOBODY,
    LEFT_OUT,
    NO_ADDRESS,
    NO_LONGER_HERE,
    NO_SAFE_WAY,
    NOT_TO_FAMILY,
    ONLY_BY_A_PERSON,
    TOLD_AS_FAMILY,
    Address,
    Managers,
    Nobody,
    agency_recipients,
    family_address,
    mobile_number,
    person_address,
    referrer_address,
)
from services.notifications.rules.templates import TEMPLATES, Template

PLAIN = Template("Anything")
CHANNELS = st.sampled_from(["email", "sms", "letter", "phone"])


def contacts(family: dict[str, Any] | None = None, **referrer: Any) -> dict[str, Any]:
    given_ = {"email": "school@example.org", "phone": "01225 000000", "person_id": None} | referrer
    return {"reference": "EH7K-3QWQ", "referrer": given_, "family": family}


def a_family(**given_: Any) -> dict[str, Any]:
    usual = {"email": "a@home.example", "mobile": "07700 900123", "channels": ["sms"], "name_is_safe": False}
    return usual | given_


def test_a_referrer_with_an_email_address_gets_an_email() -> None:
    assert referrer_address(contacts(), PLAIN) == Address("email", "school@example.org")


def test_a_referrer_whom_the_family_leaves_out_is_told_nothing_and_nobody_rings_them() -> None:
    assert referrer_address(contacts(is_left_out=True), PLAIN) == Nobody(LEFT_OUT, needs_person=False)


def test_a_referrer_with_only_a_mobile_number_gets_a_text() -> None:
    found = referrer_address(contacts(email=None, phone="07700 900456"), PLAIN)
    assert found == Address("sms", "+447700900456")


def test_a_referrer_with_only_a_landline_is_to_be_rung() -> None:
    assert referrer_address(contacts(email="", phone="01225 396111"), PLAIN) == Nobody(NO_ADDRESS)


def test_a_family_is_written_to_by_the_first_safe_channel_that_the_front_door_names() -> None:
    assert family_address(contacts(a_family(channels=["sms", "email"]))) == Address("sms", "+447700900123")
    assert family_address(contacts(a_family(channels=["email", "sms"]))) == Address("email", "a@home.example")


def test_a_family_that_nobody_may_contact_gets_nothing() -> None:
    assert family_address(contacts(None)) == Nobody(NO_SAFE_WAY, needs_person=False)
    assert family_address(contacts(a_family(channels=[]))) == Nobody(NO_SAFE_WAY, needs_person=False)


def test_a_family_reached_only_by_letter_or_telephone_is_to_be_told_by_a_person() -> None:
    assert family_address(contacts(a_family(channels=["letter", "phone"]))) == Nobody(ONLY_BY_A_PERSON)


def test_a_family_whose_safe_number_takes_no_texts_is_to_be_told_by_a_person() -> None:
    assert family_address(contacts(a_family(mobile="01225 000000"))) == Nobody(ONLY_BY_A_PERSON)


@given(st.lists(CHANNELS, unique=True), st.booleans(), st.booleans())
def test_a_family_never_gets_a_message_by_a_channel_that_it_did_not_name(
    channels: list[str], has_email: bool, has_mobile: bool
) -> None:
    family = a_family(channels=channels)
    if not has_email:
        family["email"] = None
    if not has_mobile:
        family["mobile"] = ""
    found = family_address(contacts(family))
    if isinstance(found, Address):
        assert found.channel in channels
        assert found.to in ("a@home.example", "+447700900123")


@given(st.sampled_from(sorted(TEMPLATES)), st.lists(CHANNELS, unique=True))
def test_a_parent_who_asked_for_help_is_only_written_to_in_the_safe_way(template: str, channels: list[str]) -> None:
    family = a_family(channels=channels)
    told = contacts(family, email="A@Home.example", phone=None)
    found = referrer_address(told, TEMPLATES[template])
    if isinstance(found, Address):
        assert found.channel in channels


def test_a_parent_who_asked_for_help_is_told_once_as_the_family() -> None:
    told = contacts(a_family(), email=None, phone="+44 7700 900 123")
    assert referrer_address(told, TEMPLATES["request_received"]) == Nobody(TOLD_AS_FAMILY, needs_person=False)


@pytest.mark.parametrize("template", ["safeguarding_raised", "plan_closed_to_referrer_alone"])
def test_what_could_warn_a_family_never_goes_to_it_even_as_the_referrer_and_nobody_is_asked_to_ring(
    template: str,
) -> None:
    told = contacts(a_family(channels=["email", "sms"]), email="a@home.example")
    assert referrer_address(told, TEMPLATES[template]) == Nobody(NOT_TO_FAMILY, needs_person=False)


def test_a_referrer_marked_as_the_family_with_no_safe_way_gets_nothing() -> None:
    told = contacts(None, email="a@home.example", is_family=True)
    assert referrer_address(told, TEMPLATES["more_information_asked"]) == Nobody(NO_SAFE_WAY, needs_person=False)


def a_person(**given_: Any) -> dict[str, Any]:
    return {"person_id": str(uuid4()), "email": "ana@agency.example", "is_active": True} | given_


def test_somebody_who_has_left_gets_nothing_and_somebody_must_know() -> None:
    assert person_address(a_person(is_active=False), TEMPLATES["review_due"]) == Nobody(NO_LONGER_HERE)
    assert person_address(a_person(), TEMPLATES["review_due"]) == Address("email", "ana@agency.example")


def test_that_a_part_is_over_need_not_be_told_to_somebody_who_has_left() -> None:
    for template in ("lead_practitioner_changed_to_earlier", "plan_closed_to_practitioner"):
        found = person_address(a_person(is_active=False), TEMPLATES[template])
        assert found == Nobody(NO_LONGER_HERE, needs_person=False)


def test_every_active_manager_of_an_agency_is_told() -> None:
    first, second = a_person(), a_person()
    agency = {"email": "office@agency.example", "managers": [first, a_person(is_active=False), second]}
    assert agency_recipients(agency) == Managers((UUID(first["person_id"]), UUID(second["person_id"])))


def test_an_agency_without_a_manager_is_told_at_its_own_address() -> None:
    assert agency_recipients({"email": "o@a.example", "managers": []}) == Address("email", "o@a.example")
    assert agency_recipients({"email": "", "managers": []}) == Nobody(AGENCY_HAS_NOBODY)


def test_a_mobile_number_is_known_by_its_07() -> None:
    assert mobile_number("07700 900982") == "+447700900982"
    assert mobile_number("+44 7700 900982") == "+447700900982"
    assert mobile_number("01225 396111") is None
    assert mobile_number("12") is None
    assert mobile_number("no number") is None
    assert mobile_number(None) is None
