"""Which address may be used now, from what its owner says at the moment of sending.

A family is written to only by a channel that it called safe. A referrer who is the family itself (a parent
who asked for help) is written to as the family, never by another way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import phonenumbers

from services.notifications.rules.templates import Template

NO_SAFE_WAY = "nobody in the family may be contacted"
ONLY_BY_A_PERSON = "neither e-mail nor texts are safe or possible: tell them in a way that they called safe"
NO_ADDRESS = "no e-mail address and no mobile number is known: ring them"
TOLD_AS_FAMILY = "the referrer is the family, and is told as the family"
NOT_TO_FAMILY = "the referrer is the family: this message never goes to a family"
LEFT_OUT = "the family does not want this organisation to know"
NO_LONGER_HERE = "this person no longer works with us"
LINK_ENDED = "the link has ended, or another one was made"
NOT_READ_YET = "something new about how to reach the family safely has not been read yet"
AGENCY_HAS_NOBODY = "the agency has no manager and no e-mail address: ring them"

_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True)
class Address:
    """Where a message may go: `channel` is email or sms."""

    channel: str
    to: str


@dataclass(frozen=True)
class Nobody:
    """No message goes out, and why; `needs_person`: somebody has to tell them instead, or to put something right.

    Nobody is asked to act where a family is not to be reached at all. It wished that nobody contacts it, or social
    care has taken over and it may be the danger; whoever is told "a message failed, ring them" would do the harm
    that the silence avoids. The request's own page says that nobody in the family may be contacted, and the list of
    messages shows this one as not sent. Nor does anybody act where the same person is told by another message.
    """

    reason: str
    needs_person: bool = True


@dataclass(frozen=True)
class Held:
    """No message goes out yet, and why: it is tried again later."""

    reason: str


@dataclass(frozen=True)
class Managers:
    """Everybody in an agency who is to be told."""

    person_ids: tuple[UUID, ...]


def referrer_address(contacts: Mapping[str, Any], template: Template) -> Address | Nobody | Held:
    """Return where a message to the referrer of a request goes."""
    referrer = contacts["referrer"]
    if referrer.get("is_left_out"):
        return Nobody(LEFT_OUT, needs_person=False)
    if not _is_the_family(referrer, contacts["family"]):
        return _first_address(referrer.get("email"), referrer.get("phone")) or Nobody(NO_ADDRESS)
    if template.never_to_family:
        return Nobody(NOT_TO_FAMILY, needs_person=False)
    if template.family_has_its_own:
        return Nobody(TOLD_AS_FAMILY, needs_person=False)
    return family_address(contacts)


def family_address(contacts: Mapping[str, Any]) -> Address | Nobody | Held:
    """Return where a message to the family goes: the first channel with an address, as the front door orders them.

    Everything waits while something that was said about safe contact is unread: what we hold may have become unsafe.
    """
    if contacts.get("is_held"):
        return Held(NOT_READ_YET)
    family = contacts["family"]
    if not family or not family["channels"]:
        return Nobody(NO_SAFE_WAY, needs_person=False)
    for channel in family["channels"]:
        if channel == "email" and family.get("email"):
            return Address("email", family["email"])
        if channel == "sms" and (number := mobile_number(family.get("mobile"))):
            return Address("sms", number)
    return Nobody(ONLY_BY_A_PERSON)


def person_address(person: Mapping[str, Any], template: Template) -> Address | Nobody:
    """Return where a message to somebody who signs in goes; they sign in with their e-mail address."""
    if not person["is_active"]:
        return Nobody(NO_LONGER_HERE, needs_person=not template.ends_a_part)
    return Address("email", person["email"])


def agency_recipients(agency: Mapping[str, Any]) -> Managers | Address | Nobody:
    """Return an agency's managers, or its own address when it has none."""
    managers: Sequence[Mapping[str, Any]] = [one for one in agency["managers"] if one["is_active"]]
    if managers:
        return Managers(tuple(UUID(one["person_id"]) for one in managers))
    return Address("email", agency["email"]) if agency.get("email") else Nobody(AGENCY_HAS_NOBODY)


def draft_address(link: Mapping[str, Any]) -> Address | Nobody:
    """Return where the link to a draft goes; one that has ended goes nowhere."""
    return Address("email", link["email"]) if link["email"] else Nobody(LINK_ENDED, needs_person=False)


def mobile_number(text: str | None) -> str | None:
    """Return a number that takes texts, as +447700900123, or None."""
    try:
        number = phonenumbers.parse(text or "", "GB")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    # The library knows no type for the numbers that Ofcom keeps for drama, so 07 is asked for itself.
    national = str(number.national_number)
    is_mobile = national.startswith("7") if number.country_code == 44 else phonenumbers.number_type(number) in _MOBILE
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_mobile else None


def _first_address(email: str | None, phone: str | None) -> Address | None:
    if email:
        return Address("email", email)
    number = mobile_number(phone)
    return Address("sms", number) if number else None


def _is_the_family(referrer: Mapping[str, Any], family: Mapping[str, Any] | None) -> bool:
    if referrer.get("is_family"):
        return True
    if family is None:
        return False
    same_email = _folded(referrer.get("email")) and _folded(referrer.get("email")) == _folded(family.get("email"))
    mobile = mobile_number(referrer.get("phone"))
    return bool(same_email or (mobile and mobile == mobile_number(family.get("mobile"))))


def _folded(email: str | None) -> str:
    return (email or "").strip().casefold()
