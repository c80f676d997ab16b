"""What triage may decide, and what each decision must say."""

from dataclasses import replace
from datetime import date

import pytest

from services.referrals.rules.triage import (
    AlreadyAllocated,
    Choice,
    ServiceOffer,
    Standing,
    check_choice,
    panels_for,
    with_details,
)
from shared.authority import load_profile
from shared.errors import Invalid

BATHNES, GLOUCESTERSHIRE = load_profile("bathnes").newest, load_profile("gloucestershire").newest
STANDING = Standing(stage="received", kind="request", locality="", refusals={})
OFFER = ServiceOffer("s1", "a1", "Mornings", "Riverside Housing", True)
HANDED_OVER = Choice("safeguarding", "Because.", told="Duty team", told_how="phone", told_on="2026-11-02")
PANEL = Choice("panel", "Because.", level_number=3, panel_key="ehap")


def check(choice: Choice, standing: Standing = STANDING, offer: ServiceOffer = OFFER) -> None:
    reasons = BATHNES.triage.why_no_further_action
    levels = {1, 2, 3, 4, 5}
    check_choice(choice, standing, panels=BATHNES.panels, services={"s1": offer}, levels=levels, reasons=reasons)


def refused(choice: Choice, standing: Standing = STANDING, offer: ServiceOffer = OFFER) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        check(choice, standing, offer)
    return set(refusal.value.errors)


def test_signposting_to_a_service_gives_what_the_directory_has_and_since_when() -> None:
    offer = replace(OFFER, phone="01632 960101", web="https://m.example", opens="Monday", checked_on=date(2026, 6, 1))
    chosen = with_details(Choice("signpost", "Because.", level_number=1, service_id="s1"), {"s1": offer})
    assert chosen.details == {
        "where": "Mornings (Riverside Housing)", "phone": "01632 960101", "web": "https://m.example",
        "opens": "Monday", "service_id": "s1", "checked_on": "2026-06-01",
    }  # fmt: skip
    check(chosen, offer=offer)


def test_what_is_typed_is_given_instead_of_what_the_directory_has_and_then_the_day_is_not_its() -> None:
    offer = replace(OFFER, phone="01632 960101", web="https://m.example", checked_on=date(2026, 6, 1))
    typed = Choice("signpost", "Because.", level_number=1, service_id="s1", phone="01632 960999")
    chosen = with_details(typed, {"s1": offer})
    assert (chosen.phone, chosen.web, chosen.checked_on) == ("01632 960999", "", "")


def test_signposting_to_a_service_needs_one_that_is_there_open_and_not_left_out_and_a_way_to_reach_it() -> None:
    choice = Choice("signpost", "Because.", level_number=1, where="Mornings", phone="01632 960101", service_id="s1")
    assert refused(replace(choice, service_id="s2")) == {"service_id"}
    assert refused(choice, offer=replace(OFFER, is_open=False)) == {"service_id"}
    assert refused(choice, replace(STANDING, not_with=("Riverside Housing",))) == {"service_id"}
    assert refused(with_details(replace(choice, phone=""), {"s1": OFFER})) == {"phone"}


def test_a_request_goes_to_an_allocation_panel_and_a_step_down_to_a_step_down_meeting() -> None:
    assert [panel.key for panel in panels_for(BATHNES.panels, kind="request", locality="")] == ["ehap"]
    assert [panel.key for panel in panels_for(BATHNES.panels, kind="step_down", locality="")] == ["step-down"]


def test_a_family_s_locality_decides_where_there_are_several_meetings() -> None:
    fitting = panels_for(GLOUCESTERSHIRE.panels, kind="step_down", locality="stroud")
    assert [panel.key for panel in fitting] == ["step-down-stroud"]
    assert panels_for(GLOUCESTERSHIRE.panels, kind="request", locality="stroud") == []


def test_what_fits_is_let_through() -> None:
    check(PANEL)
    check(Choice("service", "Because.", level_number=2, service_id="s1", agency_id="a1"))
    check(HANDED_OVER)


def test_an_outcome_that_consent_rules_out_is_refused_and_no_other() -> None:
    standing = replace(STANDING, refusals=dict.fromkeys(("panel", "service", "add_to_plan"), "Ask for consent first"))
    assert refused(PANEL, standing) == {"outcome"}
    assert refused(Choice("service", "Because.", level_number=2, service_id="s1"), standing) == {"outcome"}
    plan = Choice("add_to_plan", "Because.", plan_id="p1")
    assert refused(plan, replace(standing, open_plans={"p1": "Riverside Housing"})) == {"outcome"}
    check(HANDED_OVER, standing)
    check(PANEL, replace(standing, refusals={"service": "Ask for consent first"}))


def test_a_service_must_be_open_known_and_not_left_out() -> None:
    service = Choice("service", "Because.", level_number=2, service_id="s1")
    assert refused(replace(service, service_id="s2")) == {"service_id"}
    assert refused(service, offer=replace(OFFER, is_open=False)) == {"service_id"}
    assert refused(service, replace(STANDING, not_with=("riverside  HOUSING",))) == {"service_id"}
    assert refused(replace(service, agency_id="a2")) == {"agency_id"}


def test_only_an_open_plan_of_the_family_can_be_chosen() -> None:
    plan = Choice("add_to_plan", "Because.", plan_id="p1")
    assert refused(plan) == {"outcome"}
    assert refused(plan, replace(STANDING, open_plans={"p2": "Riverside Housing"})) == {"plan_id"}
    check(plan, replace(STANDING, open_plans={"p1": "Riverside Housing", "p2": ""}))


@pytest.mark.parametrize("agency", ["Riverside Housing Association", ""])
def test_a_plan_of_an_agency_that_the_family_left_out_takes_no_request(agency: str) -> None:
    plan = Choice("add_to_plan", "Because.", plan_id="p1")
    assert refused(plan, replace(STANDING, open_plans={"p1": agency}, not_with=("riverside housing",))) == {"plan_id"}
    check(plan, replace(STANDING, open_plans={"p1": "Larder and Lantern"}, not_with=("riverside housing",)))


def test_after_an_allocation_it_is_too_late() -> None:
    with pytest.raises(AlreadyAllocated):
        check(PANEL, replace(STANDING, stage="accepted"))
