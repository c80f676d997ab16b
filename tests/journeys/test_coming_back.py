"""Save and return, two tabs, the back button, a late correction, and a print: as people meet them in a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.embedded.waiting import wait_until, wait_until_nothing_is_on_its_way
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import (
    NARROW,
    assert_accessible,
    assert_fits,
    choose,
    fill,
    follow_link,
    look_at,
    press,
    reference_on,
    write_date,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_CONTINUE, _LATER = "Save and continue", "Save and come back later"
_WORRY = "What are you worried about?"


def _begin(page: Page, name: str, phone: str) -> None:
    page.goto("/referrals/start")
    if page.get_by_role("button", name="Start again with an empty one").count():
        press(page, "Start again with an empty one")
    else:
        press(page, "Start now")
        page.get_by_label("No", exact=True).check()
        press(page, "Continue")
    page.get_by_label("I am a parent or carer and I ask for my own family").check()
    press(page, _CONTINUE)
    fill(page, {"Name": name, "Telephone number": phone})
    press(page, _CONTINUE)


def _story(page: Page, worry: str) -> None:
    fill(page, {"What is going well?": "She draws.", _WORRY: worry, "What would help?": "A rest."})


def _at_story(page: Page) -> Page:
    page.goto("/referrals/ask/story")
    return page


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_parent_stops_half_way_and_goes_on_in_another_browser_with_a_link(
    open_page: OpenPage, screenshots: Path, javascript: bool
) -> None:
    page = open_page(width=NARROW, javascript=javascript)
    _begin(page, "Nora Fennimore", "07700 900411")
    fill(_at_story(page), {_WORRY: "Half a sentence about"})
    press(page, _LATER)
    expect(page.get_by_role("heading", level=1)).to_have_text(_LATER)
    assert_fits(page)
    if javascript:
        look_at(page, _LATER, screenshots / "save-and-return")
    page.get_by_label("Show me the link, to write down").check()
    press(page, "Make the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Write this link down")
    link = page.locator(".app-link").first.inner_text()
    if javascript:
        look_at(page, "Write this link down", screenshots / "save-link")
    press(page, "Forget it in this browser")
    other = open_page(width=NARROW, javascript=javascript)
    for _ in range(2):
        other.goto(link)
        expect(other.get_by_role("heading", level=1)).to_contain_text("Carry on with the request")
        assert "Half a sentence" not in other.content()
        press(other, "Carry on")
    expect(other.get_by_role("heading", level=1)).to_have_text("You have not finished a page")
    expect(other.get_by_role("main")).to_contain_text("Half a sentence about")
    if javascript:
        look_at(other, "You have not finished a page", screenshots / "waiting-answer")
    press(other, "Save it and go on")
    expect(other.get_by_label(_WORRY)).to_have_value("Half a sentence about")
    _story(other, "He does not sleep.")
    press(other, _CONTINUE)
    page.goto(link)
    press(page, "Carry on")
    expect(_at_story(page).get_by_label(_WORRY)).to_have_value("He does not sleep.")


def test_a_mailed_link_asks_for_the_word_and_names_nobody(
    open_page: OpenPage, arranged: Arranged, screenshots: Path
) -> None:
    page = open_page()
    _begin(page, "Nora Fennimore", "07700 900412")
    follow_link(page, "Add a baby who is not born yet instead")
    press(page, _LATER)
    page.get_by_label("Send the link to an e-mail address").check()
    fill(page, {"E-mail address": "nora.fennimore@post.example"})
    press(page, "Make the link")
    expect(page.get_by_role("alert").first).to_contain_text("4 letters or numbers")
    assert_accessible(page)
    fill(page, {"A word that you will remember": "blue heron"})
    press(page, "Make the link")
    look_at(page, "We send you the link", screenshots / "link-mailed")
    wait_until_nothing_is_on_its_way(arranged.url)

    def has_arrived() -> bool:
        page.goto("/notifications/inbox?to=nora.fennimore@post.example")
        return "No message fits" not in page.get_by_role("main").inner_text()

    wait_until(has_arrived, "the link in the inbox", every=0.5)
    expect(page.get_by_role("main")).to_contain_text("nora.fennimore@post.example")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_two_tabs_show_both_answers_and_the_person_chooses(
    open_page: OpenPage, screenshots: Path, javascript: bool
) -> None:
    first = open_page(javascript=javascript)
    _begin(first, "Nora Fennimore", "07700 900413")
    second = first.context.new_page()
    _at_story(first)
    _at_story(second)
    _story(first, "He does not sleep.")
    press(first, _CONTINUE)
    _story(second, "She is tired.")
    press(second, _CONTINUE)
    expect(second.get_by_role("heading", level=1)).to_have_text("Which answer is right?")
    for worry in ("He does not sleep.", "She is tired."):
        expect(second.get_by_role("main")).to_contain_text(worry)
    if javascript:
        look_at(second, "Which answer is right?", screenshots / "two-tabs")
    press(second, "Change it to what I said here")
    expect(_at_story(first).get_by_label(_WORRY)).to_have_value("She is tired.")


def test_pressing_back_and_adding_again_asks_instead_of_turning_one_child_into_another(open_page: OpenPage) -> None:
    page = open_page()
    _begin(page, "Nora Fennimore", "07700 900414")
    _fill_child(page, "Wren")
    press(page, _CONTINUE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wren")
    page.go_back()
    expect(page.get_by_label("First name", exact=True)).to_be_visible()
    _fill_child(page, "Rafe")
    press(page, _CONTINUE)
    if "Which answer is right?" in page.content():  # A browser that keeps the page as it was; others open it anew.
        look_at(page, "Which answer is right?")
        press(page, "Add it as another")
    page.goto("/referrals/ask/children")
    for name in ("Wren Fennimore", "Rafe Fennimore"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()


def _fill_child(page: Page, name: str) -> None:
    fill(page, {"First name": name, "Last name": "Fennimore", "Ethnic group": "White British"})
    write_date(page, "Date of birth", "3 6 2015")
    choose(page, "Sex", "Female")
    choose(page, "Does the child have a disability?", "No disability")


def test_a_school_finds_what_it_began_and_deletes_it(open_page: OpenPage, screenshots: Path) -> None:
    page = open_page("school")
    page.goto("/referrals/start")
    press(page, "Start now")
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")
    page.get_by_label("I work with the family").check()
    press(page, _CONTINUE)
    again = open_page("school")
    again.goto("/referrals/begun")
    look_at(again, "Requests you have begun", screenshots / "requests-begun")
    again.get_by_role("button", name="Carry on with Nobody is named yet").first.click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Your details")
    again.goto("/referrals/begun")
    again.get_by_role("button", name="Delete the request for Nobody is named yet").first.click()
    look_at(again, "Delete this request?")
    press(again, "Delete it")
    expect(again.get_by_role("alert")).to_contain_text("is deleted")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_what_was_sent_is_printed_added_to_read_by_the_front_door_and_withdrawn(
    open_page: OpenPage, arranged: Arranged, screenshots: Path, javascript: bool
) -> None:
    page = open_page(width=NARROW, javascript=javascript)
    _send_a_request(page, phone="07700 900415" if javascript else "07700 900416")
    reference = reference_on(page)
    follow_link(page, "Save or print what you sent")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Request {reference}")
    expect(page.get_by_role("main")).to_contain_text("He does not sleep.")
    assert page.get_by_role("button", name="Print this page").is_visible() == javascript
    if javascript:
        look_at(page, f"Request {reference}", screenshots / "print")
        page.emulate_media(media="print")
        assert not page.get_by_role("button", name="Print this page").is_visible()
        page.emulate_media(media="screen")
    page.goto("/referrals/ask/story")
    expect(page.get_by_role("alert")).to_contain_text("sent already")
    assert reference_on(page) == reference
    follow_link(page, "Follow the request")
    phone = "07700 900415" if javascript else "07700 900416"
    fill(page, {"Reference": reference, "E-mail address or telephone number": phone})
    press(page, "Continue")
    follow_link(page, "Add or correct something")
    if javascript:
        look_at(page, "Add or correct something", screenshots / "amend")
    page.get_by_label("What is happening", exact=True).check()
    page.get_by_label("Something that was wrong", exact=True).check()
    fill(page, {"What is right, or what do you want to add?": "He sleeps two hours."})
    press(page, "Send it")
    expect(page.get_by_role("link", name="Enter what was wrong")).to_be_visible()
    fill(page, {"What was wrong? (only for a correction)": "He does not sleep."})
    press(page, "Send it")
    expect(page.get_by_role("alert")).to_contain_text("We have it")
    _front_door_reads(open_page, reference, screenshots)
    follow_link(page, "Withdraw the request")
    if javascript:
        look_at(page, "Withdraw the request", screenshots / "withdraw")
    page.get_by_label("There is help already", exact=True).check()
    press(page, "Withdraw the request")
    expect(page.get_by_role("main")).to_contain_text("The request was withdrawn. It is finished.")
    wait_until_nothing_is_on_its_way(arranged.url)


def _front_door_reads(open_page: OpenPage, reference: str, screenshots: Path) -> None:
    door = open_page("front-door")
    door.goto("/referrals/amended")
    look_at(door, "Said after it was sent", screenshots / "amended")
    follow_link(door, reference)
    look_at(door, reference, screenshots / "request-amended")
    expect(door.get_by_role("main")).to_contain_text("He sleeps two hours.")
    door.get_by_role("button", name="I have read it").first.click()
    expect(door.get_by_role("main")).to_contain_text("Read by")


def _send_a_request(page: Page, phone: str) -> None:
    _begin(page, "Nora Fennimore", phone)
    _fill_child(page, "Wren")
    _on(page)
    choose(page, "What are you to the children?", "Mother")
    choose(page, "Do you have parental responsibility?", "Yes")
    choose(page, "Do you look after the children most of the time?", "Yes")
    choose(page, "Which ways of contact are safe?", "Text message")
    _on(page)
    fill(page, {"Address line 1": "8 Kiln Yard", "Town or city": "Keynsham", "Postcode": "BS31 1AB"})
    choose(page, "Who lives here?", "Wren Fennimore", "Nora Fennimore")
    choose(page, "Is it safe to write to this address?", "Yes")
    press(page, _CONTINUE)
    _no_other(page)
    choose(page, "Who?", "Nora Fennimore")
    press(page, _CONTINUE)
    page.get_by_role("checkbox").first.check()
    press(page, _CONTINUE)
    _story(page, "He does not sleep.")
    press(page, _CONTINUE)
    choose(page, "Is it all right that we look at this request?", "Yes")
    choose(page, "May we share it with services that may help?", "Yes")
    choose(page, "May it be used for national research, without names?", "No")
    choose(page, "Who agrees?", "Nora Fennimore")
    press(page, _CONTINUE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add files (optional)")
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    press(page, "Send the request")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have received the request")


def _on(page: Page) -> None:
    press(page, _CONTINUE)
    press(page, _CONTINUE)
    _no_other(page)


def _no_other(page: Page) -> None:
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")
