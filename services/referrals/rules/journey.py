"""The pages of asking for help, in their order, and the request document that their answers make.

`content` is what the pages have kept so far: by step the values of its form, by group a list of them, and
`done`, the steps that were gone through. Dates are ISO texts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.referrals.rules import safeguarding_check
from services.referrals.rules.ask_consent import answers_of_family, answers_of_people, has_answers_of, without_person
from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.rules.level_seen import level_of
from services.referrals.rules.missing import missing
from services.referrals.rules.names import child_names, whole_name
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, OF_REQUESTS

Content = Mapping[str, Any]

GROUPS = {
    "children": "c", "adults": "a", "others": "o", "addresses": "h", "professionals": "p", "key_events": "k", "papers": "s",
}  # fmt: skip
"""Steps that are lists, each with the letter of its refs."""

MOST = {
    "children": 15, "adults": 15, "others": 20, "addresses": 10, "professionals": 20, "key_events": 30, "papers": 20,
}  # fmt: skip
FEWEST = {
    "children": 1, "adults": 1, "others": 0, "addresses": 1, "professionals": 0, "key_events": 0, "papers": 2,
}  # fmt: skip
MORE_OF = {"children": OF_CHILDREN, "adults": OF_ADULTS}
"""The lists of people, each with the questions of the second page about one of them."""
UNBORN: Content = {
    "given_name": "", "also_known_as": "", "date_of_birth": None, "sex": "U", "ethnicity": "NOBT",
    "disabilities": ["NONE"],
}  # fmt: skip
"""What the national codes say of a child not yet born; only when it is expected and a last name are asked."""

ASKING = {
    "professional": "I work with the family",
    "carer": "I am a parent or carer and I ask for my own family",
    "young_person": "I am a young person and I ask for myself",
    "caller": "I am writing it down for somebody who phoned",
}
_SOURCE_OF = {"carer": "1A", "young_person": "1C", "caller": "1A"}
_ORDER = (
    "who", "details", "about", "children", "adults", "others", "addresses", "contact",
    "professionals", "needs", "story", "key_events", "level", "consent", "step_down", "papers", "attachments",
    "safeguarding",
)  # fmt: skip
_STEP_OF_PART = {
    "kind": "about", "locality": "about", "urgency": "about", "referrer": "details", "level_seen": "level",
    "working_well": "story", "worried_about": "story", "needs_to_happen": "story", "already_tried": "story",
    **{question.name: "story" for question in OF_REQUESTS},
}  # fmt: skip


def is_family(content: Content) -> bool:
    """Say whether the family itself is asking, and so plain questions are put."""
    return _asking(content) != "professional"


def steps_for(content: Content, *, has_localities: bool) -> list[str]:
    """Return the steps that this person goes through, in order."""
    is_step_down = content.get("about", {}).get("kind") == "step_down"
    left_out = set() if is_step_down else {"step_down", "papers"}
    if is_family(content):
        left_out |= {"others", "professionals", "key_events", "level", "step_down", "papers"} | (
            set() if has_localities else {"about"}
        )
    if not safeguarding_check.signs_asked_about(content):
        left_out.add("safeguarding")
    return [step for step in _ORDER if step not in left_out]


def next_step(content: Content, step: str, *, has_localities: bool) -> str:
    """Return the first step after this one that is still to do, then any before it, then `check`."""
    steps = steps_for(content, has_localities=has_localities)
    place = steps.index(step) + 1 if step in steps else 0
    done = set(content.get("done", ()))
    if not safeguarding_check.is_answered(content):
        done.discard("safeguarding")
    return next((name for name in steps[place:] + steps[:place] if name not in done), "check")


def previous_step(content: Content, step: str, *, has_localities: bool) -> str:
    """Return the step before this one, or `` before the first."""
    steps = [*steps_for(content, has_localities=has_localities), "check"]
    place = steps.index(step) if step in steps else 0
    return steps[place - 1] if place else ""


def with_step(content: Content, step: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with a step's answers, and the step done.

    Where it is no longer the family itself that asks, or is now, consent is asked anew: the questions are others.
    """
    kept = {**content, step: dict(values), "done": _and(content, step)}
    return kept if is_family(kept) == is_family(content) else without_step_done(kept, "consent")


def with_step_done(content: Content, step: str) -> dict[str, Any]:
    """Return the content with a list finished."""
    return {**content, "done": _and(content, step)}


def without_step_done(content: Content, step: str) -> dict[str, Any]:
    """Return the content with a step still to do."""
    return {**content, "done": [name for name in content.get("done", []) if name != step]}


def one_of(content: Content, group: str, ref: str) -> dict[str, Any] | None:
    """Return one of a list, or None when it is not in it."""
    return next((dict(item) for item in content.get(group, []) if item["ref"] == ref), None)


def ref_at(content: Content, group: str, place: int) -> str:
    """Return the ref of the one at a place of a list."""
    return str(content[group][place]["ref"])


def with_item(content: Content, group: str, ref: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with one of a list added or changed; an empty `ref` adds."""
    items: list[dict[str, Any]] = list(content.get(group, []))
    if not ref:
        items.append({**values, "ref": _free_ref(content, group)})
    else:
        items = [{**values, "ref": ref} if item["ref"] == ref else item for item in items]
    return {**content, group: items}


def part_of(content: Content, group: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a child, an adult or an address as the request document has it."""
    if group == "addresses":
        return _address(item)
    return (_child if group == "children" else _adult)(item, content)


def without_item(content: Content, group: str, ref: str) -> dict[str, Any]:
    """Return the content without one of a list; an answer that pointed at it is asked again."""
    left = {**content, group: [item for item in content.get(group, []) if item["ref"] != ref]}
    done = [step for step in content.get("done", []) if step != group or len(left[group]) >= FEWEST[group]]
    if left.get("contact", {}).get("adult") == ref:
        done = [step for step in done if step != "contact"]
    if has_answers_of(left, ref):
        done = [step for step in done if step != "consent"]
    return {**without_person(left, ref), "done": done}


def people(content: Content) -> dict[str, str]:
    """Return the children and adults by ref, as they are called."""
    children, adults = content.get("children", []), content.get("adults", [])
    called = child_names((_whole_name(child), _expected(child)) for child in children)
    return {child["ref"]: name for child, name in zip(children, called, strict=True)} | {
        adult["ref"]: _whole_name(adult) for adult in adults
    }


def people_who_may_agree(content: Content) -> dict[str, str]:
    """Return who of them can answer about consent: everybody who is born."""
    unborn = {child["ref"] for child in content.get("children", []) if child.get("expected_on")}
    return {ref: name for ref, name in people(content).items() if ref not in unborn}


def homes_of(content: Content, ref: str) -> list[Mapping[str, Any]]:
    """Return the addresses at which a person lives."""
    return [home for home in content.get("addresses", []) if ref in home.get("residents", [])]


def step_of(pointer: str) -> str:
    """Return the step on which the part of the document at a JSON pointer is asked."""
    parts = pointer.strip("/").split("/")
    if parts[:2] == ["step_down", "papers"]:
        return "papers"
    return _STEP_OF_PART.get(parts[0], parts[0])


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


def _whole_name(person: Content) -> str:
    return whole_name(person["given_name"], person["family_name"])


def _expected(child: Content) -> date | None:
    return date.fromisoformat(child["expected_on"]) if child.get("expected_on") else None


def _asking(content: Content) -> str:
    return str(content.get("who", {}).get("asking", "professional"))


def _and(content: Content, step: str) -> list[str]:
    return list(dict.fromkeys([*content.get("done", []), step]))


def _free_ref(content: Content, group: str) -> str:
    taken = {item["ref"] for item in content.get(group, [])}
    numbers = range(1, len(taken) + 2)
    return next(ref for number in numbers if (ref := f"{GROUPS[group]}{number}") not in taken)


def _without_ref(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "ref"}


def _referrer(content: Content) -> dict[str, Any]:
    given = dict(content.get("details", {}))
    source = _SOURCE_OF.get(_asking(content)) or given.get("source", "")
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
        return {"school": {"name": item["school_name"], "attendance_percent": item.get("attendance_percent")}}
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
    how = "verbal" if _asking(content) == "caller" else "online"
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
