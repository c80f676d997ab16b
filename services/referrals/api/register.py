"""The register for programs that act as a person who may ask it."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema

from services.referrals.actions.register import Answer, Hit, Question, ask_register
from services.referrals.rules.register.answer import MAY_ASK, PURPOSES, purposes_for
from services.referrals.rules.register.fingerprints import Marks, home_of
from shared.errors import Forbidden
from shared.web.access import current_person, needs
from shared.web.app import database, resources
from shared.web.fields import Choice, Day, Line, NhsNumber, Postcode, Upn, YesNo

api = Blueprint("register", __name__, description="Is there already a plan, and who leads it?")


class QuestionSchema(Schema):
    """Whom somebody means, what for, and whether the family agreed that they ask."""

    given_name = Line("First name")
    family_name = Line("Last name")
    date_of_birth = Day("Date of birth", past=True)
    nhs_number = NhsNumber("NHS number")
    upn = Upn("UPN")
    first_line = Line("First line of the address")
    postcode = Postcode("Postcode")
    purpose = Choice("Why you ask", PURPOSES, required=True)
    has_consent = YesNo("Has the family agreed that you ask?", required=True)


@api.route("/register/search", methods=["POST"])
@api.arguments(QuestionSchema)
@api.response(200)
@needs(*MAY_ASK)
def search_register(body: dict[str, Any]) -> dict[str, Any]:
    """Return as much of what the register knows as the asker may learn; 422 when there is too little to go by."""
    by = current_person()
    if body["purpose"] not in purposes_for(by):
        raise Forbidden("This purpose is for the front door.")
    home = home_of([body["first_line"]], body["postcode"])
    names = ("given_name", "family_name", "date_of_birth", "nhs_number", "upn")
    about = Marks(**{name: body[name] for name in names}, homes=(home,) if home.postcode else ())
    with database().begin() as session:
        question = Question(about, body["purpose"], body["has_consent"])
        return _as_json(ask_register(session, question, by=by, rule=resources().authority.register))


def _as_json(answer: Answer) -> dict[str, Any]:
    if answer.scope == "nothing":
        return {"answered": answer.scope}
    told = {"answered": answer.scope, "is_known": bool(answer.hits), "has_open_plan": answer.has_open_plan}
    if answer.scope == "whether_a_plan_is_open":
        return told
    if answer.scope == "who_leads":
        return told | {"plans": [_plan(plan) for hit in answer.hits for plan in hit.plans]}
    return told | {"is_too_wide": answer.is_too_wide, "families": [_hit(hit) for hit in answer.hits]}


def _hit(hit: Hit) -> dict[str, Any]:
    marks = hit.person.marks
    born = marks.date_of_birth or marks.expected_on
    return {
        "family_id": str(hit.family_id),
        "given_name": marks.given_name,
        "family_name": marks.family_name,
        "born_or_expected_on": born.isoformat() if born else None,
        "reasons": list(hit.likeness.reasons),
        "is_twin": hit.likeness.is_twin,
        "plans": [_plan(plan) for plan in hit.plans],
        "references": [row.reference for row in hit.requests],
    }


def _plan(plan: Any) -> dict[str, str]:
    return {"plan_id": str(plan.plan_id), "led_by": plan.practitioner, "agency": plan.agency, "phone": plan.phone}
