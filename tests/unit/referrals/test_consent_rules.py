"""Whether answers about consent are enough: whose count, the newest of each, and the authority's rules."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.consent import Consent, consent_now, must_stop, refusals
from services.referrals.rules.consent_choices import KINDS
from services.referrals.rules.consent_people import Someone, people_to_ask
from services.referrals.rules.consent_verdict import Answer, Verdict, verdict
from shared.authority import ConsentRules, load_profile

TODAY = date(2026, 11, 2)
BATHNES = load_profile("bathnes").newest.consent
GLOUCESTERSHIRE = load_profile("gloucestershire").newest.consent

ANA = Someone("a1", "Ana", is_child=False, holds_responsibility=True)
DAN = Someone("a2", "Dan", is_child=False, holds_responsibility=True)
NAN = Someone("a3", "Nan", is_child=False)
SIXTEEN = Someone("c1", "Rowan", is_child=True, born_on=date(2010, 11, 2))
TWELVE = Someone("c2", "Ellie", is_child=True, born_on=date(2014, 11, 2))
EIGHT = Someone("c3", "Ben", is_child=True, born_on=date(2018, 5, 9))
UNBORN = Someone("c4", "Unborn child", is_child=True, is_born=False)
EVERYBODY = (ANA, DAN, NAN, SIXTEEN, TWELVE, EIGHT, UNBORN)


def says(by: Someone, answer: str = "given", how: str = "signed", **more: Any) -> Answer:
    return Answer("to_share", by.ref, answer, how, **more)


def decided(
    *answers: Answer, people: tuple[Someone, ...] = (ANA, DAN, EIGHT), rules: ConsentRules = BATHNES
) -> Verdict:
    return verdict("to_share", people, answers, rules, today=TODAY)


def test_one_holder_is_enough_where_the_authority_says_so() -> None:
    every = replace(BATHNES, who="every_holder")
    assert decided(says(ANA)).is_given
    assert decided(says(ANA), rules=every).why_not == ("Dan holds parental responsibility, and has not been asked.",)
    assert decided(says(ANA), says(DAN), rules=every).is_given


def test_an_adult_without_parental_responsibility_does_not_count() -> None:
    assert decided(says(NAN), people=(ANA, NAN, EIGHT)).why_not == (
        "Nobody who holds parental responsibility has agreed.",
    )
    assert decided(says(ANA), says(NAN, "refused"), people=(ANA, NAN, EIGHT)).is_given
    [why] = decided(says(NAN), people=(NAN, EIGHT)).why_not
    assert "Nobody is known to hold parental responsibility" in why


def test_whoever_was_not_asked_has_not_agreed() -> None:
    assert not decided().is_given
    assert not decided(says(ANA, "not_asked", "")).is_given


@pytest.mark.parametrize(
    ("answer", "words"), [("refused", "Dan has not agreed."), ("withdrawn", "Dan no longer agrees.")]
)
def test_the_refusal_of_one_stops_it_where_the_authority_says_so(answer: str, words: str) -> None:
    assert decided(says(ANA), says(DAN, answer)).why_not == (words,)
    assert decided(says(ANA), says(DAN, answer), rules=replace(BATHNES, one_refusal_stops=False)).is_given


@pytest.mark.parametrize(("rules", "young"), [(BATHNES, {SIXTEEN}), (GLOUCESTERSHIRE, {SIXTEEN, TWELVE})])
def test_a_young_person_is_asked_from_the_authority_s_age_on(rules: ConsentRules, young: set[Someone]) -> None:
    assert set(people_to_ask(EVERYBODY, rules, TODAY)) == {ANA, DAN} | young
    day_before = replace(SIXTEEN, born_on=date(2010, 11, 3))
    assert people_to_ask([day_before], BATHNES, TODAY) == []


def test_a_young_person_of_age_may_agree_for_themselves_but_not_for_a_younger_child() -> None:
    assert decided(says(SIXTEEN), people=(ANA, SIXTEEN)).is_given
    assert not decided(says(SIXTEEN), people=(ANA, SIXTEEN, EIGHT)).is_given
    assert not decided(says(TWELVE), people=(ANA, TWELVE)).is_given


def test_a_young_person_who_is_asked_too_must_agree_beside_the_parents() -> None:
    too = replace(BATHNES, young_person="too")
    people = (ANA, SIXTEEN)
    [why] = decided(says(ANA), people=people, rules=too).why_not
    assert why == "Rowan is old enough to be asked, and has not been asked."
    assert not decided(says(SIXTEEN), people=people, rules=too).is_given
    assert decided(says(ANA), says(SIXTEEN), people=people, rules=too).is_given


def test_a_younger_child_who_was_judged_competent_may_agree_alone_where_the_authority_lets_them() -> None:
    judged = says(TWELVE, is_competent=True)
    assert decided(judged, people=(ANA, TWELVE)).is_given
    assert not decided(judged, people=(ANA, TWELVE), rules=replace(BATHNES, gillick=False)).is_given
    assert not decided(says(ANA), judged, says(TWELVE, "withdrawn"), people=(ANA, TWELVE)).is_given


def test_an_agreement_in_writing_stays_one_when_it_is_said_again() -> None:
    assert not decided(says(ANA, how="verbal")).is_in_writing
    assert decided(says(ANA, how="verbal"), says(ANA)).is_in_writing
    assert decided(says(ANA, how="online"), says(ANA, how="verbal")).is_in_writing
    assert not decided(says(ANA), says(ANA, "withdrawn"), says(ANA, how="verbal")).is_in_writing
    assert not decided(says(ANA, "refused")).is_in_writing


def consent(*answers: Answer, overridden: tuple[str, ...] = ()) -> Consent:
    return consent_now((ANA, DAN, EIGHT), answers, BATHNES, today=TODAY, overridden=overridden)


def agreed(how: str = "signed") -> tuple[Answer, ...]:
    return tuple(replace(says(ANA, how=how), kind=kind) for kind in KINDS)


def test_what_anybody_leaves_out_is_left_out_until_they_say_otherwise() -> None:
    mother, father = says(ANA, not_with=("Riverside",)), says(DAN, not_with=("Police",))
    assert consent(mother, father).not_with == ("Riverside", "Police")
    assert consent(mother, says(DAN, "refused")).not_with == ("Riverside",)
    assert consent(mother, father, says(ANA)).not_with == ("Police",)


def test_an_agency_is_agreed_to_by_name_only_by_whoever_agrees() -> None:
    named = says(ANA, with_agencies=("Riverside",))
    assert consent(named).named == ("Riverside",)
    assert consent(named, says(ANA, "withdrawn", with_agencies=("Riverside",))).named == ()


def test_only_a_panel_waits_for_a_signature_in_bath() -> None:
    assert refusals(consent(*agreed()), BATHNES) == {}
    assert set(refusals(consent(*agreed("verbal")), BATHNES)) == {"panel"}
    assert set(refusals(consent(*agreed("verbal")), replace(BATHNES, in_writing_before="others"))) == {
        "panel", "service", "add_to_plan",
    }  # fmt: skip
    assert refusals(consent(*agreed("verbal")), replace(BATHNES, in_writing_before="never")) == {}


def test_gloucestershire_has_it_signed_before_anybody_helps() -> None:
    assert set(refusals(consent(*agreed("verbal")), GLOUCESTERSHIRE)) == {"panel", "service", "add_to_plan"}


def test_an_override_lets_through_what_it_is_for_and_nothing_else() -> None:
    overridden = consent(overridden=("service",))
    assert set(refusals(overridden, BATHNES)) == {"panel", "add_to_plan"}
    assert (must_stop(overridden, "service"), must_stop(overridden, "panel")) == (False, True)
    assert not must_stop(consent(*agreed()), "panel")


RULES = st.builds(
    ConsentRules,
    who=st.sampled_from(["one_holder", "every_holder"]),
    young_person_from=st.integers(10, 18),
    young_person=st.sampled_from(["instead", "too"]),
    gillick=st.booleans(),
    one_refusal_stops=st.booleans(),
    in_writing_before=st.just("never"),
    confirm_within_working_days=st.just(5),
    new_agency=st.just("never"),
    wording=st.just(BATHNES.wording),
)
PEOPLE = st.lists(st.sampled_from(EVERYBODY), unique=True).map(tuple)
ANSWERS = st.lists(
    st.builds(
        Answer,
        kind=st.just("to_share"),
        by=st.sampled_from([one.ref for one in EVERYBODY]),
        answer=st.sampled_from(["given", "refused", "withdrawn", "not_asked"]),
        how=st.sampled_from(["signed", "verbal", "online", ""]),
        is_competent=st.booleans(),
    ),
    max_size=8,
)


@given(PEOPLE, ANSWERS, RULES, st.sampled_from(EVERYBODY), st.sampled_from(["refused", "withdrawn"]), st.booleans())
def test_a_refusal_never_allows_what_was_not_allowed(
    people: tuple[Someone, ...], answers: list[Answer], rules: ConsentRules, one: Someone, no: str, judged: bool
) -> None:
    before = decided(*answers, people=people, rules=rules)
    after = decided(*answers, says(one, no, is_competent=judged), people=people, rules=rules)
    assert before.is_given or not after.is_given
    assert before.is_in_writing or not after.is_in_writing


@given(PEOPLE, ANSWERS, RULES)
def test_only_the_newest_answer_of_each_person_counts(
    people: tuple[Someone, ...], answers: list[Answer], rules: ConsentRules
) -> None:
    unjudged = [replace(answer, is_competent=False) for answer in answers]
    newest = list({answer.by: answer for answer in unjudged}.values())
    assert (
        decided(*unjudged, people=people, rules=rules).is_given == decided(*newest, people=people, rules=rules).is_given
    )


@given(PEOPLE, ANSWERS, RULES)
def test_what_those_say_who_do_not_count_changes_nothing(
    people: tuple[Someone, ...], answers: list[Answer], rules: ConsentRules
) -> None:
    uncounted = {NAN.ref, UNBORN.ref}
    without = [answer for answer in answers if answer.by not in uncounted]
    assert decided(*answers, people=people, rules=rules) == decided(*without, people=people, rules=rules)


@given(PEOPLE, ANSWERS, RULES)
def test_there_is_a_reason_exactly_where_it_is_not_given(
    people: tuple[Someone, ...], answers: list[Answer], rules: ConsentRules
) -> None:
    found = decided(*answers, people=people, rules=rules)
    assert found.is_given == (not found.why_not)
    assert found.is_given or not found.is_in_writing
