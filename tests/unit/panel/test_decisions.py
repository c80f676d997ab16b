"""What a panel may decide, and what has to be said for it."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules import decisions as rules
from shared.agencies import is_excluded
from shared.errors import Conflict, Invalid

SOMEBODY = uuid4()


def may_decide(**given: object) -> None:
    circumstances = {
        "meeting_state": "in_session",
        "item_state": "placed",
        "is_let_go": False,
        "is_correction": False,
    }
    rules.check_may_decide(**(circumstances | given))  # type: ignore[arg-type]


def test_a_decision_is_made_while_the_meeting_sits() -> None:
    may_decide()


@pytest.mark.parametrize("state", ["planned", "agenda_closed", "ended", "cancelled"])
def test_no_first_decision_is_made_outside_the_meeting(state: str) -> None:
    with pytest.raises(Conflict):
        may_decide(meeting_state=state)


def test_a_correction_can_come_after_the_meeting() -> None:
    may_decide(meeting_state="ended", item_state="heard", is_correction=True)


def test_nothing_is_decided_about_a_family_that_left_the_agenda() -> None:
    with pytest.raises(Conflict):
        may_decide(item_state="removed")


def test_nothing_is_corrected_about_a_family_that_was_let_go_after_it_was_heard() -> None:
    with pytest.raises(Conflict, match="left the agenda"):
        may_decide(meeting_state="ended", item_state="heard", is_correction=True, is_let_go=True)


def test_a_chair_without_a_part_hands_the_item_over() -> None:
    deputy = uuid4()
    with pytest.raises(Invalid) as refusal:
        rules.check_chair_of_item(SOMEBODY, may_chair={SOMEBODY, deputy}, without_part={SOMEBODY})
    assert "chaired_by" in refusal.value.errors
    rules.check_chair_of_item(deputy, may_chair={SOMEBODY, deputy}, without_part={SOMEBODY})


def test_an_ordinary_member_does_not_chair_an_item() -> None:
    with pytest.raises(Invalid):
        rules.check_chair_of_item(SOMEBODY, may_chair=set(), without_part=set())


def test_a_second_decision_has_to_know_the_first() -> None:
    first = uuid4()
    with pytest.raises(rules.AlreadyDecided):
        rules.check_supersedes(first, None)
    with pytest.raises(rules.AlreadyDecided):
        rules.check_supersedes(first, uuid4())
    rules.check_supersedes(first, first)
    rules.check_supersedes(None, None)


def test_a_closed_service_takes_nobody() -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_offer("Riverside Housing", is_open=False, not_with=[])
    assert "service_id" in refusal.value.errors


@pytest.mark.parametrize(
    "said",
    [
        "Riverside Housing",
        "riverside  housing",
        "Riverside-Housing",
        "RIVERSIDE HOUSING ",
        "the Riverside Housing Association",
    ],
)
def test_an_agency_that_the_family_excluded_is_not_told(said: str) -> None:
    with pytest.raises(Invalid):
        rules.check_offer("Riverside Housing", is_open=True, not_with=[said])


def test_a_longer_name_of_an_excluded_agency_counts_too() -> None:
    assert is_excluded("Riverside Housing Association", ["Riverside Housing"])


def test_a_like_name_is_another_agency() -> None:
    assert not is_excluded("Riverside School", ["Riverside Housing"])
    assert not is_excluded("Riversideways", ["Riverside"])
    assert not is_excluded("Riverside Housing", [])
    assert not is_excluded("Riverside Housing", ["", "  "])


@given(st.text(min_size=1))
def test_an_agency_named_exactly_is_excluded_whatever_its_letters(name: str) -> None:
    if any(letter.isalnum() for letter in name):
        assert is_excluded(name, [name])


def test_an_action_of_an_excluded_agency_says_which() -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_actions(["School", "Riverside Housing"], ["Riverside Housing"])
    assert list(refusal.value.errors["actions"]) == [1]


def test_a_step_up_without_consent_says_why() -> None:
    with pytest.raises(Invalid):
        rules.check_details("step_up", {"consent_sought": False, "why_not": ""}, actions=0)
    rules.check_details("step_up", {"consent_sought": False, "why_not": "It would put a child at risk"}, actions=0)
    rules.check_details("step_up", {"consent_sought": True}, actions=0)


def test_advice_for_a_plan_has_an_action() -> None:
    with pytest.raises(Invalid):
        rules.check_details("plan_advice", {}, actions=0)
    rules.check_details("plan_advice", {}, actions=1)


OUTCOMES = st.sampled_from(sorted(rules.OUTCOMES))


@given(outcome=OUTCOMES, day=st.dates())
def test_only_a_family_that_waits_for_something_has_a_first_day(outcome: str, day: date) -> None:
    details = dict.fromkeys(("by_on", "deadline_on", "review_on", "sent_on"), day)
    back = rules.comes_back_on(outcome, details)
    assert (back == day) == (outcome in ("more_information", "consent_outstanding"))


@given(
    outcome=OUTCOMES,
    ended=st.booleans(),
    offer=st.sampled_from(["offered", "accepted", "declined", "withdrawn"]),
    waits=st.sampled_from(rules.Waits),
)
def test_a_correction_undoes_only_what_has_not_moved_on(
    outcome: str, ended: bool, offer: str, waits: rules.Waits
) -> None:
    can_leave = waits is rules.Waits.WHERE_IT_CAN_LEAVE
    can = {
        rules.Follows.OFFERED: offer == "offered",
        rules.Follows.QUEUED: can_leave and not (ended and outcome == rules.CARRY_OVER),
        rules.Follows.ENDED: True,
    }[rules.OUTCOMES[outcome].follows]
    try:
        rules.check_can_be_corrected(outcome, meeting_ended=ended, offer_state=offer, waits=waits)
    except rules.CannotBeCorrected:
        assert not can
    else:
        assert can


@pytest.mark.parametrize(
    ("outcome", "offer", "waits", "words"),
    [
        ("allocate", "accepted", rules.Waits.NO_LONGER, "agency has taken the family on"),
        ("allocate", "declined", rules.Waits.WHERE_IT_CAN_LEAVE, "The agency declined"),
        ("allocate", "withdrawn", rules.Waits.WHERE_IT_CAN_LEAVE, "offer was taken back"),
        ("more_information", None, rules.Waits.ON_CLOSED_AGENDA, "closed agenda of a later meeting"),
        ("more_information", None, rules.Waits.NO_LONGER, "later meeting has heard"),
    ],
)
def test_who_cannot_correct_is_told_what_is_the_case(
    outcome: str, offer: str | None, waits: rules.Waits, words: str
) -> None:
    with pytest.raises(rules.CannotBeCorrected, match=words):
        rules.check_can_be_corrected(outcome, meeting_ended=False, offer_state=offer, waits=waits)


def test_dissent_says_whose_it_is_and_what_it_is_about() -> None:
    stranger = uuid4()
    for text, by in (("No", []), ("", [SOMEBODY]), ("No", [stranger])):
        with pytest.raises(Invalid):
            rules.check_dissent(text, by, seated={SOMEBODY})
    rules.check_dissent("", [], seated=set())
    rules.check_dissent("No", [SOMEBODY], seated={SOMEBODY})


def test_advice_for_a_plan_says_who_leads_unless_that_is_known() -> None:
    with pytest.raises(Invalid):
        rules.check_lead("plan_advice", {"lead": ""}, has_plan=False)
    rules.check_lead("plan_advice", {"lead": ""}, has_plan=True)
    rules.check_lead("plan_advice", {"lead": "The school"}, has_plan=False)
    rules.check_lead("signpost", {}, has_plan=False)
