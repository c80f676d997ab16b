"""The contacts of a request as JSON: only what is safe to use."""

from datetime import date
from typing import Any

from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.rules.safe_contact import Adult, Home, digits, family_contact, referrer_contact
from services.referrals.tables import AddressRow, AdultRow, RequestRow


def contacts_of(request: RequestRow, today: date, *, is_held: bool) -> dict[str, Any]:
    """Return the referrer, and the family or None when nobody of it may be contacted directly.

    While a request is with social care nobody of the family is told: they might be the danger. `is_held`: something was said about
    how it can be reached safely that nobody has read yet, so whatever goes to it waits.
    """
    adults = [_adult(row) for row in request.adults]
    contact = next((adult for adult in adults if adult.ref == request.contact_adult_ref), None)
    homes = [home_of(row) for row in request.addresses]
    is_safeguarding = request.stage == "safeguarding"
    person_id = str(request.referrer_person_id) if request.referrer_person_id else None
    return {
        "reference": request.reference,
        "locality": request.locality,
        "is_held": is_held,
        "referrer": referrer_contact(request.referrer_email, request.referrer_phone, adults)
        | {
            "person_id": person_id,
            "is_left_out": leaves_out_referrer(request),
            "is_family": request.source in FAMILY_SOURCES or gives_family_contact(request, adults),
        },
        "family": None if is_safeguarding else family_contact(contact, homes, today=today),
    }


def gives_family_contact(request: RequestRow, adults: list[Adult]) -> bool:
    """Say whether the referrer's address or number is that of an adult of the family."""
    numbers = {digits(adult.mobile) for adult in adults if adult.mobile}
    addresses = {adult.email.casefold() for adult in adults if adult.email}
    return request.referrer_email.casefold() in addresses or digits(request.referrer_phone) in numbers


def _adult(row: AdultRow) -> Adult:
    return Adult(row.ref, row.email, row.mobile, frozenset(row.safe_channels), tuple(row.lives_at))


def home_of(row: AddressRow) -> Home:
    """Return an address as the rules about safe contact take it."""
    return Home(
        row.ref,
        tuple(row.lines),
        row.town,
        row.postcode,
        row.may_write,
        row.from_on,
        row.to_on,
        tuple(row.not_disclosed_to),
    )
