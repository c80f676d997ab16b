"""What the chair writes to a family: plain words for each outcome, in the authority's own terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.panel.rules.wording import day_in_words


@dataclass(frozen=True, kw_only=True)
class Told:
    """A decision as its letter tells it. Nothing of it says who said what, or what is outstanding from whom.

    `before_meeting_on` is the London date of a decision that the chair made between meetings, else None.
    """

    outcome: str
    panel: str
    held_on: date
    details: Mapping[str, Any] = field(default_factory=dict)
    service: str = ""
    lead_practitioner: str = "lead practitioner"
    is_replacing: bool = False
    before_meeting_on: date | None = None

    @property
    def who(self) -> str:
        """Return who decided, as a sentence begins."""
        return "The chair of the panel" if self.before_meeting_on else "The panel"


_NOT_ACCEPTED = {
    "below_threshold": "Services that everybody can use can help with what your family needs now.",
    "above_threshold": "Your family needs more help than early help can give.",
    "already_open": "A service is working with your family already.",
    "out_of_area": "Your family lives in another council's area, which can help you.",
    "family_declined": "We understand that you do not want help now.",
    "other": "",
}
_ENDED = {
    "withdrawn": "The request was withdrawn.",
    "consent_withdrawn": "You told us that you do not agree any more.",
    "moved_away": "You have moved away.",
    "already_open": "A service is working with your family already.",
    "other": "",
}


def letter_paragraphs(told: Told) -> list[str]:
    """Return what a letter says of the decision, a paragraph each, before anything that was added."""
    opening = f"On {day_in_words(told.held_on)} the {told.panel} looked at the request for help for your family."
    if told.outcome in ("carry_over", "close"):
        opening = f"A request for help for your family was to be looked at by the {told.panel}."
    elif told.before_meeting_on:
        opening = (
            f"On {day_in_words(told.before_meeting_on)} the chair of the {told.panel} decided about the request for help"
            " for your family, because it could not wait for the panel's next meeting."
        )
    replaces = ["This letter replaces the one that we sent you before."] if told.is_replacing else []
    return [*replaces, opening, *_SAID[told.outcome](told)]


def for_a_child(name: str, outcome: str, service: str) -> str:
    """Return the sentence for a child for whom something else was decided."""
    said = {
        "allocate": f"the panel thinks that {service or 'a service of their own'} can help as well. We have asked them about it",
        "recommend": "the panel recommends a service of their own. Please ask us about it",
        "signpost": "there is help that can be used without a referral. Please ask us about it",
        "plan_advice": "the panel has advice for the plan that there is",
        "step_up": "the panel has asked children's social care to look at what is needed",
        "not_accepted": "the panel does not offer help now",
        "close": "the request has ended",
    }.get(outcome, "")
    if not said:
        return ""
    return f"For {name}, {said}."


def _allocate(told: Told) -> list[str]:
    by = _day(told.details.get("first_contact_by_on"))
    return [
        f"{told.who} thinks that {told.service or 'a service'} can help, and we have asked them to."
        + (f" You should hear from them by {by}." if by else ""),
        "They will first look with you at what you need, and say whether they can help with it. Whether you take"
        f" their help is for you to decide. One person, your {told.lead_practitioner}, will keep things together.",
    ]


def _recommend(told: Told) -> list[str]:
    agreed = told.details.get("family_agreed")
    asks = f"{told.details.get('referred_by', 'We')} will ask them for you" + ("." if agreed else ", if you agree.")
    return [f"{told.who} recommends {told.details.get('service', 'a service')}. {asks}"]


def _signpost(told: Told) -> list[str]:
    return [
        f"There is help that you can use without a referral: {told.details.get('where', '')}.",
        f"{told.details.get('told_by', 'We')} can tell you more about it.",
    ]


def _plan_advice(told: Told) -> list[str]:
    day = _day(told.details.get("review_on"))
    return [
        f"You have a plan already. {told.who} has given advice for it to the people who work with you.",
        f"The plan is looked at again with you by {day}." if day else "",
    ]


def _more_information(told: Told) -> list[str]:
    return [f"{told.who} could not decide yet, because more has to be known. We have asked for it.", _comes_back(told)]


def _consent_outstanding(told: Told) -> list[str]:
    return [f"{told.who} could not decide yet, because we do not have every agreement that we need.", _comes_back(told)]


def _step_up(told: Told) -> list[str]:
    return [
        f"{told.who} thinks that your family needs more help than early help can give. Children's social care is asked"
        " to look at this. They will talk with you about it."
    ]


def _not_accepted(told: Told) -> list[str]:
    return [
        f"{told.who} does not offer your family a service now.",
        _NOT_ACCEPTED.get(str(told.details.get("reason")), ""),
        "If things change, you can ask again at any time.",
    ]


def _carry_over(told: Told) -> list[str]:
    return ["The panel did not come to it. We are sorry that you have to wait.", _comes_back(told)]


def _close(told: Told) -> list[str]:
    return [
        "The request has ended, and the panel will not look at it.",
        _ENDED.get(str(told.details.get("reason")), ""),
        "If things change, you can ask again at any time.",
    ]


def _comes_back(told: Told) -> str:
    day = _day(told.details.get("returns_on"))
    if day:
        return f"The panel looks at it again on {day}."
    return "The panel looks at it again at its next meeting with room. We will write to you again."


def _day(value: Any) -> str:
    return day_in_words(date.fromisoformat(str(value))) if value else ""


_SAID: Mapping[str, Callable[[Told], Sequence[str]]] = {
    "allocate": _allocate,
    "recommend": _recommend,
    "signpost": _signpost,
    "plan_advice": _plan_advice,
    "more_information": _more_information,
    "consent_outstanding": _consent_outstanding,
    "step_up": _step_up,
    "not_accepted": _not_accepted,
    "carry_over": _carry_over,
    "close": _close,
}
