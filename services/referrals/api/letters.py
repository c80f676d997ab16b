"""To whom a panel's letter about a request may go, as JSON: names and addresses of safe homes, and nothing else."""

from datetime import date
from typing import Any

from services.referrals.api.contacts import home_of
from services.referrals.rules.letters import Addressee, letters_to
from services.referrals.rules.names import whole_name
from services.referrals.tables import AdultRow, RequestRow


def letters_of(request: RequestRow, today: date, *, is_held: bool) -> dict[str, Any]:
    """Return the homes that may be written to, none while the request is with social care: they might be the danger.

    `is_held`: something was said about safe contact that nobody has read yet, so every letter waits.
    """
    with_social_care = request.stage == "safeguarding"
    adults = {row.ref: row for row in request.adults}
    homes = {row.ref: row for row in request.addresses}
    asked = [_addressee(row, request.contact_adult_ref) for row in request.adults]
    found = [] if with_social_care else letters_to(asked, [home_of(row) for row in homes.values()], today=today)
    return {
        "reference": request.reference,
        "locality": request.locality,
        "is_held": is_held,
        "with_social_care": with_social_care,
        "homes": [
            {
                "home_ref": one.home_ref,
                "adults": [
                    {"ref": ref, "name": whole_name(adults[ref].given_name, adults[ref].family_name)}
                    for ref in one.adult_refs
                ],
                "lines": list(homes[one.home_ref].lines),
                "town": homes[one.home_ref].town,
                "postcode": homes[one.home_ref].postcode,
                "because": list(one.because),
                "not_disclosed_to": list(homes[one.home_ref].not_disclosed_to),
                "other_refs": list(one.other_refs),
            }
            for one in found
        ],
    }


def _addressee(row: AdultRow, contact_ref: str | None) -> Addressee:
    is_told = row.parental_responsibility == "yes" or row.primary_carer or row.ref == contact_ref
    return Addressee(row.ref, is_told, "letter" in row.safe_channels, tuple(row.lives_at))
