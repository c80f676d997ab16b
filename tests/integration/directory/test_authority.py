"""The page of the authority's rules."""

from datetime import UTC, datetime

from shared.identity import ROLES
from tests.factories import a_person
from tests.integration.conftest import Running

ADMINISTRATOR = a_person("administrator")


def test_an_administrator_reads_the_rules_in_force_and_what_they_changed(directory: Running) -> None:
    page = directory.browser(ADMINISTRATOR).get("/directory/authority").text
    assert "These rules are in force since Monday 1 January 2024" in page
    assert "every 2 weeks on Thursday at 9:30am" in page
    assert "Social care: significant harm" in page
    assert "What changed on Monday 1 January 2024" in page
    assert "Lead Professional" in page
    assert "did not survive as text" in page


def test_an_earlier_version_is_read_by_its_first_day(directory: Running) -> None:
    page = directory.browser(ADMINISTRATOR).get("/directory/authority?from=2014-02-01").text
    assert "These rules were in force from Saturday 1 February 2014" in page
    assert "Team around the Child" in page
    assert "What changed" not in page


def test_rules_that_are_still_to_come_are_said_to_be(directory: Running) -> None:
    directory.clock.at = datetime(2023, 12, 31, 12, tzinfo=UTC)
    page = directory.browser(ADMINISTRATOR).get("/directory/authority?from=2024-01-01").text
    assert "come into force on Monday 1 January 2024" in page
    assert (
        "in force since Saturday 1 February 2014" in directory.browser(ADMINISTRATOR).get("/directory/authority").text
    )


def test_a_day_on_which_nothing_changed_has_no_rules_of_its_own(directory: Running) -> None:
    for day in ("2020-01-01", "tomorrow"):
        assert directory.browser(ADMINISTRATOR).get(f"/directory/authority?from={day}").status_code == 404


def test_nobody_else_reads_it(directory: Running) -> None:
    for role in set(ROLES) - {"administrator"}:
        assert directory.browser(a_person(role)).get("/directory/authority").status_code == 403
