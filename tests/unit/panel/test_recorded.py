"""What a decision records without anybody typing it."""

from datetime import date

from services.panel.rules.recorded import Held, consent_covers, reallocated_from


def test_a_family_that_was_allocated_before_says_to_whom_why_it_ended_and_for_how_long() -> None:
    chain = [
        Held("first", date(2026, 1, 5), date(2026, 2, 1), "capacity"),
        Held("second", date(2026, 2, 10), date(2026, 3, 12), "cannot_meet_need"),
    ]
    said = {"previous_service_id": "second", "previous_because": "cannot_meet_need", "days_held": 30}
    assert reallocated_from(chain) == said
    assert reallocated_from(list(reversed(chain))) == said


def test_a_family_that_is_allocated_for_the_first_time_has_no_service_before() -> None:
    assert reallocated_from([]) == {}


def test_consent_covers_an_agency_by_its_name_or_all_who_may_help() -> None:
    paper = {"consent": {"may_share": True, "named": ["Steps Forward"]}}
    assert consent_covers(paper, "Steps Forward") == "named"
    assert consent_covers(paper, "Another") == "shared"
    assert consent_covers({"consent": {"overridden": ["panel"]}}, "Steps Forward") == "overridden"
    assert consent_covers(None, "Steps Forward") == "not_known"
