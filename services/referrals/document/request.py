"""The whole request document. What must hold between its parts is in `rules/request_document.py`."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from services.referrals.document.answers import OrMissing, fields_of
from services.referrals.document.consent import ConsentSchema
from services.referrals.document.people import (
    AddressSchema,
    AdultSchema,
    ChildSchema,
    OtherSchema,
    ProfessionalSchema,
    Ref,
)
from services.referrals.rules import choices
from services.referrals.rules.questions import OF_REQUESTS
from services.referrals.rules.safeguarding_check import SAID
from shared.web.fields import Choice, Choices, Day, Email, Line, Phone, Words


class ReferrerSchema(Schema):
    """Who asks, and how to answer them."""

    source = Choice("Who the request comes from", choices.sources(), required=True)
    name = Line("Name", required=True)
    role = Line("Role")
    organisation = Line("Organisation")
    email = Email("E-mail address")
    phone = Phone("Telephone number")
    taken_by = Line("Name of who wrote it down")


class LevelSeenSchema(Schema):
    """The level of need that a professional sees; a number means nothing without its scheme."""

    scheme = Line("Scheme", required=True)
    version = Line("Version of the scheme", required=True)
    number = fields.Integer(strict=True, required=True)


class SafeguardingSchema(Schema):
    """What the sender answered when asked whether this should be a safeguarding referral."""

    answer = Choice("Whether this should be a safeguarding referral", SAID, required=True)
    why_not = Words("Why this is not a safeguarding referral", longest=1000)


class ContactSchema(Schema):
    """Who of the family is told."""

    adult = Ref(required=True)
    notes = Words("When and how to make contact", longest=1000)


class KeyEventSchema(Schema):
    """What happened, and when: a day, a month or a year, in words, as far as it is known."""

    when = Line("When it happened", longest=60, required=True)
    what = Words("What happened", longest=1000, required=True)


class PaperSchema(Schema):
    """A paper of a step-down."""

    kind = Choice("Kind of paper", choices.PAPER_KINDS, required=True)
    title = Line("Title", required=True)
    dated_on = Day("Date of the paper", required=True, past=True)
    text = Words("Text", required=True, longest=50_000)


class StepDownSchema(Schema):
    """What a social worker brings."""

    from_plan = Choice("Plan that is ending", choices.FROM_PLANS, required=True)
    decided_on = Day("Date of the review that decided", required=True, past=True)
    closure_reason = Choice("Reason for closure", choices.closure_reasons(), required=True)
    lead_practitioner_named = Line("Person named to lead")
    outstanding_actions = fields.List(
        Line("Outstanding action", required=True, longest=1000),
        load_default=[],
        validate=Length(max=30, error="Give 30 outstanding actions at most"),
    )
    papers = fields.List(
        fields.Nested(PaperSchema),
        required=True,
        validate=Length(min=1, max=20, error="Add 1 to 20 papers"),
        error_messages={"required": "Add the papers"},
    )


def _several(schema: type[Schema], least: int, most: int, missing: str) -> fields.Field[Any]:
    shape = Length(min=least, max=most, error=f"{missing}: {least} to {most}")
    words: dict[str, Any] = {"required": missing}
    if not least:
        return fields.List(fields.Nested(schema), load_default=list, validate=shape, error_messages=words)
    return fields.List(fields.Nested(schema), required=True, validate=shape, error_messages=words)


class RequestDocument(Schema):
    """A request for help, or for a step-down."""

    class Meta:
        """The questions of `rules/questions.py` are fields as well."""

        include = fields_of(OF_REQUESTS)

    kind = Choice("Kind of request", choices.KINDS, required=True)
    locality = Line("Locality")
    urgency = Choice("Urgency", choices.URGENCIES, required=True)
    referrer = fields.Nested(ReferrerSchema, required=True, error_messages={"required": "Say who is asking"})
    addresses = _several(AddressSchema, 1, 10, "Add an address")
    children = _several(ChildSchema, 1, 15, "Add a child")
    adults = _several(AdultSchema, 1, 15, "Add an adult")
    others = _several(OtherSchema, 0, 20, "Add other people")
    contact = fields.Nested(ContactSchema, required=True, error_messages={"required": "Say who is to be told"})
    professionals = _several(ProfessionalSchema, 0, 20, "Add professionals")
    key_events = _several(KeyEventSchema, 0, 30, "Add key dates")
    needs = Choices("At least one need", choices.needs(), fewest=1)
    working_well = Words("What is working well", required=True)
    worried_about = Words("What you are worried about", required=True)
    needs_to_happen = Words("What needs to happen", required=True)
    already_tried = OrMissing(Words("What has been tried"))
    safeguarding = fields.Nested(SafeguardingSchema, load_default=None, allow_none=True)
    level_seen = fields.Nested(LevelSeenSchema, load_default=None, allow_none=True)
    consent = fields.Nested(ConsentSchema, required=True, error_messages={"required": "Answer the consent questions"})
    step_down = fields.Nested(StepDownSchema, load_default=None, allow_none=True)
