"""What the check page says of a family that we may know already, to whoever may know of it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.referrals.actions.document_rows import marks_of
from services.referrals.actions.register import KnownAlready, known_already
from services.referrals.document import RequestDocument
from services.referrals.rules import journey
from services.referrals.rules.asked_consent import is_asking_agreed_to
from services.referrals.rules.register.answer import MAY_ASK
from services.referrals.rules.register.fingerprints import home_of
from shared.web.access import person_or_none
from shared.web.app import resources, today


def family_known_already(
    session: Session, content: journey.Content, document: Mapping[str, Any]
) -> KnownAlready | None:
    """Return families that may be the one of the answers so far; None where nobody is told, or they are not whole."""
    by = person_or_none()
    if by is None or not by.has(*MAY_ASK):
        return None
    try:
        checked: Mapping[str, Any] = RequestDocument().load(document)
    except ValidationError:
        return None
    homes = {home["ref"]: home_of(home["lines"], home["postcode"], home["to_on"]) for home in checked["addresses"]}
    names = journey.people(content)
    asked = [(names[one["ref"]], marks_of(one, homes)) for one in (*checked["children"], *checked["adults"])]
    authority = resources().authority
    agreed = is_asking_agreed_to(checked, names, authority.consent, today())
    return known_already(session, asked, by=by, has_consent=agreed, rule=authority.register)
