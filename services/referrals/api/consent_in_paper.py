"""The consent part of a family's paper: what holds now, and each person's newest answer."""

from datetime import date
from typing import Any

from services.referrals.queries.consent import consent_of, newest_answers, people_of
from services.referrals.rules.choices import HOW
from services.referrals.rules.consent_choices import KINDS, SHOWN
from services.referrals.rules.consent_people import people_to_ask
from services.referrals.tables import ConsentRow, RequestRow
from shared.authority import ConsentRules


def consent_in_paper(request: RequestRow, rules: ConsentRules, today: date) -> dict[str, Any]:
    """Return what a panel and an agency may know of the consent of a request.

    `may_share` says whether others may read the paper, `overridden` for which outcomes it goes on without consent.
    """
    consent = consent_of(request, rules, today)
    names = request.names
    newest = newest_answers(request)
    return {
        "may_share": consent.may_share or bool(consent.overridden),
        "overridden": sorted(consent.overridden),
        "why_not": list(consent.why_not),
        "not_with": list(consent.not_with),
        "named": list(consent.named),
        "may_agree": [{"ref": ref, "name": names[ref]} for ref in _counting(request, rules, today)],
        **{
            kind: [_answer(row, names[ref]) for (ref, asked), row in newest.items() if asked == kind and ref in names]
            for kind in KINDS
        },
    }


def _counting(request: RequestRow, rules: ConsentRules, today: date) -> list[str]:
    """Return whose answers count: by the authority's rules, and children who were judged competent."""
    counting = [one.ref for one in people_to_ask(people_of(request), rules, today)]
    judged = [row.by_ref for row in request.consents if row.judged_by and rules.gillick]
    return [ref for ref in dict.fromkeys(counting + judged) if ref in request.who_may_agree]


def _answer(row: ConsentRow, name: str) -> dict[str, Any]:
    return {
        "by": row.by_ref,
        "name": name,
        "answer": row.answer,
        "answer_label": SHOWN[row.answer],
        "how": row.how,
        "how_label": HOW.get(row.how, ""),
        "on": row.answered_on.isoformat() if row.answered_on else None,
        "at_time": row.at_time,
        "place": row.place,
        "obtained_by": row.obtained_by,
        "wording": row.wording,
    }
