"""What every decision must record: the set that the panel's outcomes need, checked for each."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from services.panel.both_doors.decision_fields import Options, always, details_of
from services.panel.rules.decisions import OUTCOMES, Follows

MUST_RECORD = {
    "allocate": {"service_id", "needs", "first_contact_by_on"},
    "recommend": {"service", "referred_by", "family_agreed"},
    "signpost": {"where", "told_by"},
    "plan_advice": {"review_on"},
    "more_information": {"what", "from_whom", "by_on", "clock_paused", "told_by"},
    "consent_outstanding": {"whose", "attempts", "deadline_on", "without"},
    "step_up": {"by_whom", "sent_on", "consent_sought"},
    "not_accepted": {"reason", "feedback"},
    "carry_over": {"reason"},
    "close": {"reason"},
}
OPTIONS = Options(services={"s": "Steps"}, members={"m": "Mo"})
FULL: dict[str, Any] = {
    "service_id": "s",
    "needs": ["5"],
    "family_agreed": True,
    "clock_paused": False,
    "consent_sought": True,
    "without": "close",
}
REASONS = {"not_accepted": "other", "carry_over": "capacity", "close": "moved_away"}


def complete(outcome: str) -> dict[str, Any]:
    """Return values for all that an outcome must record."""
    day = (date.today() + timedelta(days=30)).isoformat()
    said = {name: FULL.get(name, day if name.endswith("_on") else "Words") for name in MUST_RECORD[outcome]}
    return said | ({"reason": REASONS[outcome]} if outcome in REASONS else {}) | {"reasons": "Because."}


def load(outcome: str, values: dict[str, Any]) -> dict[str, Any]:
    return dict(Schema.from_dict({**details_of(outcome, OPTIONS), **always(OPTIONS)})().load(values))


def test_every_outcome_says_what_it_must_record() -> None:
    assert set(MUST_RECORD) == set(OUTCOMES)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_decision_with_all_of_it_is_taken(outcome: str) -> None:
    load(outcome, complete(outcome))


@given(data=st.data(), outcome=st.sampled_from(sorted(OUTCOMES)))
def test_a_decision_without_one_of_them_is_refused_at_that_one(data: st.DataObject, outcome: str) -> None:
    missing = data.draw(st.sets(st.sampled_from(sorted(MUST_RECORD[outcome] | {"reasons"})), min_size=1))
    values = {name: value for name, value in complete(outcome).items() if name not in missing}
    with pytest.raises(ValidationError) as refusal:
        load(outcome, values)
    assert set(refusal.value.messages_dict) == missing


@pytest.mark.parametrize("outcome", [code for code, one in OUTCOMES.items() if one.comes_back_on])
def test_who_comes_back_says_from_which_day(outcome: str) -> None:
    assert OUTCOMES[outcome].follows is Follows.QUEUED
    assert OUTCOMES[outcome].comes_back_on in MUST_RECORD[outcome]
