import pytest

from shared.identity import ROLES
from shared.web.navigation import navigation
from tests.factories import a_person
from tests.integration.conftest import Running


def test_a_visitor_learns_what_this_is_and_how_to_ask_for_help(directory: Running) -> None:
    page = directory.browser().get("/directory/").text
    for link in ("/referrals/start", "/referrals/follow", "/directory/sign-in", "/directory/services"):
        assert f'href="{link}"' in page
    assert "call 999" in page


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_every_page_of_its_menu_as_a_card(directory: Running, role: str) -> None:
    person = a_person(role)
    page = directory.browser(person).get("/directory/").text
    main = page.partition("<main")[2]
    for link in navigation(person, is_training=False):
        assert f'href="{link["href"]}"' in main, link
    assert main.count("<h1") == 1


def test_a_manager_is_led_to_their_own_agency(directory: Running) -> None:
    person = a_person("agency_manager")
    assert f"/directory/agencies/{person.agency_id}" in directory.browser(person).get("/directory/").text
    assert "Your agency" not in directory.browser(a_person("referrer")).get("/directory/").text


def test_an_administrator_finds_what_is_held_up_between_the_services(directory: Running) -> None:
    link = 'href="/directory/messages"'
    assert link in directory.browser(a_person("administrator")).get("/directory/").text
    assert link not in directory.browser(a_person("coordinator")).get("/directory/").text


def test_an_address_that_is_not_there_is_answered_as_a_page(directory: Running) -> None:
    answer = directory.browser().get("/directory/nowhere")
    assert answer.status_code == 404
    assert "Page not found" in answer.text


def test_those_who_ring_people_see_how_many_messages_need_a_person(directory: Running) -> None:
    directory.neighbours.answers[("notifications", "/notices/needing-a-person")] = {"count": 3}
    for role in ("coordinator", "front_door", "administrator"):
        assert "3 messages need a person." in directory.browser(a_person(role)).get("/directory/").text
    directory.neighbours.answers[("notifications", "/notices/needing-a-person")] = {"count": 0}
    assert "need a person" not in directory.browser(a_person("coordinator")).get("/directory/").text


def test_the_start_page_opens_while_notifications_is_away_and_asks_it_nothing_for_others(directory: Running) -> None:
    directory.neighbours.is_away = True
    assert "Messages sent" in directory.browser(a_person("coordinator")).get("/directory/").text
    directory.neighbours.asked.clear()
    assert directory.browser(a_person("referrer")).get("/directory/").status_code == 200
    assert directory.neighbours.asked == []


def test_who_has_something_to_do_after_a_meeting_sees_how_much(directory: Running) -> None:
    lead = a_person("lead_practitioner")
    address = ("panel", f"/people/{lead.person_id}/actions")
    for said, words in (
        ({"open": 3, "overdue": 1}, "3 to do, 1 overdue. See what was agreed"),
        ({"open": 2, "overdue": 0}, "2 to do. See what was agreed"),
        ({"open": 0, "overdue": 0}, ">See what was agreed"),
    ):
        directory.neighbours.answers[address] = said
        assert words in directory.browser(lead).get("/directory/").text
    directory.neighbours.is_away = True
    assert "See what was agreed" in directory.browser(lead).get("/directory/").text
