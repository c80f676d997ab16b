"""What is on record of a family, as the forms of asking show it."""

from collections.abc import Mapping
from typing import Any

from services.referrals.pages.draft import as_kept
from services.referrals.tables import AddressRow, AdultRow, ChildRow, RequestRow

Item = dict[str, Any]

_OF_CHILDREN = ("expected_on", "sex", "ethnicity", "disabilities", "nhs_number", "upn", "attendance_percent")
_OF_ADULTS = ("parental_responsibility", "primary_carer", "email", "mobile", "safe_channels")
_OF_ADDRESSES = ("town", "postcode", "may_write", "from_on", "to_on")


def content_on_record(request: RequestRow) -> dict[str, list[Item]]:
    """Return the children, adults and addresses of a request, as a draft that a professional began holds them."""
    return {
        "children": [_child(row) for row in request.children],
        "adults": [_adult(row) for row in request.adults],
        "addresses": [
            _address(row, [one.ref for one in request.people if row.ref in one.lives_at]) for row in request.addresses
        ],
    }


def _person(row: ChildRow | AdultRow) -> Item:
    return {
        "ref": row.ref,
        "given_name": row.given_name,
        "family_name": row.family_name,
        "also_known_as": ", ".join(row.also_known_as),
        "date_of_birth": row.date_of_birth,
        **row.answers,
        **_whys(row.missing),
    }


def _child(row: ChildRow) -> Item:
    # What the national code says of an ethnic group that is missing is asked as why it is.
    own = {name: getattr(row, name) for name in _OF_CHILDREN if name not in row.missing}
    return as_kept(_person(row) | own | {"school_name": row.school_name})


def _adult(row: AdultRow) -> Item:
    own = {name: getattr(row, name) for name in _OF_ADULTS}
    return as_kept(_person(row) | own | {"relationship": row.relationship_})


def _address(row: AddressRow, residents: list[str]) -> Item:
    first, *others = row.lines
    own = {name: getattr(row, name) for name in _OF_ADDRESSES}
    return as_kept(own) | {
        "ref": row.ref,
        "line_1": first,
        "line_2": ", ".join(others),
        "not_disclosed_to": "\n".join(row.not_disclosed_to),
        "residents": residents,
    }


def _whys(missing: Mapping[str, str]) -> Item:
    return {f"{'school_name' if name == 'school' else name}_missing": why for name, why in missing.items()}
