"""What each person of a request answered about consent, question by question."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from services.referrals.document.people import Names, Ref
from services.referrals.rules.choices import HOW
from services.referrals.rules.consent_choices import ANSWERS
from shared.web.fields import Choice, ClockTime, Day, Line, Words

_MOST_PEOPLE = 30


class CompetenceSchema(Schema):
    """Why a younger child understands enough to answer for themselves (Gillick): who judged it, when, and why."""

    judged_by = Line("Name of who judged it", required=True)
    judged_on = Day("Date when it was judged", required=True, past=True)
    because = Words("Why they understand enough", required=True, longest=2000)


class AnswerSchema(Schema):
    """What one person answered to one question; `wording` is the version of the words that they were shown."""

    by = Ref(required=True)
    answer = Choice("What they answered", ANSWERS, required=True)
    how = Choice("How they answered", HOW)
    on = Day("Date when they answered", past=True)
    at_time = ClockTime("Time when they answered")
    place = Line("Where they answered")
    obtained_by = Line("Name of who asked them")
    wording = Line("Version of the wording", longest=60)
    note = Words("Note on the answer", longest=1000)
    competence = fields.Nested(CompetenceSchema, load_default=None, allow_none=True)


class ShareAnswerSchema(AnswerSchema):
    """An answer about sharing, with the agencies that it names and those that it leaves out."""

    with_agencies = Names("Agency that it may be shared with")
    not_with = Names("Agency that must not know")


def _answers(schema: type[Schema], missing: str) -> fields.Field[Any]:
    return fields.List(
        fields.Nested(schema),
        required=True,
        validate=Length(max=_MOST_PEOPLE, error=f"Give {_MOST_PEOPLE} answers at most"),
        error_messages={"required": missing},
    )


class ConsentSchema(Schema):
    """The three questions, each with the answers of those who were asked; empty where nobody was."""

    to_ask = _answers(AnswerSchema, "Say whether the family agreed")
    to_share = _answers(ShareAnswerSchema, "Say whether the family agreed to sharing")
    to_research = _answers(AnswerSchema, "Say whether the family agreed to research")
