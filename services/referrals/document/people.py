"""The people and addresses of a request document."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from services.referrals.document.answers import OrMissing, fields_of
from services.referrals.rules import choices
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN
from shared.web.fields import Choice, Choices, Day, Email, Line, NhsNumber, Phone, Postcode, Upn, Words, YesNo

NAMED_AT_MOST = Length(max=20, error="Give 20 at most")
ATTENDANCE = Range(min=0, max=100, error="Attendance must be from 0 to 100 percent")


class Ref(Line):
    """How one part of a document points at another."""

    def __init__(self, **options: Any) -> None:
        super().__init__("Ref", longest=40, **options)


class Names(fields.List[Any]):
    """Several names, at most 20."""

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__(Line(label, required=True), load_default=[], validate=NAMED_AT_MOST)


class Refs(fields.List[Any]):
    """Several refs, at most 30."""

    def __init__(self) -> None:
        super().__init__(Ref(required=True), load_default=[], validate=Length(max=30, error="Give 30 at most"))


class SchoolSchema(Schema):
    """A school, nursery or college."""

    name = Line("School, nursery or college", required=True)
    attendance_percent = OrMissing(
        fields.Integer(
            strict=True,
            allow_none=True,
            load_default=None,
            validate=ATTENDANCE,
            error_messages={"invalid": "Attendance must be a whole number"},
        ),
        "Attendance",
    )


class ChildSchema(Schema):
    """A child: born, with a name and a date of birth, or expected, with the date when, and named only when it has a name."""

    class Meta:
        """The questions of `rules/questions.py` are fields as well."""

        include = fields_of(OF_CHILDREN)

    ref = Ref(required=True)
    given_name = Line("Given name")
    family_name = Line("Family name")
    also_known_as = Names("Other name")
    date_of_birth = OrMissing(Day("Date of birth", past=True))
    expected_on = Day("The date when the baby is expected")
    sex = Choice("Sex", choices.SEXES, required=True)
    ethnicity = OrMissing(Choice("Ethnic group", choices.ethnicities(), required=True))
    disabilities = OrMissing(Choices("Disabilities, or none", choices.disabilities(), fewest=1))
    nhs_number = OrMissing(NhsNumber("NHS number"))
    upn = OrMissing(Upn("UPN"))
    school = OrMissing(fields.Nested(SchoolSchema, load_default=None, allow_none=True), "School")
    lives_at = Refs()


class AdultSchema(Schema):
    """An adult of the family."""

    class Meta:
        """The questions of `rules/questions.py` are fields as well."""

        include = fields_of(OF_ADULTS)

    ref = Ref(required=True)
    given_name = Line("Given name", required=True)
    family_name = Line("Family name", required=True)
    also_known_as = Names("Other name")
    date_of_birth = OrMissing(Day("Date of birth", past=True))
    relationship = Choice("Relationship to the children", choices.RELATIONSHIPS, required=True)
    parental_responsibility = Choice("Parental responsibility", choices.PARENTAL_RESPONSIBILITIES, required=True)
    primary_carer = YesNo("Main carer", required=True)
    lives_at = Refs()
    email = OrMissing(Email("E-mail address"))
    mobile = OrMissing(Phone("Mobile number"))
    safe_channels = Choices("Safe ways to make contact", choices.CHANNELS)


class OtherSchema(Schema):
    """Somebody else in or outside the home who matters to the children, of whom no more is asked."""

    name = Line("Name", required=True)
    relationship = Line("What they are to the children", required=True)
    lives_with_children = Choice("Do they live with the children?", choices.LIVES_WITH_CHILDREN, required=True)
    about = Words("What matters about them", longest=1000)


class AddressSchema(Schema):
    """An address, and whether it is safe to write there."""

    ref = Ref(required=True)
    lines = fields.List(
        Line("Address line", required=True),
        required=True,
        validate=Length(min=1, max=5, error="An address has 1 to 5 lines, town and postcode beside"),
        error_messages={"required": "Enter the address"},
    )
    town = Line("Town or city", required=True)
    postcode = Postcode("Postcode", required=True)
    may_write = YesNo("Is it safe to write to this address?", required=True)
    not_disclosed_to = Names("Name of somebody who must not learn the address")
    from_on = Day("Start date")
    to_on = Day("End date")


class ProfessionalSchema(Schema):
    """A professional who knows the family."""

    name = Line("Name", required=True)
    role = Line("Role")
    organisation = Line("Organisation")
    email = Email("E-mail address")
    phone = Phone("Telephone number")
