"""How a family's paper reads: what the referrals service gave, put into titled lines for a page and a PDF alike.

The content is another service's JSON, kept as it was circulated; what it does not hold is left out, and a code
that is not known is shown as it came, so that an old paper can always be read.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shared.authority import Authority
from shared.codes import code_set

Content = Mapping[str, Any]
Lines = list[tuple[str, str]]

NOT_DISCLOSED = "Address not disclosed"

_MISSING = {
    "not_known": "Not known",
    "refused": "Did not want to say",
    "not_yet_obtained": "Not asked for yet",
    "not_asked": "Not asked",
}
_WORDS = {
    "parents_partner": "parent's partner",
    "yes": "Yes",
    "no": "No",
    "unknown": "Not known",
    "request": "Request for help",
    "step_down": "Step-down from social care",
    "child_in_need": "child in need plan",
    "child_protection": "child protection plan",
    "looked_after": "looked-after child plan",
    "single_assessment": "single assessment",
}
_CONSENTS = {
    "to_ask": "To ask for help",
    "to_share": "To share with those who may help",
    "to_research": "To be used in research",
}


def ages_of(content: Content, on: date) -> list[str]:
    """Return each child's age in words on a London date, in the order of the paper."""
    return [age_in_words(child, on) for child in content.get("children", [])]


def given_names(content: Content) -> list[str]:
    """Return each child's given name, empty for one not yet born or named, in the order of the paper."""
    return [str(child.get("given_name") or "") for child in content.get("children", [])]


def need_labels(content: Content) -> list[str]:
    """Return the needs in words."""
    return [str(need.get("label", need.get("code", ""))) for need in content.get("needs", [])]


def age_in_words(child: Content, on: date) -> str:
    """Return `9`, `7 months`, `unborn` or `age not known` for a child on a London date."""
    if not child.get("date_of_birth"):
        return "age not known" if _why(child, "date_of_birth") else "unborn"
    born = date.fromisoformat(str(child["date_of_birth"]))
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < 24:
        return f"{months} month{'' if months == 1 else 's'}"
    return str(months // 12)


def paper_in_lines(content: Content, on: date) -> dict[str, Any]:
    """Return the paper as titled lines: JSON values only, ages counted on a London date."""
    homes = {str(address.get("ref")): _home(address) for address in content.get("addresses", [])}
    return {
        "reference": str(content.get("reference", "")),
        "kind": _word(content.get("kind")),
        "level": _level(content.get("level") or {}),
        "needs": need_labels(content),
        "about": _lines(_about(content)),
        "boxes": _boxes(content),
        "children": [_child(child, on, homes) for child in content.get("children", [])],
        "adults": [_adult(adult, homes) for adult in content.get("adults", [])],
        "addresses": [_address(address) for address in content.get("addresses", [])],
        "others": [_other(one) for one in content.get("others") or []],
        "professionals": [_professional(one) for one in content.get("professionals", [])],
        "key_events": [(str(one["when"]), str(one["what"])) for one in content.get("key_events") or []],
        "consent": _lines(_consent(content.get("consent") or {})),
        "step_down": _step_down(content.get("step_down")),
        "attachments": [str(one["label"]) for one in attachments_of(content)],
        "attachments_stay": bool(content.get("attachments_stay")),
    }


def attachments_of(content: Content) -> list[Content]:
    """Return the files that came with the request, in their order: id, label and ending of each, never a name."""
    return list(content.get("attachments") or [])


def excluded_agencies(content: Content) -> list[str]:
    """Return the names of agencies with which the family does not want its story shared."""
    return [str(name) for name in (content.get("consent") or {}).get("not_with") or []]


def level_in_words(authority: Authority, scheme: str, version: str, number: int) -> str:
    """Return `Level 3: Intensive`; a level of a scheme that is not in the profile says which scheme it is of."""
    try:
        return f"Level {number}: {authority.level_label(scheme, version, number)}"
    except KeyError:
        return f"Level {number} ({scheme} {version})"


def _about(content: Content) -> Iterable[tuple[str, Any]]:
    referrer = content.get("referrer") or {}
    source = referrer.get("source", "")
    yield "Asked by", ", ".join(filter(None, (referrer.get(key) for key in ("name", "role", "organisation"))))
    yield "Source", code_set("referral-source").get(source, source)
    yield "Taken down by", referrer.get("taken_by")
    yield "Level of need that they see", _level(content.get("level_seen") or {})
    yield "Urgency", str(content.get("urgency", "")).capitalize()
    yield "Received", _day(content.get("received_on"))
    yield "Why triage sent it here", content.get("triage_reason")
    yield "When and how to reach the family", (content.get("contact") or {}).get("notes")
    yield "Not to be shared with", ", ".join(excluded_agencies(content))


def _boxes(content: Content) -> list[dict[str, str]]:
    titles = {
        "working_well": "What is working well",
        "worried_about": "What we are worried about",
        "needs_to_happen": "What needs to happen",
        "already_tried": "What has been tried already",
    }
    said = [(title, str(content.get(key) or _why(content, key))) for key, title in titles.items()]
    boxes = [{"title": title, "text": text} for title, text in (*said, *_answers(content)) if text]
    return boxes + said_later(content)


def said_later(content: Content) -> list[dict[str, str]]:
    """Return what was said about a request after it was sent, oldest first, each with who said it and when."""
    return [
        {
            "title": f"{_later(one)} on {_day(one.get('on'))}, by {one.get('by_label', '')}",
            "text": f"Was: {one['was']}\nIs: {one['words']}" if one.get("was") else str(one.get("words", "")),
        }
        for one in content.get("said_later") or []
    ]


def _later(one: Content) -> str:
    more = one.get("about_label") or one.get("reason_label")
    return f"{one.get('kind_label', '')}: {more}" if more else str(one.get("kind_label", ""))


def _answers(part: Content) -> Lines:
    return [(str(one["label"]), str(one["in_words"])) for one in part.get("answers") or []]


def _why(part: Content, name: str) -> str:
    return str((part.get("missing") or {}).get(name, {}).get("label", ""))


def _child(child: Content, on: date, homes: Mapping[str, str]) -> dict[str, Any]:
    school = child.get("school") or {}
    attendance = school.get("attendance_percent")
    facts = [
        ("Age", age_in_words(child, on)),
        ("Lives at", _homes_of(child, homes)),
        ("Date of birth", _day(child.get("date_of_birth")) or _why(child, "date_of_birth")),
        ("Expected on", _day(child.get("expected_on"))),
        ("Also known as", ", ".join(child.get("also_known_as") or [])),
        *_of_the_born(child),
        ("First language", _value(child.get("first_language"))),
        ("School or setting", school.get("name") or _why(child, "school")),
        ("Attendance", f"{attendance}%" if attendance is not None else _why(child, "attendance_percent")),
        *_answers(child),
        ("NHS number", child.get("nhs_number") or _why(child, "nhs_number")),
        ("Unique pupil number", child.get("upn") or _why(child, "upn")),
    ]
    return {"name": _name(child), "facts": _lines(facts)}


def _of_the_born(child: Content) -> Lines:
    """Return what the national codes make a request say of every child, and what nobody knows before it is born."""
    if child.get("expected_on"):
        return []
    return [
        ("Sex", _label("sex", child.get("sex"))),
        ("Ethnicity", _why(child, "ethnicity") or _label("ethnicity", child.get("ethnicity"))),
        ("Disability", _labels("disability", child.get("disabilities") or []) or _why(child, "disabilities")),
    ]


def _adult(adult: Content, homes: Mapping[str, str]) -> dict[str, Any]:
    facts = [
        ("Relationship", _word(adult.get("relationship"))),
        ("Lives at", _homes_of(adult, homes)),
        ("Parental responsibility", _word(adult.get("parental_responsibility"))),
        ("Main carer", {True: "Yes", False: "No"}.get(adult.get("primary_carer"))),  # type: ignore[arg-type]
        ("Date of birth", _day(adult.get("date_of_birth")) or _why(adult, "date_of_birth")),
        ("Also known as", ", ".join(adult.get("also_known_as") or [])),
        ("First language", _value(adult.get("first_language"))),
        ("Interpreter", adult.get("interpreter")),
        *_answers(adult),
        ("Phone", adult.get("mobile") or _why(adult, "mobile")),
        ("E-mail", adult.get("email") or _why(adult, "email")),
    ]
    return {"name": _name(adult), "facts": _lines(facts)}


def _address(address: Content) -> dict[str, Any]:
    hidden = bool(address.get("is_sensitive") or address.get("not_disclosed_to"))
    lines = [*(address.get("lines") or []), address.get("town"), address.get("postcode")]
    return {
        "text": NOT_DISCLOSED if hidden else ", ".join(str(line) for line in lines if line),
        "warning": "" if address.get("may_write", True) else "Do not write to this address",
    }


def _homes_of(person: Content, homes: Mapping[str, str]) -> str:
    return "; ".join(homes[ref] for ref in person.get("lives_at") or [] if ref in homes)


def _home(address: Content) -> str:
    said = _address(address)
    return (
        f"{said['text']} ({said['warning'][:1].lower()}{said['warning'][1:]})" if said["warning"] else str(said["text"])
    )


def _professional(one: Content) -> str:
    return ", ".join(str(one[key]) for key in ("name", "role", "organisation") if one.get(key))


def _other(one: Content) -> str:
    lives = f"Lives with the children: {str(one.get('lives_with_children_label', '')).lower()}"
    return ". ".join(part for part in (f"{one['name']}, {one['relationship']}", lives, one.get("about")) if part)


def _consent(consent: Content) -> Iterable[tuple[str, Any]]:
    if consent.get("overridden"):
        yield "Going on without consent", "Decided for a child's safety. The front door knows why."
    for key, title in _CONSENTS.items():
        yield title, "\n".join(_said(answer) for answer in consent.get(key) or [])
    yield "Agreed to by name", ", ".join(consent.get("named") or [])


def _said(answer: Content) -> str:
    asked_by = f"asked by {answer['obtained_by']}" if answer.get("obtained_by") else ""
    told = [str(answer.get("how_label") or "").lower(), _day(answer.get("on")), asked_by]
    details = ", ".join(part for part in told if part)
    return f"{answer['name']}: {str(answer['answer_label']).lower()}{f' ({details})' if details else ''}"


def _step_down(step_down: Content | None) -> dict[str, Any] | None:
    if not step_down:
        return None
    reason = step_down.get("closure_reason", "")
    facts = [
        ("From", _word(step_down.get("from_plan"))),
        ("Decided on", _day(step_down.get("decided_on"))),
        ("Reason for closing", code_set("reason-for-closure").get(reason, reason)),
        ("Named by the final review", step_down.get("lead_practitioner_named")),
    ]
    papers = step_down.get("papers") or []
    return {
        "facts": _lines(facts),
        "outstanding": [str(action) for action in step_down.get("outstanding_actions") or []],
        "papers": [
            {
                "title": f"{paper.get('title') or _word(paper.get('kind'))} ({_day(paper.get('dated_on'))})",
                "text": str(paper.get("text", "")),
            }
            for paper in papers
        ],
    }


def _level(level: Content) -> str:
    if level.get("number") is None:
        return ""
    return f"Level {level['number']}: {level.get('label', '')}".rstrip(": ")


def _label(code_set_name: str, code: Any) -> str:
    return code_set(code_set_name).get(str(code or ""), str(code or ""))


def _labels(code_set_name: str, codes: Iterable[str]) -> str:
    labels = code_set(code_set_name)
    return ", ".join(labels.get(code, code) for code in codes)


def _name(person: Content) -> str:
    # Papers that were circulated before a person had a `name` hold its two parts only.
    parts = [person.get("given_name"), person.get("family_name")]
    return str(person.get("name") or "") or " ".join(str(part) for part in parts if part) or "Unborn child"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        code = str(value.get("missing", ""))
        return _MISSING.get(code, code)
    return str(value or "")


def _word(code: Any) -> str:
    text = str(code or "")
    words = _WORDS.get(text, text.replace("_", " "))
    return words[:1].upper() + words[1:]


def _day(value: Any) -> str:
    if not value:
        return ""
    day = date.fromisoformat(str(value)[:10])
    return f"{day.day} {day:%B %Y}"


def _lines(facts: Iterable[tuple[str, Any]]) -> Lines:
    return [(title, str(value)) for title, value in facts if value]
