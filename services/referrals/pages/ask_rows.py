"""The questions and answers of each step of a draft, and of each one of its lists, as rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from services.referrals.rules import choices, journey, plain_words
from services.referrals.rules.consent_choices import ANSWERS
from services.referrals.rules.level_seen import level_of, level_seen_in_words
from services.referrals.rules.missing import WHY
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, OF_REQUESTS, Question, in_words
from services.referrals.rules.safeguarding_check import SAID
from shared.authority import Authority
from shared.web.formats import day

Content = Mapping[str, Any]
Row = dict[str, str]


def _row(key: str, value: Any) -> Row:
    if value is True or value is False:
        value = "Yes" if value else "No"
    return {"key": key, "value": str(value) if value is not None else ""}


def _day(value: str | None) -> str:
    return day(date.fromisoformat(value)) if value else ""


def _labels(codes: Sequence[str], labels: Mapping[str, str]) -> str:
    return "\n".join(labels.get(code, code) for code in codes)


def _who(values: Content, *_: Any) -> list[Row]:
    return [_row("Who is asking", journey.ASKING.get(values.get("asking", ""), ""))]


def _details(values: Content, *_: Any) -> list[Row]:
    return [
        _row("Name", values.get("name")),
        _row("Where you work", choices.sources().get(values.get("source", ""), "")),
        _row("Role", values.get("role")),
        _row("Organisation", values.get("organisation")),
        _row("E-mail address", values.get("email")),
        _row("Telephone number", values.get("phone")),
        _row("Written down by", values.get("taken_by")),
    ]


def _about(values: Content, _: Content, authority: Authority) -> list[Row]:
    locality = values.get("locality", "")
    return [
        _row("What you ask for", choices.KINDS.get(values.get("kind", ""), "")),
        _row("How soon", choices.URGENCIES.get(values.get("urgency", ""), "")),
        _row("Locality", authority.locality_name(locality) if locality else ""),
    ]


def _name(item: Content) -> list[Row]:
    return [
        _row("Also known as", item.get("also_known_as")),
        _row("Date of birth", _day(item.get("date_of_birth")) or _why(item, "date_of_birth")),
    ]


def _why(item: Content, name: str) -> str:
    return WHY.get(item.get(f"{name}_missing", ""), "")


def _answered(questions: Sequence[Question], item: Content) -> list[Row]:
    said = {question.name: why for question in questions if (why := item.get(f"{question.name}_missing"))}
    return [_row(question.label, in_words(question, item, said)) for question in questions]


def _homes(item: Content, content: Content) -> Row:
    homes = [
        f"{home['line_1']}, {home['postcode']}{'' if home['may_write'] else ' (do not write here)'}"
        for home in journey.homes_of(content, item["ref"])
    ]
    return _row("Lives at", "\n".join(homes) or "No address given")


def _disabilities(content: Content) -> Mapping[str, str]:
    return plain_words.DISABILITIES if journey.is_family(content) else choices.disabilities()


def _child(item: Content, content: Content) -> list[Row]:
    if item.get("expected_on"):
        return [
            _row("Expected", _day(item["expected_on"])),
            _row("Last name", item["family_name"]),
            _homes(item, content),
        ]
    return [
        *_name(item),
        _row("Sex", choices.SEXES[item["sex"]]),
        _row("Ethnic group", choices.ethnicities().get(item["ethnicity"]) or _why(item, "ethnicity")),
        _row("Disability", _labels(item["disabilities"], _disabilities(content)) or _why(item, "disabilities")),
        _row("School, nursery or college", item.get("school_name") or _why(item, "school_name")),
        _row("Attendance, percent", _why(item, "attendance_percent") or item.get("attendance_percent")),
        *_answered(OF_CHILDREN, item),
        _row("NHS number", item.get("nhs_number") or _why(item, "nhs_number")),
        _row("UPN", item.get("upn") or _why(item, "upn")),
        _homes(item, content),
    ]


def _adult(item: Content, content: Content) -> list[Row]:
    return [
        *_name(item),
        _row("Relationship", choices.RELATIONSHIPS[item["relationship"]]),
        _row("Parental responsibility", choices.PARENTAL_RESPONSIBILITIES[item["parental_responsibility"]]),
        _row("Main carer", item["primary_carer"]),
        *_answered(OF_ADULTS, item),
        _row("Mobile number", item.get("mobile") or _why(item, "mobile")),
        _row("E-mail address", item.get("email") or _why(item, "email")),
        _row("Safe ways to make contact", _labels(item["safe_channels"], choices.CHANNELS) or "None: do not contact"),
        _homes(item, content),
    ]


def _address(item: Content, content: Content) -> list[Row]:
    lines = [item["line_1"], item.get("line_2", ""), item["town"], item["postcode"]]
    return [
        _row("Address", "\n".join(line for line in lines if line)),
        _row("Who lives here", _labels(item["residents"], journey.people(content))),
        _row("Safe to write here", "Yes" if item["may_write"] else ""),
        _row("Must not learn it", item.get("not_disclosed_to")),
        _row("Moved in", _day(item.get("from_on"))),
        _row("Moved out", _day(item.get("to_on"))),
    ]


def _contact(values: Content, content: Content, _: Authority) -> list[Row]:
    return [
        _row("Who to tell", journey.people(content).get(values.get("adult", ""), "")),
        _row("When and how", values.get("notes")),
    ]


def _professional(item: Content, _: Content) -> list[Row]:
    names = {
        "name": "Name",
        "role": "Role",
        "organisation": "Organisation",
        "email": "E-mail address",
        "phone": "Telephone number",
    }
    return [_row(label, item.get(name)) for name, label in names.items()]


def _needs(values: Content, content: Content, _: Authority) -> list[Row]:
    labels = plain_words.NEEDS if journey.is_family(content) else choices.needs()
    return [_row("Help with", _labels(values.get("needs", []), labels))]


def _story(values: Content, *_: Any) -> list[Row]:
    return [
        _row("Working well", values.get("working_well")),
        _row("Worries", values.get("worried_about")),
        _row("Needs to happen", values.get("needs_to_happen")),
        _row("Tried already", values.get("already_tried") or _why(values, "already_tried")),
        *_answered(OF_REQUESTS, values),
    ]


def _other(item: Content, _: Content) -> list[Row]:
    return [
        _row("What they are to the children", item["relationship"]),
        _row("Lives with the children", choices.LIVES_WITH_CHILDREN[item["lives_with_children"]]),
        _row("What matters about them", item.get("about")),
    ]


def _key_event(item: Content, _: Content) -> list[Row]:
    return [_row("When", item["when"]), _row("What happened", item["what"])]


def _level(values: Content, _: Content, authority: Authority) -> list[Row]:
    seen = level_of(values.get("seen", ""))
    return [_row("Level of need", level_seen_in_words(**seen, authority=authority) if seen else "You did not say")]


def _consent(values: Content, content: Content, _: Authority) -> list[Row]:
    if not journey.is_family(content):
        return [row for ref, said in content.get("consents", {}).items() for row in _answers(ref, said, content)]
    return [
        *(_row(label, values.get(kind)) for kind, label in choices.CONSENTS.items()),
        _row("Agencies that must not know", values.get("not_with")),
        _row("Who agreed", _labels(values.get("by", []), journey.people(content))),
    ]


def _answers(ref: str, said: Content, content: Content) -> list[Row]:
    name = journey.people(content).get(ref, "")
    how = (choices.HOW.get(said.get("how", ""), ""), _day(said.get("on")), said.get("at_time"), said.get("place"))
    answers = [f"{label}: {ANSWERS[said[kind]].lower()}" for kind, label in choices.CONSENTS.items()]
    asked_by = f"Asked by {said['obtained_by']}" if said.get("obtained_by") else ""
    told = [*answers, ", ".join(part for part in how if part), asked_by]
    return [
        _row(name, "\n".join(part for part in told if part)),
        _row(f"{name}: may be shared with", said.get("with_agencies")),
        _row(f"{name}: must not know", said.get("not_with")),
    ]


def _attachments(values: Content, *_: Any) -> list[Row]:
    return [_row("Files", "\n".join(values.get("names", ())) or "None")]


def _safeguarding(values: Content, *_: Any) -> list[Row]:
    return [_row("Your answer", SAID.get(values.get("answer", ""))), _row("Why not", values.get("why_not"))]


def _step_down(values: Content, *_: Any) -> list[Row]:
    return [
        _row("Plan that is ending", choices.FROM_PLANS.get(values.get("from_plan", ""), "")),
        _row("Decided on", _day(values.get("decided_on"))),
        _row("Reason for closure", choices.closure_reasons().get(values.get("closure_reason", ""), "")),
        _row("Named to lead", values.get("lead_practitioner_named")),
        _row("Outstanding actions", values.get("outstanding_actions")),
    ]


def _paper(item: Content, _: Content) -> list[Row]:
    return [
        _row("Kind", choices.PAPER_KINDS[item["kind"]]),
        _row("Title", item["title"]),
        _row("Date", _day(item["dated_on"])),
        _row("Text", item["text"]),
    ]


CARDS: dict[str, Callable[[Content, Content], list[Row]]] = {
    "children": _child,
    "adults": _adult,
    "others": _other,
    "key_events": _key_event,
    "addresses": _address,
    "professionals": _professional,
    "papers": _paper,
}


ROWS: dict[str, Callable[[Content, Content, Authority], list[Row]]] = {
    "who": _who,
    "details": _details,
    "about": _about,
    "contact": _contact,
    "needs": _needs,
    "story": _story,
    "level": _level,
    "consent": _consent,
    "step_down": _step_down,
    "attachments": _attachments,
    "safeguarding": _safeguarding,
}
