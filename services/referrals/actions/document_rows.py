"""From a checked request document to the rows that keep it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.referrals.actions.consent_rows import consent_row
from services.referrals.rules.consent_choices import KINDS
from services.referrals.rules.missing import all_missing, answered_ethnicity, national_ethnicity, present
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, OF_REQUESTS, Question, answers_of
from services.referrals.rules.register.fingerprints import Home, Marks, fingerprints_of, home_of
from services.referrals.tables import (
    AddressRow,
    AdultRow,
    ChildRow,
    ProfessionalRow,
    RequestRow,
    StepDownPaperRow,
    StepDownRow,
)

Document = Mapping[str, Any]
Homes = Mapping[str, Home]


def rows_of(document: Document, *, recorded_by: str, now: datetime) -> RequestRow:
    """Return the request with its people, addresses, consents and papers, still without reference and family."""
    referrer = document["referrer"]
    homes = {home["ref"]: home_of(home["lines"], home["postcode"], home["to_on"]) for home in document["addresses"]}
    return RequestRow(
        kind=document["kind"],
        locality=document["locality"],
        urgency=document["urgency"],
        source=referrer["source"],
        referrer_name=referrer["name"],
        referrer_role=referrer["role"],
        referrer_organisation=referrer["organisation"],
        referrer_email=referrer["email"],
        referrer_phone=referrer["phone"],
        taken_by=referrer["taken_by"],
        contact_adult_ref=document["contact"]["adult"],
        contact_notes=document["contact"]["notes"],
        needs=document["needs"],
        working_well=document["working_well"],
        worried_about=document["worried_about"],
        needs_to_happen=document["needs_to_happen"],
        already_tried=present(document["already_tried"], ""),
        others=document["others"],
        key_events=document["key_events"],
        **_answered(OF_REQUESTS, document),
        **_level_seen(document["level_seen"]),
        children=[_child(number, child, homes) for number, child in enumerate(document["children"])],
        adults=[_adult(number, adult, homes) for number, adult in enumerate(document["adults"])],
        addresses=[AddressRow(position=number, **address) for number, address in enumerate(document["addresses"])],
        professionals=[
            ProfessionalRow(position=number, **professional)
            for number, professional in enumerate(document["professionals"])
        ],
        consents=[
            consent_row(kind, answer, recorded_by=recorded_by, now=now)
            for kind in KINDS
            for answer in document["consent"][kind]
        ],
        step_down=_step_down(document["step_down"]) if document["step_down"] else None,
    )


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


def _person(number: int, person: Document, homes: Homes) -> dict[str, Any]:
    return {
        "ref": person["ref"],
        "position": number,
        "given_name": person["given_name"],
        "family_name": person["family_name"],
        "also_known_as": person["also_known_as"],
        "date_of_birth": present(person["date_of_birth"], None),
        "lives_at": person["lives_at"],
        "fingerprints": fingerprints_of(marks_of(person, homes)),
    }


def _child(number: int, child: Document, homes: Homes) -> ChildRow:
    school = present(child["school"], None) or {"name": "", "attendance_percent": None}
    return ChildRow(
        **_person(number, child, homes),
        **_answered(OF_CHILDREN, {**child, "ethnicity": answered_ethnicity(child["ethnicity"])}),
        expected_on=child["expected_on"],
        sex=child["sex"],
        ethnicity=national_ethnicity(child["ethnicity"]),
        disabilities=present(child["disabilities"], []),
        nhs_number=present(child["nhs_number"], ""),
        upn=present(child["upn"], ""),
        school_name=school["name"],
        attendance_percent=school["attendance_percent"],
    )


def _adult(number: int, adult: Document, homes: Homes) -> AdultRow:
    return AdultRow(
        **_person(number, adult, homes),
        **_answered(OF_ADULTS, adult),
        relationship_=adult["relationship"],
        parental_responsibility=adult["parental_responsibility"],
        primary_carer=adult["primary_carer"],
        email=present(adult["email"], ""),
        mobile=present(adult["mobile"], ""),
        safe_channels=adult["safe_channels"],
    )


def _step_down(step_down: Document) -> StepDownRow:
    return StepDownRow(
        from_plan=step_down["from_plan"],
        decided_on=step_down["decided_on"],
        closure_reason=step_down["closure_reason"],
        lead_practitioner_named=step_down["lead_practitioner_named"],
        outstanding_actions=step_down["outstanding_actions"],
        papers=[StepDownPaperRow(position=number, **paper) for number, paper in enumerate(step_down["papers"])],
    )
