"""The register: ask whether a family is known and who leads its plan."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.referrals.actions.register import Answer, Question, ask_register
from services.referrals.pages import pages
from services.referrals.rules.register.answer import MAY_ASK, purposes_for
from services.referrals.rules.register.fingerprints import Marks, home_of
from services.referrals.rules.stages import STAGES
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, resources
from shared.web.fields import Choice, Day, Line, NhsNumber, Postcode, Upn, YesNo
from shared.web.forms import Form, PageForm, read_form, show_form


@pages.get("/register")
@needs(*MAY_ASK)
def register() -> str:
    """Ask whom somebody means, and what for."""
    return _page(show_form(_form()))


@pages.post("/register")
@needs(*MAY_ASK)
def post_register() -> ResponseReturnValue:
    """Answer on the same page, so that nothing that was asked stands in an address."""
    form = read_form(_form(), request.form)
    answer = None
    if not form.errors:
        try:
            with database().begin() as session:
                rule = resources().authority.register
                answer = ask_register(session, _question(form.values), by=current_person(), rule=rule)
        except Invalid as refusal:
            form.add_refusal(refusal)
    return _page(form, answer), 422 if form.errors else 200


def _form() -> PageForm:
    made: dict[str, Any] = {
        "given_name": Line("First name"),
        "family_name": Line("Last name"),
        "date_of_birth": Day("Date of birth", past=True),
        "nhs_number": NhsNumber("NHS number"),
        "upn": Upn("UPN"),
        "first_line": Line("First line of the address"),
        "postcode": Postcode("Postcode"),
        "purpose": Choice("Why you ask", purposes_for(current_person()), required=True),
        "has_consent": YesNo("Has the family agreed that you ask?", required=True),
    }
    return PageForm.from_dict(made)()  # type: ignore[return-value]


def _question(values: dict[str, Any]) -> Question:
    home = home_of([values["first_line"]], values["postcode"])
    about = Marks(
        given_name=values["given_name"],
        family_name=values["family_name"],
        date_of_birth=values["date_of_birth"],
        nhs_number=values["nhs_number"],
        upn=values["upn"],
        homes=(home,) if home.postcode else (),
    )
    return Question(about, values["purpose"], values["has_consent"])


def _page(form: Form, answer: Answer | None = None) -> str:
    return render_template(
        "referrals/register/register.html",
        form=form,
        answer=answer,
        stages=STAGES,
        purposes=purposes_for(current_person()),
        is_front_door=current_person().has("front_door"),
    )
