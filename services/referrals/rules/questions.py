"""The questions that one entry here puts on the pages, into the document, on the record and into the family's paper.

Each may be answered, left empty, or have its answer missing for one of four reasons (`rules/missing.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.referrals.rules.choices import ethnic_groups
from services.referrals.rules.missing import WHY, why_missing

SEN = {"N": "No special educational need", "K": "SEN support", "E": "Education, health and care plan"}
"""The national codes of special educational need provision (school census)."""


@dataclass(frozen=True)
class Question:
    """A question: `label` as a card shows it, `asks` as a page puts it. `codes` are its answers, none: own words."""

    name: str
    label: str
    asks: str
    hint: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    longest: int = 200
    is_long: bool = False
    for_families: bool = True


_OF_PEOPLE = (
    Question("first_language", "First language", "What is their first language?"),
    Question(
        "interpreter",
        "Interpreter",
        "Do they need an interpreter? In which language?",
        "British Sign Language counts. Write “none” if they need none.",
    ),
    Question(
        "communication",
        "How to communicate",
        "What helps them to understand and be understood?",
        "For example large print, Easy Read, Braille, a hearing loop, signs, short sentences.",
        longest=500,
    ),
)
OF_CHILDREN = (
    *_OF_PEOPLE,
    Question("sen", "Special educational needs", "Do they have special educational needs?", codes=SEN),
    Question("gp", "GP", "Who is their GP?", "The surgery, and the doctor if you know."),
    Question(
        "health_visitor",
        "Health visitor or school nurse",
        "Who is their health visitor or school nurse?",
        "Name and team.",
        for_families=False,
    ),
)
OF_ADULTS = (
    *_OF_PEOPLE,
    Question(
        "ethnicity",
        "Ethnic group",
        "What is their ethnic group?",
        codes=ethnic_groups(),
        for_families=False,
    ),
)
OF_REQUESTS = (
    Question(
        "help_asked_for", "Help asked for", "What help is asked for?", "For example somebody to visit at home, a group, money advice.",
        longest=2000, is_long=True, for_families=False,
    ),
    Question(
        "children_say", "What the children say", "What do the children say themselves?", "Their own words if you can.",
        longest=5000, is_long=True,
    ),
)  # fmt: skip

COLUMNS_OF_CHILDREN = {
    "date_of_birth": "Date of birth",
    "ethnicity": "Ethnic group",
    "disabilities": "Disability",
    "school": "School",
    "nhs_number": "NHS number",
    "upn": "UPN",
}
"""What is kept in a column of its own and may be missing as well; for adults and requests below."""
COLUMNS_OF_ADULTS = {"date_of_birth": "Date of birth", "mobile": "Mobile number", "email": "E-mail address"}
COLUMNS_OF_REQUESTS = {"already_tried": "Tried already"}


def answers_of(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was answered to the questions, without those that were left empty or whose answer is missing."""
    answers = ((question.name, given[question.name]) for question in questions)
    return {name: answer for name, answer in answers if answer and not why_missing(answer)}


def in_words(question: Question, answers: Mapping[str, Any], missing: Mapping[str, str]) -> str:
    """Return the answer as a person reads it, or why there is none, or `` where nothing was said."""
    if question.name in missing:
        return WHY[missing[question.name]]
    answer = str(answers.get(question.name, ""))
    return question.codes.get(answer, answer)
