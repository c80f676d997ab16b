"""What a correction of the record changes, in words: what was there, and what is there now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from services.referrals.rules import choices
from services.referrals.rules.missing import WHY
from services.referrals.rules.questions import COLUMNS_OF_ADULTS, COLUMNS_OF_CHILDREN, Question, in_words

Columns = Mapping[str, Any]

GROUPS = {"children": "children", "adults": "adults", "addresses": "addresses"}
"""What of the record can be corrected, each with what the amendment that says so is about."""

_OF_CONTACT = frozenset({"email", "mobile", "safe_channels"})
_LABELS = {
    "given_name": "First name",
    "family_name": "Last name",
    "also_known_as": "Also known as",
    "date_of_birth": "Date of birth",
    "expected_on": "Expected",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "disabilities": "Disability",
    "school_name": "School",
    "attendance_percent": "Attendance",
    "nhs_number": "NHS number",
    "upn": "UPN",
    "relationship": "Relationship",
    "parental_responsibility": "Parental responsibility",
    "primary_carer": "Main carer",
    "mobile": "Mobile number",
    "email": "E-mail address",
    "safe_channels": "Safe ways to make contact",
    "lines": "Address",
    "town": "Town",
    "postcode": "Postcode",
    "may_write": "Safe to write to",
    "not_disclosed_to": "Must not be learnt by",
    "from_on": "From",
    "to_on": "Until",
    "residents": "Who lives here",
}
_CODES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "sex": lambda: choices.SEXES,
    "ethnicity": choices.ethnicities,
    "disabilities": choices.disabilities,
    "relationship": lambda: choices.RELATIONSHIPS,
    "parental_responsibility": lambda: choices.PARENTAL_RESPONSIBILITIES,
    "safe_channels": lambda: choices.CHANNELS,
}
_MISSING_UNDER = {"school_name": "school", "attendance_percent": "attendance_percent"}
_NOTHING = "nothing"


def about_of(group: str, was: Columns, now: Columns) -> str:
    """Return what a correction is about: how somebody is reached is for the front door alone."""
    if any(_value(name, was.get(name), {}) != _value(name, now.get(name), {}) for name in _OF_CONTACT):
        return "contact"
    return GROUPS[group]


def in_lines(columns: Columns, questions: Sequence[Question]) -> dict[str, str]:
    """Return what a part of the record says, by label, as a person reads it."""
    missing = columns.get("missing") or {}
    named = {label: _value(name, columns[name], missing) for name, label in _LABELS.items() if name in columns}
    answers = columns.get("answers") or {}
    return named | {question.label: in_words(question, answers, missing) for question in questions}


def changed(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, str]:
    """Return the lines that differ, as they were and as they are."""
    labels = [label for label in now if was.get(label, "") != now[label]]
    return (
        "\n".join(f"{label}: {was.get(label) or _NOTHING}" for label in labels),
        "\n".join(f"{label}: {now[label] or _NOTHING}" for label in labels),
    )


def _value(name: str, value: Any, missing: Mapping[str, str]) -> str:
    why = missing.get(_MISSING_UNDER.get(name, name), "")
    if why and name in (*COLUMNS_OF_CHILDREN, *COLUMNS_OF_ADULTS, *_MISSING_UNDER):
        return WHY[why]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    codes = _CODES[name]() if name in _CODES else {}
    if isinstance(value, (list, tuple)):
        return ", ".join([label for code, label in codes.items() if code in value] if codes else map(str, value))
    return codes.get(value, "" if value is None else str(value))
