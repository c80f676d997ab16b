"""What the councils' own documents say, fact by fact, with the place where each says it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from shared.authority import Authority, Contact, load_profile

Facts = Mapping[str, tuple[Callable[[Authority], Any], Any]]
"""By source and place: what the profile says, and what it has to be."""


def _phones(contacts: tuple[Contact, ...]) -> list[str]:
    return [contact.phone for contact in contacts]


def _labels(authority: Authority) -> list[str]:
    return [level.label for level in authority.level_scheme.levels]


def _panel_weeks(authority: Authority) -> dict[str, int]:
    return {panel.kind: panel.recurrence.weeks for panel in authority.panels}


def _reviews(case: str) -> Callable[[Authority], tuple[str, int, int, int]]:
    def read(authority: Authority) -> tuple[str, int, int, int]:
        found = next(one for one in authority.reviews.cases if one.case == case)
        return found.unit, found.first, found.later, found.never_over

    return read


BATHNES_2024: Facts = {
    "S0 section 1: a single need goes beyond universal services": (lambda a: _labels(a)[0], "Universal services"),
    "S0 section 2: more than one need, more than one agency is level 3": (
        lambda a: _labels(a)[2], "More than one need, more than one agency",
    ),
    "S0 section 2: an assessment": (lambda a: a.words.assessment, "Early Help Assessment (EHA)"),
    "S0 sections 2 and 4: a lead professional": (lambda a: a.words.lead_practitioner, "lead professional"),
    "S0 section 2: Integrated Working team": (lambda a: "01225 395021" in _phones(a.early_help_contacts), True),
    "S0 section 3: the panel's name": (lambda a: a.panels[0].name, "Early Help Allocation Panel"),
    "S0 section 3: every two weeks": (lambda a: _panel_weeks(a)["allocation"], 2),
    "S0 section 3: the front door": (lambda a: a.front_door, "Children's Services front door"),
    "S0 section 4: levels 4 and 5 are social care": (
        lambda a: [label.startswith("Social care") for label in _labels(a)], [False, False, False, True, True],
    ),
    "S0 section 4: a step-down is agreed": (lambda a: "step_down" in _panel_weeks(a), True),
    "S0 section 4: what goes to social care": (
        lambda a: a.words.safeguarding_referral, "request for a service from Social Care",
    ),
    "S0 section 4: duty triage team": (lambda a: _phones(a.safeguarding_contacts)[:2], ["01225 396111", "01225 477929"]),
    "older form: out of hours": (lambda a: _phones(a.safeguarding_contacts)[2], "01454 615165"),
    "page of the panel: a family rings it": (lambda a: "01225 396931" in _phones(a.early_help_contacts), True),
    "page of the panel: signed before it goes there": (lambda a: a.consent.in_writing_before, "panel"),
    "privacy notice: until the 25th birthday": (
        lambda a: (a.records.kept_from, a.records.kept_years), ("youngest_child_born", 25),
    ),
    "privacy notice: task, not consent": (lambda a: "6(1)(e) and 9(2)(h)" in a.records.lawful_basis, True),
}  # fmt: skip
BATHNES_2014: Facts = {
    "S1 model: levels 1 to 4": (lambda a: len(a.level_scheme.levels), 4),
    "S1 level 3: needs of two or more agencies": (lambda a: _labels(a)[2], "High or multiple needs"),
    "S1 level 4: statutory assessment": (lambda a: _labels(a)[3], "Statutory or acute"),
    "S1 model: the lead": (lambda a: a.words.lead_practitioner, "Lead Professional"),
    "S1 model: the team": (lambda a: a.words.team, "Team around the Child"),
    "S1 model: the assessment": (lambda a: a.words.assessment, "Early Help Assessment (CAF)"),
    "S1 model: the plan": (lambda a: a.words.plan, "delivery plan"),
    "S1 level 3: written consent": (lambda a: a.consent.in_writing_before, "others"),
    "S1 introduction: where concerns go": (lambda a: a.front_door, "Referral and Assessment Service"),
}
WORCESTERSHIRE: Facts = {
    "S2 step 4: 6 to 12 weeks, not longer than 12": (_reviews("usual"), ("weeks", 6, 12, 12)),
    "S2 step 4: also after a step-down": (_reviews("step_down"), ("weeks", 6, 12, 12)),
    "S2 step 4: who leads": (lambda a: a.words.lead_practitioner, "lead professional"),
    "S2 step 3: the plan": (lambda a: a.words.plan, "early help plan"),
    "S2 step 2: the assessment": (lambda a: a.words.assessment, "Worcestershire Early Help Assessment"),
    "S2 child protection: in writing": (
        lambda a: a.words.safeguarding_referral, "written referral to the Family Front Door",
    ),
    "S2 child protection: the front door": (lambda a: a.front_door, "Family Front Door"),
    "S2 child protection: office hours and out of hours": (
        lambda a: _phones(a.safeguarding_contacts), ["01905 822666", "01905 768020"],
    ),
    "S2 child protection: 999 for immediate harm": (lambda a: "999" in a.level_scheme.levels[3].signs[0], True),
}  # fmt: skip
HEREFORDSHIRE: Facts = {
    "S3 text: four levels": (lambda a: len(a.level_scheme.levels), 4),
    "S3 table, level 1": (lambda a: _labels(a)[0], "Universal"),
    "S3 table, level 4": (lambda a: _labels(a)[3], "Specialist"),
    "S3 table, row 2: two or three services": (
        lambda a: a.level_scheme.levels[1].signs[0].startswith("Two or three services"), True,
    ),
    "S3 table, row 3: five signs": (lambda a: len(a.level_scheme.levels[2].signs), 5),
    "S3 table, row 3: the main link of the family": (lambda a: a.words.lead_practitioner, "Key Worker"),
    "S3 table, row 3: the plan": (lambda a: a.words.plan, "support plan"),
    "S3 table, row 4: access needs a MARF": (
        lambda a: a.words.safeguarding_referral, "Multi-Agency Referral Form (MARF)",
    ),
    "S3 text: the assessment": (lambda a: a.words.assessment, "Early Help Assessment"),
    "S3 last paragraph: the hub": (lambda a: a.front_door, "Early Help Hub"),
}  # fmt: skip
GLOUCESTERSHIRE: Facts = {
    "S4 pathway: four levels": (_labels, ["Universal", "Additional", "Intensive", "Specialist"]),
    "S4 pathway: six localities": (
        lambda a: [one.name for one in a.localities],
        ["Cheltenham", "Cotswolds", "Forest of Dean", "Gloucester", "Stroud", "Tewkesbury"],
    ),
    "S4 pathway: the teams' numbers": (
        lambda a: _phones(a.early_help_contacts)[:6],
        ["01452 328160", "01452 328101", "01452 328048", "01452 328076", "01452 328130", "01452 328251"],
    ),
    "S4 support and advice: Family Information Service": (
        lambda a: _phones(a.early_help_contacts)[6:], ["01452 427362", "0800 542 0202"],
    ),
    "S4 windscreen: the hub": (
        lambda a: [(one.phone, one.when.split(";")[0]) for one in a.safeguarding_contacts],
        [("01452 426565", "option 1")],
    ),
    "S4 level 3: the assessment": (lambda a: a.words.assessment, "My Assessment"),
    "S4 level 3: the plan": (lambda a: a.words.plan, "My Plan+"),
    "S4 level 2: who leads": (lambda a: a.words.lead_practitioner, "Lead Practitioner"),
    "S4 level 2: the team": (lambda a: a.words.team, "Team Around the Family"),
    "S4 level 4: what goes to the hub": (
        lambda a: a.words.safeguarding_referral, "MARF to the Multi-Agency Safeguarding Hub",
    ),
    "S4 step-down: weekly": (lambda a: {panel.recurrence.weeks for panel in a.panels}, {1}),
    "S4 step-down: in each locality": (
        lambda a: {panel.locality for panel in a.panels} == {one.key for one in a.localities}, True,
    ),
    "S4 step-down: from care, protection, need or a single assessment": (
        lambda a: a.step_down.from_plans, ("child_in_need", "child_protection", "looked_after", "single_assessment"),
    ),
    "S4 step-down: plan and single assessment": (lambda a: a.step_down.papers, ("single_assessment", "plan")),
    "S4 step-down: six-weekly": (lambda a: _reviews("step_down")(a)[:3], ("weeks", 6, 6)),
    "S4 step-down: six-monthly with short breaks": (_reviews("short_breaks"), ("months", 6, 6, 6)),
    "S4 consent: signed before support": (lambda a: a.consent.in_writing_before, "others"),
    "S4 consent: again when a service joins": (lambda a: a.consent.new_agency, "unless_named"),
    "consent form: from 12": (lambda a: a.consent.young_person_from, 12),
}  # fmt: skip
_ALL = {
    ("bathnes", date(2014, 2, 1)): BATHNES_2014,
    ("bathnes", date(2024, 1, 1)): BATHNES_2024,
    ("worcestershire", date(2018, 7, 1)): WORCESTERSHIRE,
    ("herefordshire", date(2018, 7, 1)): HEREFORDSHIRE,
    ("gloucestershire", date(2020, 3, 1)): GLOUCESTERSHIRE,
}


@pytest.mark.parametrize(
    ("key", "day", "fact"), [(key, day, fact) for (key, day), facts in _ALL.items() for fact in facts]
)
def test_a_profile_says_what_the_document_says(key: str, day: date, fact: str) -> None:
    profile = load_profile(key)
    assert day in [version.from_on for version in profile.versions]
    read, says = _ALL[key, day][fact]
    assert read(profile.on(day)) == says
