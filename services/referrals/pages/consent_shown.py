"""The consent of a request as its pages show it: what holds now, each person's newest answers, and what is to be done."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.referrals.queries.consent import consent_of, newest_answers, people_of, says_no
from services.referrals.rules import consent_choices
from services.referrals.rules.consent import Consent
from services.referrals.rules.consent_people import people_to_ask
from services.referrals.rules.consent_tasks import confirm_task, consent_tasks, left_out_task, other_requests_task
from services.referrals.rules.stages import ON_ITS_WAY
from services.referrals.tables import ConsentOverrideRow, ConsentRow, RequestRow
from shared.authority import ConsentRules
from shared.working_days import working_days_after


def consent_shown(
    row: RequestRow,
    rules: ConsentRules,
    today: date,
    *,
    leading: Sequence[str] = (),
    others: Sequence[RequestRow] = (),
) -> dict[str, Any]:
    """Return what a page needs to show the consent of a request.

    `leading` are the agencies that lead its family's plans, `others` the family's other requests.
    """
    consent = consent_of(row, rules, today)
    go_on = [other.reference for other in others if other.stage in ON_ITS_WAY] if says_no(row) else []
    return {
        "consent": consent,
        "answers": newest_answers(row),
        "people_asked": _people_asked(row, rules, today),
        "override": standing_override(row),
        "consent_choices": consent_choices,
        "consent_tasks": [
            *_tasks(row, consent, rules, today),
            *other_requests_task(go_on),
            *left_out_task(leading, consent.not_with),
        ],
    }


def standing_override(row: RequestRow) -> ConsentOverrideRow | None:
    """Return the safeguarding override that stands, or None."""
    last = row.consent_overrides[-1] if row.consent_overrides else None
    return last if last and last.what_for else None


def _people_asked(row: RequestRow, rules: ConsentRules, today: date) -> dict[str, str]:
    """Return who answered or has to, by ref with how they are called: those who have to first."""
    names = row.who_may_agree
    refs = [one.ref for one in people_to_ask(people_of(row), rules, today)] + [answer.by_ref for answer in row.consents]
    return {ref: names[ref] for ref in dict.fromkeys(refs) if ref in names}


def _tasks(row: RequestRow, consent: Consent, rules: ConsentRules, today: date) -> list[str]:
    tasks = consent_tasks(row.stage, consent.why_not, is_overridden=bool(consent.overridden))
    spoken = [answer.answered_on for answer in newest_answers(row).values() if _is_spoken(answer)]
    days = [day for day in spoken if day]
    due_on = working_days_after(min(days), rules.confirm_within_working_days) if days else None
    return tasks + confirm_task(
        is_given=consent.may_share, is_in_writing=consent.is_in_writing, due_on=due_on, today=today
    )


def _is_spoken(answer: ConsentRow) -> bool:
    return answer.kind != "to_research" and answer.answer == "given" and answer.how == "verbal"
