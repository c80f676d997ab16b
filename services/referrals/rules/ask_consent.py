"""Consent in the pages of asking: who is asked, and the answers as the request document holds them.

A family answers once for everybody whom it names (`consent`), a professional for each person (`consents`, by ref).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.referrals.rules.consent_choices import KINDS
from services.referrals.rules.consent_people import Someone, people_to_ask
from shared.authority import ConsentRules

Content = Mapping[str, Any]
_TOLD = ("how", "on", "at_time", "place", "obtained_by", "note")


def people_asked(content: Content, names: Mapping[str, str], rules: ConsentRules, today: date) -> dict[str, str]:
    """Return whom a professional says the answers of: whose answers count, or every adult while nobody's does."""
    everybody = _people(content, names)
    to_ask = people_to_ask(everybody, rules, today) or [one for one in everybody if not one.is_child]
    refs = [one.ref for one in to_ask] + [ref for ref in content.get("consents", {}) if ref in names]
    return {ref: names[ref] for ref in dict.fromkeys(refs)}


def next_to_ask(content: Content, asked: Mapping[str, str]) -> str:
    """Return the ref of the first person whose answers are still to be said, or ``."""
    return next((ref for ref in asked if ref not in content.get("consents", {})), "")


def with_answers(content: Content, ref: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with what one person answered."""
    return {**content, "consents": {**content.get("consents", {}), ref: dict(values)}}


def without_person(content: Content, ref: str) -> dict[str, Any]:
    """Return the content without the answers of somebody who was taken out."""
    left = {**content, "consents": {by: said for by, said in content.get("consents", {}).items() if by != ref}}
    if ref in left.get("consent", {}).get("by", []):
        left["consent"] = {**left["consent"], "by": [by for by in left["consent"]["by"] if by != ref]}
    return left


def has_answers_of(content: Content, ref: str) -> bool:
    """Say whether the answers so far have some of this person."""
    return ref in content.get("consent", {}).get("by", []) or ref in content.get("consents", {})


def answers_of_family(content: Content, names: Mapping[str, str], how: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a family that asks for itself: the same of everybody whom it named.

    Where it did not agree and named nobody, the adult to be told is taken at their word.
    """
    given = content.get("consent", {})
    told = content.get("contact", {}).get("adult", "")
    by = [ref for ref in given.get("by", []) if ref in names] or ([told] if told in names else [])
    left_out = _lines(given.get("not_with", ""))
    return {
        kind: [
            {"by": ref, "answer": "given" if given[kind] else "refused", **how}
            | ({"not_with": left_out} if kind == "to_share" else {})
            for ref in by
            if given.get(kind) is not None
        ]
        for kind in KINDS
    }


def answers_of_people(content: Content, names: Mapping[str, str], wording: str) -> dict[str, Any]:
    """Return the answers that a professional wrote down, person by person."""
    said = {ref: values for ref, values in content.get("consents", {}).items() if ref in names}
    return {kind: [_answer(kind, ref, values, wording) for ref, values in said.items()] for kind in KINDS}


def _answer(kind: str, ref: str, values: Mapping[str, Any], wording: str) -> dict[str, Any]:
    answer = {"by": ref, "answer": values[kind]}
    if values[kind] != "not_asked":
        answer |= {name: values.get(name) or (None if name == "on" else "") for name in _TOLD} | {"wording": wording}
    elif values.get("note"):
        answer["note"] = values["note"]
    if values.get("judged_by"):
        answer["competence"] = {name: values.get(name) for name in ("judged_by", "judged_on", "because")}
    if kind == "to_share":
        answer |= {name: _lines(values.get(name, "")) for name in ("with_agencies", "not_with")}
    return answer


def _people(content: Content, names: Mapping[str, str]) -> list[Someone]:
    adults = [
        Someone(
            item["ref"],
            names.get(item["ref"], ""),
            is_child=False,
            holds_responsibility=item.get("parental_responsibility") == "yes",
        )
        for item in content.get("adults", [])
    ]
    children = [
        Someone(
            item["ref"],
            names.get(item["ref"], ""),
            is_child=True,
            is_born=not item.get("expected_on"),
            born_on=date.fromisoformat(item["date_of_birth"]) if item.get("date_of_birth") else None,
        )
        for item in content.get("children", [])
    ]
    return adults + children


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
