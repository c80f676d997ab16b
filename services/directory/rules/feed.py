"""Open Referral UK (HSDS 3): a service as a feed has it, read into what the directory keeps, and written out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.directory.rules.storable import check_storable
from shared.errors import Invalid

NEEDS_TAXONOMY = "Supporting Families headline outcomes"
OPEN, CLOSED = "active", "temporarily closed"
_STATUSES = (OPEN, "inactive", "defunct", CLOSED)


@dataclass(frozen=True)
class FeedAgency:
    """An organization of the feed; `source` is the object as it came."""

    id: UUID
    name: str
    description: str
    email: str
    phone: str
    url: str
    source: dict[str, Any]


@dataclass(frozen=True)
class FeedService:
    """A service of the feed with its organization; `source` is the object as it came."""

    id: UUID
    agency: FeedAgency
    name: str
    description: str
    needs: tuple[str, ...]
    status: str
    minimum_age: int | None
    maximum_age: int | None
    eligibility: str
    email: str
    phone: str
    checked_on: date | None
    source: dict[str, Any]


def _text(longest: int, **options: Any) -> fields.String:
    problem = f"Give text of at most {longest:,} characters"
    checks = [validate.Length(max=longest, error=problem)]
    return fields.String(load_default=None, allow_none=True, validate=checks, **options)


def _name() -> fields.String:
    missing: dict[str, Any] = {"required": "Give a name", "null": "Give a name", "invalid": "The name must be text"}
    checks = validate.Length(min=1, max=300, error="Give a name of 1 to 300 characters")
    return fields.String(required=True, validate=checks, error_messages=missing)


def _id() -> fields.UUID:
    message = "Give an id that is a UUID"
    return fields.UUID(required=True, error_messages={"required": message, "null": message, "invalid_uuid": message})


def _age() -> fields.Integer:
    checks = validate.Range(min=0, max=150, error="Give an age from 0 to 150")
    return fields.Integer(load_default=None, allow_none=True, validate=checks)


class _Organization(Schema):
    class Meta:
        unknown = EXCLUDE

    id = _id()
    name = _name()
    description = _text(20_000)
    email = _text(300)
    url = _text(2_000)


class _Service(Schema):
    class Meta:
        unknown = EXCLUDE

    id = _id()
    organization = fields.Nested(
        _Organization, required=True, error_messages={"required": "Say which organization offers the service"}
    )
    name = _name()
    description = _text(20_000)
    status = fields.String(
        load_default=OPEN, validate=validate.OneOf(_STATUSES, error=f"Give one of: {', '.join(_STATUSES)}")
    )
    minimum_age = _age()
    maximum_age = _age()
    eligibility_description = _text(20_000)
    email = _text(300)
    assured_date = fields.Date(
        load_default=None, allow_none=True, error_messages={"invalid": "Give a date, as 2026-06-01"}
    )


def read_service(record: Any, known_needs: Mapping[str, str]) -> FeedService:
    """Return a service of the feed; raises Invalid with every problem at its place in the record."""
    if not isinstance(record, Mapping):
        raise Invalid("Give a service object.", {"_schema": ["Give a service object"]})
    check_storable(record)
    try:
        values: dict[str, Any] = _Service().load(record)
    except ValidationError as error:
        raise Invalid("The service cannot be read.", error.messages_dict) from None
    return FeedService(
        id=values["id"],
        agency=_agency(values["organization"], record["organization"]),
        name=values["name"].strip(),
        description=values["description"] or "",
        needs=_needs(record, known_needs),
        status=values["status"],
        minimum_age=values["minimum_age"],
        maximum_age=values["maximum_age"],
        eligibility=values["eligibility_description"] or "",
        email=values["email"] or "",
        phone=_phone(record),
        checked_on=values["assured_date"],
        source=dict(record),
    )


def as_hsds(source: Mapping[str, Any], *, is_open: bool) -> dict[str, Any]:
    """Return the service's object for our own feed: as it came, with whether it takes new families now."""
    status = source.get("status", OPEN)
    if is_open:
        return {**source, "status": OPEN}
    return {**source, "status": CLOSED if status == OPEN else status}


def stays_open(*, is_open: bool, status_before: str, status_now: str) -> bool:
    """Say whether a service is open after an import.

    The feed decides when its own status changed; else what somebody here set last stands.
    """
    return status_now == OPEN if status_before != status_now else is_open


def _agency(values: Mapping[str, Any], record: Mapping[str, Any]) -> FeedAgency:
    return FeedAgency(
        id=values["id"],
        name=values["name"].strip(),
        description=values["description"] or "",
        email=values["email"] or "",
        phone=_phone(record),
        url=values["url"] or "",
        source=dict(record),
    )


def _needs(record: Mapping[str, Any], known: Mapping[str, str]) -> tuple[str, ...]:
    found = {
        str(term.get("code"))
        for term in (attribute.get("taxonomy_term") for attribute in _objects(record, "attributes"))
        if isinstance(term, Mapping) and term.get("taxonomy_detail") == NEEDS_TAXONOMY
    }
    return tuple(code for code in known if code in found)


def _phone(record: Mapping[str, Any]) -> str:
    """Return the first telephone number of the record, or of its contacts; empty when there is none."""
    places = [record, *_objects(record, "contacts")]
    numbers = [phone.get("number") for place in places for phone in _objects(place, "phones")]
    return next((number.strip() for number in numbers if isinstance(number, str)), "")


def _objects(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items = record.get(name)
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
