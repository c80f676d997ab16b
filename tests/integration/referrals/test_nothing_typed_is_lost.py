"""Time-outs, second tabs, the back button and double clicks: nothing typed is lost, and nothing is overwritten silently."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from services.referrals.tables import DraftRow, RequestRow
from shared.web.access import SESSION_COOKIE
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import CHILD, CONTACT, STORY, ask_as_parent, begin, submit
from tests.integration.referrals.tabs import Tab

Start = Callable[..., Running]
OTHER_STORY = STORY | {"worried_about": "He does not sleep."}


def content(running: Running) -> dict[str, Any]:
    with running.database.read() as session:
        return dict(session.scalars(sa.select(DraftRow)).one().content)


def waiting(running: Running) -> dict[str, Any]:
    with running.database.read() as session:
        return dict(session.scalars(sa.select(DraftRow)).one().waiting)


def requests(running: Running) -> list[RequestRow]:
    with running.database.read() as session:
        return list(session.scalars(sa.select(RequestRow)))


def begun(running: Running, browser: FlaskClient | None = None) -> FlaskClient:
    browser = browser or running.browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    return browser


# Two tabs


def test_the_other_tabs_answer_is_shown_beside_this_ones_and_the_person_chooses(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    first, second = Tab(browser).opens("/ask/story"), Tab(browser).opens("/ask/story")
    assert first.sends(STORY).status_code == 302
    response = second.sends(OTHER_STORY)
    assert response.status_code == 409
    assert STORY["worried_about"] in response.text
    assert OTHER_STORY["worried_about"] in response.text
    assert content(running)["story"]["worried_about"] == STORY["worried_about"]
    chosen = second.is_shown(response).sends({}, button="Change it to what I said here")
    assert chosen.status_code == 302, chosen.text
    assert content(running)["story"]["worried_about"] == OTHER_STORY["worried_about"]


def test_choosing_after_a_third_change_is_asked_again(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    first, second = Tab(browser).opens("/ask/story"), Tab(browser).opens("/ask/story")
    first.sends(STORY)
    second.is_shown(second.sends(OTHER_STORY))
    first.sends(STORY | {"worried_about": "She is tired as well."})
    response = second.sends({}, button="Change it to what I said here")
    assert response.status_code == 409
    assert "She is tired as well." in response.text


def test_different_pages_never_disturb_each_other(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    story, needs = Tab(browser).opens("/ask/story"), Tab(browser).opens("/ask/needs")
    child = Tab(browser).opens("/ask/children/add")
    assert story.sends(STORY).status_code == 302
    assert needs.sends({"needs": ["1"]}).status_code == 302
    assert child.sends(CHILD).status_code == 302
    kept = content(running)
    assert (kept["story"]["worried_about"], kept["needs"]["needs"]) == (STORY["worried_about"], ["1"])
    assert kept["children"][0]["given_name"] == CHILD["given_name"]


def test_the_two_pages_about_one_child_do_not_disturb_each_other(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    Tab(browser).opens("/ask/children/add").sends(CHILD)
    first, more = Tab(browser).opens("/ask/children/c1"), Tab(browser).opens("/ask/children/c1/more")
    assert more.sends({"gp": "Dr Patel"}).status_code == 302
    assert first.sends(CHILD | {"given_name": "Sive"}).status_code == 302
    assert content(running)["children"][0]["given_name"] == "Sive"
    assert "Dr Patel" in str(content(running)["children"][0])


def test_a_mistake_shown_again_does_not_hide_what_the_other_tab_wrote(start: Start) -> None:
    browser = begun(start("referrals"))
    first, second = Tab(browser).opens("/ask/story"), Tab(browser).opens("/ask/story")
    first.sends(STORY)
    second.is_shown(second.sends(OTHER_STORY | {"working_well": ""}))
    assert second.sends(OTHER_STORY).status_code == 409


def test_a_child_removed_in_another_tab_can_be_added_again_as_it_was_typed(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    Tab(browser).opens("/ask/children/add").sends(CHILD)
    changing = Tab(browser).opens("/ask/children/c1")
    Tab(browser).opens("/ask/children").browser.post("/referrals/ask/children/c1/remove")
    response = changing.sends(CHILD | {"given_name": "Sive"})
    assert response.status_code == 409
    assert "Sive" in response.text
    assert changing.is_shown(response).sends({}, button="Add it again").status_code == 302
    assert [child["given_name"] for child in content(running)["children"]] == ["Sive"]


def test_removing_what_another_tab_changed_shows_the_change_first(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    Tab(browser).opens("/ask/children/add").sends(CHILD)
    removing = Tab(browser).opens("/ask/children")
    Tab(browser).opens("/ask/children/c1").sends(CHILD | {"also_known_as": "Shiv"})
    button = 'Remove<span class="govuk-visually-hidden"> Siobhán Nguyễn</span>'
    response = removing.sends({}, button=button)
    assert response.status_code == 409
    assert "Shiv" in response.text
    assert removing.is_shown(response).sends({}, button="Remove it", at="/ask/children/c1/remove").status_code == 302
    assert content(running)["children"] == []


def test_a_form_stays_with_its_own_draft_when_another_was_begun(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    old = Tab(browser).opens("/ask/story")
    submit(browser, "/start/again", {}, leads_to="/ask/who?of=2")
    assert old.sends(STORY).status_code == 302
    with running.database.read() as session:
        stories = [
            row.content.get("story") for row in session.scalars(sa.select(DraftRow).order_by(DraftRow.created_at))
        ]
    assert [bool(story) for story in stories] in ([True, False], [False, True])
    assert sum(bool(story) for story in stories) == 1


def test_nobody_can_make_up_what_a_page_showed(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    first, second = Tab(browser).opens("/ask/story"), Tab(browser).opens("/ask/needs")
    first.sends(STORY)
    _, hidden = second._form("Save and continue")
    stranger = running.browser()
    for opening in ("made up", hidden["opening"]):
        answer = stranger.post("/referrals/ask/story", data=OTHER_STORY | {"opening": opening})
        assert answer.location == "/referrals/start"
    assert content(running)["story"]["worried_about"] == STORY["worried_about"]


# The back button


def test_a_page_seen_again_by_the_back_button_may_change_what_it_wrote_itself(start: Start) -> None:
    running = start("referrals")
    tab = Tab(begun(running)).opens("/ask/story")
    assert tab.sends(STORY).status_code == 302
    assert tab.sends(OTHER_STORY).status_code == 302
    assert content(running)["story"]["worried_about"] == OTHER_STORY["worried_about"]


def test_a_page_for_adding_seen_again_by_the_back_button_never_turns_one_child_into_another(start: Start) -> None:
    running = start("referrals")
    tab = Tab(begun(running)).opens("/ask/children/add")
    assert tab.sends(CHILD).status_code == 302
    again = tab.sends(CHILD)
    assert (again.status_code, again.location) == (302, "/referrals/ask/children/c1/more")
    assert len(content(running)["children"]) == 1
    response = tab.sends(CHILD | {"given_name": "Oisín"})
    assert response.status_code == 409
    assert tab.is_shown(response).sends({}, button="Add it as another").status_code == 302
    assert [child["given_name"] for child in content(running)["children"]] == ["Siobhán", "Oisín"]


def test_going_back_into_a_request_that_was_sent_says_so_with_the_reference(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    old = Tab(browser).opens("/ask/story")
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    [row] = requests(running)
    seen = browser.get("/referrals/ask/story", follow_redirects=True).text
    assert "sent already" in seen
    assert row.reference in seen
    response = old.sends(OTHER_STORY)
    assert response.status_code == 409
    assert row.reference in response.text
    assert OTHER_STORY["worried_about"] in response.text
    assert requests(running)[0].worried_about == STORY["worried_about"]


def test_what_was_typed_into_a_deleted_request_is_shown(start: Start) -> None:
    browser = begun(start("referrals"))
    old = Tab(browser).opens("/ask/story")
    submit(browser, "/ask/delete", {}, leads_to="/start")
    response = old.sends(STORY)
    assert response.status_code == 409
    assert STORY["worried_about"] in response.text


# Time-outs


def test_a_family_whose_page_was_open_for_too_long_is_on_the_next_page_at_once(start: Start) -> None:
    running = start("referrals")
    tab = Tab(begun(running)).opens("/ask/story")
    running.app.config.update(WTF_CSRF_ENABLED=True, WTF_CSRF_TIME_LIMIT=-1)
    fresh = Tab(running.browser(), tab.address, tab.page)
    for browser in (tab, fresh):
        response = browser.sends(STORY)
        assert (response.status_code, response.location) == (302, "/referrals/ask/consent")
    assert content(running)["story"]["worried_about"] == STORY["worried_about"]
    assert fresh.browser.get("/referrals/ask/children/add").status_code == 200


def test_a_form_of_another_site_is_still_refused(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    running.app.config.update(WTF_CSRF_ENABLED=True)
    assert browser.post("/referrals/ask/story", data=STORY).status_code == 400
    assert browser.post("/referrals/ask/story", data=STORY | {"opening": "made up"}).status_code == 400
    assert "story" not in content(running)


def test_staff_whose_session_ended_sign_in_and_go_on_with_what_they_typed(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer")
    browser = begun(running, running.browser(school))
    tab = Tab(browser).opens("/ask/story")
    browser.delete_cookie(SESSION_COOKIE)
    response = tab.sends(STORY)
    assert response.location == "/directory/sign-in?next=%2Freferrals%2Fask%2Fwaiting"
    assert "story" not in content(running), "nobody has signed in yet"
    tab.browser = again = running.browser(school)
    cookie = browser.get_cookie("early_help_referrals", path="/referrals")
    assert cookie is not None
    again.set_cookie("early_help_referrals", cookie.value, path="/referrals")
    tab.opens("/ask/waiting")
    assert STORY["worried_about"] in tab.page
    assert tab.sends({}, button="Save it and go on").location == "/referrals/ask/consent"
    assert content(running)["story"]["worried_about"] == STORY["worried_about"]
    assert waiting(running) == {}


def test_what_waits_is_only_for_whoever_began_the_request(start: Start) -> None:
    running = start("referrals")
    browser = begun(running, running.browser(a_person("referrer")))
    tab = Tab(browser).opens("/ask/story")
    tab.browser = running.browser(a_person("referrer"))
    assert tab.sends(STORY).location == "/referrals/start"
    assert tab.browser.get("/referrals/ask/waiting").location == "/referrals/start"
    assert "story" not in content(running)
    assert len(waiting(running)) == 1, "it is kept for whoever began the request"


def test_a_page_half_done_is_kept_for_later_as_it_was_typed(start: Start) -> None:
    running = start("referrals")
    tab = Tab(begun(running)).opens("/ask/story")
    half = {"working_well": "We laugh.", "later": "yes"}
    assert tab.sends(half).location == "/referrals/ask/save"
    assert tab.browser.post("/referrals/start/safety", data={"in_danger": "no"}).location == "/referrals/ask/waiting"
    tab.opens("/ask/waiting")
    assert "We laugh." in tab.page
    tab.address = "/ask/story"
    response = tab.sends({}, button="Save it and go on")
    assert response.status_code == 422, "it is not whole yet"
    assert "We laugh." in response.text
    assert tab.is_shown(response).sends(STORY).status_code == 302
    assert waiting(running) == {}


def test_a_page_half_done_can_be_left_out(start: Start) -> None:
    running = start("referrals")
    tab = Tab(begun(running)).opens("/ask/story")
    tab.sends({"working_well": "We laugh.", "later": "yes"})
    assert tab.opens("/ask/waiting").sends({}, button="Leave it out").location == "/referrals/ask/children"
    assert waiting(running) == {}


# Sending


def test_what_another_tab_changed_is_shown_before_the_request_is_sent(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    checking = Tab(browser).opens("/ask/check")
    Tab(browser).opens("/ask/story").sends(OTHER_STORY)
    response = checking.sends({}, button="Send the request")
    assert response.status_code == 409
    assert OTHER_STORY["worried_about"] in response.text
    assert requests(running) == []
    assert checking.is_shown(response).sends({}, button="Send the request").location == "/referrals/ask/sent"


def test_many_clicks_at_once_make_one_request(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    page = Tab(browser).opens("/ask/check").page

    def press(_: int) -> Any:
        return Tab(running.browser(), "/ask/check", page).sends({}, button="Send the request").location

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(press, range(12))) == {"/referrals/ask/sent"}
    assert len(requests(running)) == 1


def test_many_clicks_at_once_add_one_child(start: Start) -> None:
    running = start("referrals")
    page = Tab(begun(running)).opens("/ask/children/add").page

    def press(_: int) -> Any:
        return Tab(running.browser(), "/ask/children/add", page).sends(CHILD).location

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(press, range(12))) == {"/referrals/ask/children/c1/more"}
    assert len(content(running)["children"]) == 1


def test_answers_of_two_tabs_at_once_are_both_there_to_choose_from(start: Start) -> None:
    running = start("referrals")
    browser = begun(running)
    tabs = [Tab(running.browser(), "/ask/story", Tab(browser).opens("/ask/story").page) for _ in range(4)]

    def press(number: int) -> int:
        return tabs[number].sends(STORY | {"worried_about": f"Worry {number}"}).status_code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(press, range(4)))
    assert codes == [302, 409, 409, 409]
