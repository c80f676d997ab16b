"""Which links the head of a page offers, and to whom."""

from shared.web.navigation import navigation
from tests.factories import a_person


def test_a_visitor_is_not_led_to_the_clock_which_asks_them_to_sign_in() -> None:
    assert "Clock" not in [link["text"] for link in navigation(None, is_training=True)]
    assert "Inbox" in [link["text"] for link in navigation(None, is_training=True)]


def test_whoever_has_signed_in_to_a_training_system_finds_its_clock() -> None:
    person = a_person("referrer")
    assert "Clock" in [link["text"] for link in navigation(person, is_training=True)]
    assert "Clock" not in [link["text"] for link in navigation(person, is_training=False)]


def test_the_pages_of_a_panel_and_its_calendar_belong_to_meetings() -> None:
    (meetings,) = [
        link for link in navigation(a_person("coordinator"), is_training=False) if link["text"] == "Meetings"
    ]
    for address in ("/panel/meetings", "/panel/panels/ehap", "/panel/calendar/yours"):
        assert address.startswith(meetings["covers"])


def plans_link(*roles: str) -> list[str]:
    links = navigation(a_person(*roles), is_training=False)
    return [link["text"] for link in links if link["href"] == "/panel/plans"]


def test_a_manager_finds_the_plans_of_their_agency_and_who_leads_finds_their_own() -> None:
    assert plans_link("agency_manager") == ["Plans"]
    assert plans_link("lead_practitioner") == ["My families"]


def test_a_manager_who_leads_plans_too_has_one_link_to_them() -> None:
    assert plans_link("lead_practitioner", "agency_manager") == ["Plans"]
