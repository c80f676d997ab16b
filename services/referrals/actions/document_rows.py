"""From a checked request document to the rows that keep it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.referrals.actions.consent_rows import consent_columns
from services.referrals.rules.consent_choices import KINDS
from services.referrals.rules.missing import all_missing, answered_ethnicity, national_ethnicity, present
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, OF_REQUESTS, Question, answers_of
from services.referrals.rules.register.fingerprints import Home, Marks, fingerprints_of, home_of
from services.referrals.rules.safeguarding_check import check_of
from services.referrals.tables import (
    AddressRow,
    AdultRow,
    Base,
    ChildRow,
    ConsentRow,
    ProfessionalRow,
    RequestRow,
    SafeguardingCheckRow,
    StepDownPaperRow,
    StepDownRow,
)
from shared.rows import add_row, insert_into

Document = Mapping[str, Any]
Homes = Mapping[str, Home]


def write_rows(session: Session, document: Document, arrived: Mapping[str, Any], *, recorded_by: str) -> None:
    """Have the request written with its people, addresses, consents and papers.

    `arrived` holds the columns of the request that its document does not.
    """
    add_row(session, insert_into(RequestRow), {**_request(document), **arrived})
    for table, row in rows_of(document, recorded_by=recorded_by, now=arrived["received_at"]):
        add_row(session, insert_into(table), row | {"request_id": arrived["id"]})


def rows_of(document: Document, *, recorded_by: str, now: datetime) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Yield what belongs to a request, as columns of its tables: people, addresses, consents and papers."""
    homes = {home["ref"]: home_of(home["lines"], home["postcode"], home["to_on"]) for home in document["addresses"]}
    for number, child in enumerate(document["children"]):
        yield ChildRow, child_columns(child) | _found_by(number, child, homes)
    for number, adult in enumerate(document["adults"]):
        yield AdultRow, adult_columns(adult) | _found_by(number, adult, homes)
    for table, group in ((AddressRow, "addresses"), (ProfessionalRow, "professionals")):
        for number, row in enumerate(document[group]):
            yield table, {"position": number, **row}
    for kind in KINDS:
        for answer in document["consent"][kind]:
            yield ConsentRow, consent_columns(kind, answer, recorded_by=recorded_by, now=now)
    yield from _step_down(document["step_down"] or {})
    if check := check_of(document):
        yield SafeguardingCheckRow, check


def _step_down(step_down: Document) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    if not step_down:
        return
    yield StepDownRow, {name: value for name, value in step_down.items() if name != "papers"}
    for number, paper in enumerate(step_down["papers"]):
        yield StepDownPaperRow, {"position": number, **paper}


def _request(document: Document) -> dict[str, Any]:
    referrer = document["referrer"]
    return {
        "kind": document["kind"],
        "locality": document["locality"],
        "urgency": document["urgency"],
        "source": referrer["source"],
        "referrer_name": referrer["name"],
        "referrer_role": referrer["role"],
        "referrer_organisation": referrer["organisation"],
        "referrer_email": referrer["email"],
        "referrer_phone": referrer["phone"],
        "taken_by": referrer["taken_by"],
        "contact_adult_ref": document["contact"]["adult"],
        "contact_notes": document["contact"]["notes"],
        "needs": document["needs"],
        "working_well": document["working_well"],
        "worried_about": document["worried_about"],
        "needs_to_happen": document["needs_to_happen"],
        "already_tried": present(document["already_tried"], ""),
        "others": document["others"],
        "key_events": document["key_events"],
        **_answered(OF_REQUESTS, document),
        **_level_seen(document["level_seen"]),
    }


def _level_seen(seen: Document | None) -> dict[str, Any]:
    given = seen or {"scheme": "", "version": "", "number": None}
    return {f"level_seen_{name}": given[name] for name in ("scheme", "version", "number")}


def marks_of(person: Document, homes: Homes) -> Marks:
    """Return by what a child or an adult of a document is recognised."""
    return Marks(
        given_name=person["given_name"],
        family_name=person["family_name"],
        also_known_as=tuple(person["also_known_as"]),
        date_of_birth=present(person["date_of_birth"], None),
        expected_on=person.get("expected_on"),
        nhs_number=present(person.get("nhs_number", ""), ""),
        upn=present(person.get("upn", ""), ""),
        homes=tuple(homes[ref] for ref in person["lives_at"]),
    )


def _answered(questions: Sequence[Question], part: Document) -> dict[str, Any]:
    return {"answers": answers_of(questions, part), "missing": all_missing(part)}


def _found_by(number: int, person: Document, homes: Homes) -> dict[str, Any]:
    return {"position": number, "fingerprints": fingerprints_of(marks_of(person, homes))}


def _person(person: Document) -> dict[str, Any]:
    return {
        "ref": person["ref"],
        "given_name": person["given_name"],
        "family_name": person["family_name"],
        "also_known_as": person["also_known_as"],
        "date_of_birth": present(person["date_of_birth"], None),
        "lives_at": person["lives_at"],
    }


def child_columns(child: Document) -> dict[str, Any]:
    """Return what a document says of a child, as columns of its table."""
    school = present(child["school"], None) or {"name": "", "attendance_percent": None}
    ethnicity, attendance = answered_ethnicity(child["ethnicity"]), school["attendance_percent"]
    return {
        **_person(child),
        **_answered(OF_CHILDREN, {**child, "ethnicity": ethnicity, "attendance_percent": attendance}),
        "expected_on": child["expected_on"],
        "sex": child["sex"],
        "ethnicity": national_ethnicity(child["ethnicity"]),
        "disabilities": present(child["disabilities"], []),
        "nhs_number": present(child["nhs_number"], ""),
        "upn": present(child["upn"], ""),
        "school_name": school["name"],
        "attendance_percent": present(attendance, None),
    }


def adult_columns(adult: Document) -> dict[str, Any]:
    """Return what a document says of an adult, as columns of its table."""
    return {
        **_person(adult),
        **_answered(OF_ADULTS, adult),
        "relationship": adult["relationship"],
        "parental_responsibility": adult["parental_responsibility"],
        "primary_carer": adult["primary_carer"],
        "email": present(adult["email"], ""),
        "mobile": present(adult["mobile"], ""),
        "safe_channels": adult["safe_channels"],
    }
