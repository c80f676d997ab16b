"""The forms of asking for help, one a step; plain questions for a family, the whole ones for professionals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields

from services.referrals.document.answers import field_of
from services.referrals.rules import choices, journey, plain_words
from services.referrals.rules.level_seen import levels_to_see
from services.referrals.rules.missing import WHY, WHY_FOR_FAMILIES
from services.referrals.rules.questions import OF_REQUESTS, Question
from shared.authority import Authority
from shared.identity import Person
from shared.web.fields import Choice, Choices, Day, Email, Line, NhsNumber, Phone, Postcode, Upn, Words, YesNo
from shared.web.forms import PageForm

Content = Mapping[str, Any]

CONSENT_QUESTIONS = (
    "Is it all right that we look at this request?",
    "May we share it with services that may help?",
    "May it be used for national research, without names?",
)
"""What the family itself is asked about consent."""

Fields = dict[str, fields.Field[Any]]


class Percent(Line):
    """A whole number from 0 to 100, or nothing."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs).removesuffix("%").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text[:4]) <= 100):
            raise ValidationError(f"{self.label} must be a whole number from 0 to 100")
        return int(text)


def form_of(step: str, content: Content, *, authority: Authority, person: Person | None) -> PageForm:
    """Return the form of a step, or of one of a list."""
    made = FORMS[step](content, authority, person)
    return PageForm.from_dict(made)()  # type: ignore[return-value]


def asking_choices(person: Person | None) -> dict[str, str]:
    """Return who may be asking; writing down for a caller is for the front door and those who help there."""
    may_write_down = person is not None and person.has("front_door", "coordinator")
    return {code: text for code, text in journey.ASKING.items() if code not in journey.CALLERS or may_write_down}


def _who(_: Content, __: Authority, person: Person | None) -> Fields:
    return {"asking": Choice("Who is asking", asking_choices(person), required=True)}


def _details(content: Content, _: Authority, __: Person | None) -> Fields:
    shared: Fields = {"email": Email("E-mail address"), "phone": Phone("Telephone number")}
    if journey.is_family(content):
        return {"name": Line("Name", required=True), **shared}
    return {
        "name": Line("Your name", required=True),
        "source": Choice("Where you work", professional_sources(), required=True),
        "role": Line("Your role", required=True),
        "organisation": Line("Your organisation", required=True),
        **shared,
    }


def professional_sources() -> dict[str, str]:
    """Return the national sources of a request that are not the family itself or somebody unknown."""
    return {code: label for code, label in choices.sources().items() if code[0] != "1" and code not in ("9", "10")}


def _about(content: Content, authority: Authority, person: Person | None) -> Fields:
    made: Fields = {}
    if not journey.is_family(content):
        if person is not None and person.has("social_worker"):
            made["kind"] = Choice("What you ask for", choices.KINDS, required=True)
        made["urgency"] = Choice("How soon help is needed", choices.URGENCIES, required=True)
    if authority.localities:
        names = {locality.key: locality.name for locality in authority.localities}
        made["locality"] = Choice("Where the family lives", names, required=True)
    return made


def _names() -> Fields:
    return {
        "given_name": Line("First name", required=True),
        "family_name": Line("Last name", required=True),
        "also_known_as": Line("Other names"),
    }


def whys(content: Content) -> Mapping[str, str]:
    """Return why there may be no answer, in the words of who is asking."""
    return WHY_FOR_FAMILIES if journey.is_family(content) else WHY


def _or_missing(content: Content, **asked: fields.Field[Any]) -> Fields:
    """Return the questions, each followed by why it has no answer."""
    made: Fields = {}
    for name, answer in asked.items():
        label = str(getattr(answer, "label", ""))
        made |= {name: answer, f"{name}_missing": Choice(f"Why there is no answer: {label}", whys(content))}
    return made


def _asked(content: Content, questions: Sequence[Question]) -> Fields:
    return _or_missing(content, **{question.name: field_of(question) for question in asked_of(content, questions)})


def asked_of(content: Content, questions: Sequence[Question]) -> list[Question]:
    """Return those of the questions that are put to who is asking."""
    return [question for question in questions if question.for_families or not journey.is_family(content)]


def _child(content: Content, _: Authority, __: Person | None) -> Fields:
    born = Day("Date of birth", past=True)
    disabilities = plain_words.DISABILITIES if journey.is_family(content) else choices.disabilities()
    return {
        **_names(),
        **({"date_of_birth": born} if journey.is_family(content) else _or_missing(content, date_of_birth=born)),
        "sex": Choice("Sex", choices.SEXES, required=True),
        **_or_missing(
            content,
            ethnicity=Choice("Ethnic group", choices.ethnic_groups()),
            disabilities=Choices("Disabilities, or no disability", disabilities),
        ),
    }


def _more_of_child(content: Content, _: Authority, __: Person | None) -> Fields:
    school = _or_missing(content, school_name=Line("School, nursery or college"))
    if not journey.is_family(content):
        numbers = _or_missing(content, nhs_number=NhsNumber("NHS number"), upn=Upn("UPN"))
        school |= _or_missing(content, attendance_percent=Percent("Attendance")) | numbers
    return school | _asked(content, journey.MORE_OF["children"])


def _more_of_adult(content: Content, _: Authority, __: Person | None) -> Fields:
    return _asked(content, journey.MORE_OF["adults"])


def _whole_child(*given: Any) -> Fields:
    return _child(*given) | _more_of_child(*given)


def _whole_adult(*given: Any) -> Fields:
    return _adult(*given) | _more_of_adult(*given)


def _other(*_: Any) -> Fields:
    return {
        "name": Line("Name", required=True),
        "relationship": Line("What they are to the children", required=True),
        "lives_with_children": Choice(
            "Whether they live with the children", choices.LIVES_WITH_CHILDREN, required=True
        ),
        "about": Words("What matters about them", longest=1000),
    }


def _key_event(*_: Any) -> Fields:
    return {
        "when": Line("When it happened", longest=60, required=True),
        "what": Words("What happened", longest=1000, required=True),
    }


def _unborn(*_: Any) -> Fields:
    return {
        "expected_on": Day("The date when the baby is expected", required=True),
        "family_name": Line("Last name"),
    }


def _adult(content: Content, _: Authority, __: Person | None) -> Fields:
    return {
        **_names(),
        **_or_missing(content, date_of_birth=Day("Date of birth", past=True)),
        "relationship": Choice("What they are to the children", choices.RELATIONSHIPS, required=True),
        "parental_responsibility": Choice(
            "Whether they have parental responsibility", choices.PARENTAL_RESPONSIBILITIES, required=True
        ),
        "primary_carer": YesNo("Do they look after the children most of the time?", required=True),
        **_or_missing(content, mobile=Phone("Mobile number"), email=Email("E-mail address")),
        "safe_channels": Choices("Safe ways to make contact", choices.CHANNELS),
    }


def _address(content: Content, _: Authority, __: Person | None) -> Fields:
    return {
        "line_1": Line("First line of the address", required=True),
        "line_2": Line("Second line of the address"),
        "town": Line("Town or city", required=True),
        "postcode": Postcode("Postcode", required=True),
        "residents": Choices("Who lives here", journey.people(content)),
        "may_write": YesNo("Is it safe to write to this address?", required=True),
        "not_disclosed_to": Words("Names of people who must not learn it", longest=1000),
        "from_on": Day("The day when they moved in"),
        "to_on": Day("The day when they moved out"),
    }


def _contact(content: Content, _: Authority, __: Person | None) -> Fields:
    called = journey.people(content)
    adults = {item["ref"]: called[item["ref"]] for item in content.get("adults", [])}
    return {
        "adult": Choice("Who we should tell", adults, required=True),
        "notes": Words("When and how to make contact", longest=1000),
    }


def _professional(*_: Any) -> Fields:
    return {
        "name": Line("Name", required=True),
        "role": Line("Role"),
        "organisation": Line("Organisation"),
        "email": Email("E-mail address"),
        "phone": Phone("Telephone number"),
    }


def _needs(content: Content, *_: Any) -> Fields:
    needs = plain_words.NEEDS if journey.is_family(content) else choices.needs()
    return {"needs": Choices("At least one kind of help", needs, fewest=1)}


def _story(content: Content, _: Authority, __: Person | None) -> Fields:
    return {
        "working_well": Words("What is working well", required=True),
        "worried_about": Words("What the worries are", required=True),
        "needs_to_happen": Words("What needs to happen", required=True),
        **_asked(content, OF_REQUESTS),
        **_or_missing(content, already_tried=Words("What has been tried already")),
    }


def _level(_: Content, authority: Authority, __: Person | None) -> Fields:
    return {"seen": Choice("The level of need you see", levels_to_see(authority.level_scheme))}


def _consent(content: Content, _: Authority, __: Person | None) -> Fields:
    ask, share, research = CONSENT_QUESTIONS
    return {
        "to_ask": YesNo(ask, required=True),
        "to_share": YesNo(share, required=True),
        "not_with": Words("Agencies that must not know", longest=2000),
        "to_research": YesNo(research, required=True),
        "by": Choices("Who agreed", journey.people_who_may_agree(content)),
    }


def _step_down(_: Content, authority: Authority, __: Person | None) -> Fields:
    return {
        "from_plan": Choice("Plan that is ending", authority.step_down.plans_to_choose, required=True),
        "decided_on": Day("Date of the review that decided", required=True, past=True),
        "closure_reason": Choice("Reason for closure", choices.closure_reasons(), required=True),
        "lead_practitioner_named": Line("Person named to lead"),
        "outstanding_actions": Words("Outstanding actions"),
    }


def _paper(*_: Any) -> Fields:
    return {
        "kind": Choice("Kind of paper", choices.PAPER_KINDS, required=True),
        "title": Line("Title", required=True),
        "dated_on": Day("Date of the paper", required=True, past=True),
        "text": Words("Text", required=True, longest=50_000),
    }


FORMS: dict[str, Callable[[Content, Authority, Person | None], Fields]] = {
    "who": _who,
    "details": _details,
    "about": _about,
    "children": _child,
    "unborn": _unborn,
    "adults": _adult,
    "more_of_children": _more_of_child,
    "more_of_adults": _more_of_adult,
    "whole_children": _whole_child,
    "whole_adults": _whole_adult,
    "whole_addresses": _address,
    "others": _other,
    "addresses": _address,
    "contact": _contact,
    "professionals": _professional,
    "needs": _needs,
    "story": _story,
    "key_events": _key_event,
    "level": _level,
    "consent": _consent,
    "step_down": _step_down,
    "papers": _paper,
}
_WITHIN_A_LIST = {"unborn", *(f"{part}_{group}" for group in journey.GROUPS for part in ("more_of", "whole"))}
STEPS = tuple(step for step in FORMS if step not in journey.GROUPS and step not in _WITHIN_A_LIST)
