"""What holds about a request's consent: whether it may be taken up and shared, with whom, and where it may go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.referrals.rules.consent_choices import KINDS, WHAT_FOR
from services.referrals.rules.consent_people import Someone
from services.referrals.rules.consent_verdict import Answer, Verdict, verdict
from shared.authority import ConsentRules

_ASK_FIRST = "Ask for consent first, or raise safeguarding."


@dataclass(frozen=True)
class Consent:
    """What holds about a request now. `overridden` are the outcomes that a safeguarding override lets through."""

    verdicts: Mapping[str, Verdict]
    not_with: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    overridden: frozenset[str] = field(default_factory=frozenset)

    @property
    def may_ask(self) -> bool:
        """Say whether the request may be taken up."""
        return self.verdicts["to_ask"].is_given

    @property
    def may_share(self) -> bool:
        """Say whether it may be shared with those who may help."""
        return self.may_ask and self.verdicts["to_share"].is_given

    @property
    def is_in_writing(self) -> bool:
        """Say whether what lets it be shared was given in writing."""
        return all(self.verdicts[kind].is_in_writing for kind in ("to_ask", "to_share"))

    @property
    def why_not(self) -> tuple[str, ...]:
        """Return why it may not be taken up or shared, each reason once."""
        reasons = (*self.verdicts["to_ask"].why_not, *self.verdicts["to_share"].why_not)
        return tuple(dict.fromkeys(reasons))


def consent_now(
    people: Sequence[Someone],
    answers: Sequence[Answer],
    rules: ConsentRules,
    *,
    today: date,
    overridden: Collection[str] = (),
) -> Consent:
    """Return what holds about a request; `answers` are in the order in which they were recorded."""
    newest = {answer.by: answer for answer in answers if answer.kind == "to_share"}
    given = [answer for answer in newest.values() if answer.answer == "given"]
    return Consent(
        verdicts={kind: verdict(kind, people, answers, rules, today=today) for kind in KINDS},
        not_with=tuple(dict.fromkeys(name for answer in newest.values() for name in answer.not_with)),
        named=tuple(dict.fromkeys(name for answer in given for name in answer.with_agencies)),
        overridden=frozenset(overridden),
    )


def refusals(consent: Consent, rules: ConsentRules) -> dict[str, str]:
    """Return why triage may not send a request on, by outcome; an outcome that it may choose is left out.

    A safeguarding override lets an outcome through. It never lets an agency know that the family leaves out.
    """
    return {
        outcome: refusal
        for outcome in WHAT_FOR
        if outcome not in consent.overridden and (refusal := _refusal(outcome, consent, rules))
    }


def must_stop(consent: Consent, outcome: str) -> bool:
    """Say whether a request that triage sent on must stop: it is not agreed to, and no override lets it go on."""
    return not consent.may_share and outcome not in consent.overridden


def _refusal(outcome: str, consent: Consent, rules: ConsentRules) -> str:
    if not consent.may_ask:
        return f"The family has not agreed to this request. {' '.join(consent.why_not)} {_ASK_FIRST}"
    if not consent.may_share:
        return f"The family has not agreed to share this with others. {' '.join(consent.why_not)} {_ASK_FIRST}"
    waits = rules.in_writing_before == "others" or (rules.in_writing_before == "panel" and outcome == "panel")
    if waits and not consent.is_in_writing:
        return "The family has agreed by word of mouth only. Have it signed and record that, or raise safeguarding."
    return ""
