"""The request document that the answers of asking for help make; `content` is as `journey.py` keeps it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.referrals.rules import safeguarding_check
from services.referrals.rules.ask_consent import answers_of_family, answers_of_people
from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.rules.journey import Content, asking, homes_of, is_family, people_who_may_agree
from services.referrals.rules.level_seen import level_of
from services.referrals.rules.missing import missing
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, OF_REQUESTS


def build_document(content: Content, *, today: date, wording: str) -> dict[str, Any]:
    """Return the request document that the answers make; whether it is whole, its schema says.

    `wording` is the version of the words about consent that the pages showed.
    """
    about, story, contact = content.get("about", {}), content.get("story", {}), content.get("contact", {})
    kind = "request" if is_family(content) else about.get("kind") or "request"
    document = {
        "kind": kind,
        "locality": about.get("locality", ""),
        "urgency": about.get("urgency") or "routine",
        "referrer": _referrer(content),
        "addresses": [_address(item) for item in content.get("addresses", [])],
        "children": [_child(item, content) for item in content.get("children", [])],
        "adults": [_adult(item, content) for item in content.get("adults", [])],
        "contact": {"adult": contact.get("adult", ""), "notes": contact.get("notes", "")},
        **{group: _of_professionals(group, content) for group in ("others", "professionals", "key_events")},
        "needs": content.get("needs", {}).get("needs", []),
        **{name: story.get(name, "") for name in ("working_well", "worried_about", "needs_to_happen")},
        **_answers(story, ("already_tried", *(question.name for question in OF_REQUESTS))),
        "safeguarding": safeguarding_check.said_in(content),
        "level_seen": None if is_family(content) else level_of(content.get("level", {}).get("seen", "")),
        "consent": _consent(content, today, wording),
    }
    return document | ({"step_down": _step_down(content)} if kind == "step_down" else {})


def part_of(content: Content, group: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a child, an adult or an address as the request document has it."""
    if group == "addresses":
        return _address(item)
    return (_child if group == "children" else _adult)(item, content)


_SOURCE_OF = {"carer": "1A", "young_person": "1C", "caller": "1A"}


def _without_ref(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "ref"}


def _referrer(content: Content) -> dict[str, Any]:
    given = dict(content.get("details", {}))
    source = _SOURCE_OF.get(asking(content)) or given.get("source", "")
    if source in FAMILY_SOURCES:
        given = {name: value for name, value in given.items() if name not in ("role", "organisation")}
    return given | {"source": source}


def _of_professionals(group: str, content: Content) -> list[dict[str, Any]]:
    # Kept through a change of who asks, so that changing back loses nothing; sent by professionals only.
    return [] if is_family(content) else [_without_ref(item) for item in content.get(group, [])]


def _answers(given: Content, names: Iterable[str]) -> dict[str, Any]:
    """Return the answers that a part of the content gives, or says why it does not; without those left empty."""
    answers = ((name, given.get(name), str(given.get(f"{name}_missing") or "")) for name in names)
    return {name: answer or missing(why) for name, answer, why in answers if answer or why}


def _several(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def _address(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ref": item["ref"],
        "lines": [line for line in (item.get("line_1", ""), item.get("line_2", "")) if line],
        "town": item.get("town", ""),
        "postcode": item.get("postcode", ""),
        "may_write": item.get("may_write"),
        "not_disclosed_to": _several(item.get("not_disclosed_to", ""), "\n"),
        "from_on": item.get("from_on"),
        "to_on": item.get("to_on"),
    }


def _person(item: Mapping[str, Any], content: Content) -> dict[str, Any]:
    return {
        "ref": item["ref"],
        "given_name": item.get("given_name", ""),
        "family_name": item.get("family_name", ""),
        "also_known_as": _several(item.get("also_known_as", ""), ","),
        "lives_at": [home["ref"] for home in homes_of(content, item["ref"])],
    }


def _child(item: Mapping[str, Any], content: Content) -> dict[str, Any]:
    columns = ("date_of_birth", "ethnicity", "disabilities", "nhs_number", "upn")
    asked = (*columns, *(question.name for question in OF_CHILDREN))
    child = {"expected_on": item.get("expected_on"), "sex": item.get("sex", "")}
    return _person(item, content) | child | _answers(item, asked) | _school(item)


def _school(item: Content) -> dict[str, Any]:
    if item.get("school_name"):
        why, attendance = item.get("attendance_percent_missing"), item.get("attendance_percent")
        return {"school": {"name": item["school_name"], "attendance_percent": missing(why) if why else attendance}}
    return {"school": missing(item["school_name_missing"])} if item.get("school_name_missing") else {}


def _adult(item: Mapping[str, Any], content: Content) -> dict[str, Any]:
    asked = ("date_of_birth", "email", "mobile", *(question.name for question in OF_ADULTS))
    names = ("relationship", "parental_responsibility", "primary_carer")
    return (
        _person(item, content)
        | {name: item.get(name, "") for name in names}
        | {"safe_channels": item.get("safe_channels", [])}
        | _answers(item, asked)
    )


def _consent(content: Content, today: date, wording: str) -> dict[str, Any]:
    names = people_who_may_agree(content)
    if not is_family(content):
        return answers_of_people(content, names, wording)
    details = content.get("details", {})
    how = "verbal" if asking(content) == "caller" else "online"
    asked_by = details.get("taken_by") or details.get("name", "")
    told = {"how": how, "on": today.isoformat(), "obtained_by": asked_by, "wording": wording}
    return answers_of_family(content, names, told)


def _step_down(content: Content) -> dict[str, Any]:
    given = content.get("step_down", {})
    papers: Sequence[Mapping[str, Any]] = content.get("papers", [])
    return {
        "from_plan": given.get("from_plan", ""),
        "decided_on": given.get("decided_on"),
        "closure_reason": given.get("closure_reason", ""),
        "lead_practitioner_named": given.get("lead_practitioner_named", ""),
        "outstanding_actions": _several(given.get("outstanding_actions", ""), "\n"),
        "papers": [_without_ref(paper) for paper in papers],
    }
