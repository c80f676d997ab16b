"""A school and a parent ask for help, and somebody whose child is in danger is stopped first."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.given_files import DOCX, JPEG, PNG, PROGRAM
from tests.journeys.browsing import (
    NARROW,
    REFERENCE,
    assert_error_leads_to,
    assert_fits,
    choose,
    fill,
    follow_link,
    from_menu,
    go_back,
    look_at,
    press,
    reference_on,
    write_date,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_CONTINUE = "Save and continue"
_BORN, _EXPECTED = "Date of birth", "When is the baby expected?"
_UNBORN = "Unborn child, expected 14 February 2027"


def test_a_school_sends_a_request_with_two_children_and_finds_it_again(open_page: OpenPage, screenshots: Path) -> None:
    page = open_page("school")
    from_menu(page, "My requests")
    look_at(page, "My requests")
    before = len(REFERENCE.findall(page.get_by_role("main").inner_text()))
    _start(page, screenshots)
    _say_who_asks(page)
    _add_two_children(page, screenshots)
    _add_an_adult(page)
    _add_two_addresses(page, screenshots)
    _say_the_rest(page, screenshots)
    _add_a_file(page, screenshots)
    _is_asked_about_danger(page, screenshots)
    reference = _check_and_send_twice(page, screenshots)
    follow_link(page, "See your requests")
    look_at(page, "My requests", screenshots / "my-requests")
    assert len(REFERENCE.findall(page.get_by_role("main").inner_text())) == before + 1
    follow_link(page, reference)
    look_at(page, reference, screenshots / "my-request")
    expect(page.get_by_role("main")).to_contain_text("received")


def _start(page: Page, screenshots: Path) -> None:
    page.goto("/referrals/start")
    look_at(page, "Ask for help for a family", screenshots / "start")
    press(page, "Start now")
    look_at(page, "is a child in danger?", screenshots / "start-safety")
    press(page, "Continue")
    question = "Is a child in immediate danger or at risk of significant harm?"
    assert_error_leads_to(page, "Select yes or no", page.get_by_role("group", name=question).get_by_label("Yes"))
    choose(page, question, "No")
    press(page, "Continue")


def _say_who_asks(page: Page) -> None:
    look_at(page, "Who is asking?")
    page.get_by_label("I work with the family").check()
    press(page, _CONTINUE)
    look_at(page, "Your details")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Megan O'Brien")
    fill(page, {"Name": ""})
    press(page, _CONTINUE)
    assert_error_leads_to(page, "Enter your name", page.get_by_label("Name", exact=True))
    fill(page, {"Name": "Megan O'Brien", "Where you work": "Schools", "Telephone number": "01632 960155"})
    press(page, _CONTINUE)
    look_at(page, "About the request")
    choose(page, "How soon is help needed?", "Soon")
    press(page, _CONTINUE)


def _add_two_children(page: Page, screenshots: Path) -> None:
    look_at(page, "A child or young person")
    _fill_child(page, "Wren", "Female")
    write_date(page, _BORN, "31 2 2019")
    press(page, _CONTINUE)
    assert_error_leads_to(page, "real date", page.locator("#date_of_birth-day"))
    look_at(page, "A child or young person", screenshots / "child-with-error")
    expect(page.get_by_label("First name", exact=True)).to_have_value("Wren")
    write_date(page, _BORN, "27 2 2019")
    press(page, _CONTINUE)
    look_at(page, "More about Wren Quillfeather", screenshots / "more-about-a-child")
    fill(page, {"What is their first language? (optional)": "English", "No answer? Say why: GP": "Not yet found out"})
    fill(page, {"NHS number (optional)": "943 476 5918"})
    press(page, _CONTINUE)
    assert_error_leads_to(page, "NHS number is not right", page.get_by_label("NHS number (optional)"))
    fill(page, {"NHS number (optional)": "943 476 5919"})
    press(page, _CONTINUE)
    look_at(page, "Children and young people")
    choose(page, "Is there another child to add?", "Yes")
    press(page, "Continue")
    follow_link(page, "Add a baby who is not born yet instead")
    look_at(page, "A baby who is not born yet", screenshots / "unborn-child")
    press(page, _CONTINUE)
    assert_error_leads_to(page, "Enter the date when the baby is expected", page.locator("#expected_on-day"))
    write_date(page, _EXPECTED, "14 2 2027")
    press(page, _CONTINUE)
    look_at(page, "Children and young people", screenshots / "children")
    _see_that_nothing_is_lost(page)
    choose(page, "Is there another child to add?", "No")
    press(page, "Continue")


def _fill_child(page: Page, given_name: str, sex: str) -> None:
    fill(page, {"First name": given_name, "Last name": "Quillfeather", "Ethnic group": "White British"})
    choose(page, "Sex", sex)
    choose(page, "Does the child have a disability?", "No disability")


def _see_that_nothing_is_lost(page: Page) -> None:
    go_back(page)
    look_at(page, "About the request")
    expect(page.get_by_label("Soon", exact=True)).to_be_checked()
    press(page, _CONTINUE)
    expect(page.get_by_role("heading", name="Wren Quillfeather")).to_be_visible()
    follow_link(page, "Change Wren Quillfeather")
    expect(page.locator("#date_of_birth-year")).to_have_value("2019")
    page.go_back()
    expect(page.get_by_role("heading", name=_UNBORN)).to_be_visible()


def _add_an_adult(page: Page) -> None:
    look_at(page, "An adult in the family")
    fill(page, {"First name": "Ottilie", "Last name": "Quillfeather"})
    choose(page, "What are they to the children?", "Mother")
    choose(page, "Do they have parental responsibility?", "Yes")
    choose(page, "Do they look after the children most of the time?", "Yes")
    fill(page, {"Mobile number": "07700 900311"})
    choose(page, "Which ways of contact are safe?", "Text message")
    press(page, _CONTINUE)
    look_at(page, "More about Ottilie Quillfeather")
    press(page, _CONTINUE)
    look_at(page, "Adults in the family")
    choose(page, "Is there another adult to add?", "No")
    press(page, "Continue")
    look_at(page, "Other people who matter")
    choose(page, "Is there anybody to add?", "Yes")
    press(page, "Continue")
    look_at(page, "Another person who matters")
    fill(page, {"Name": "Bert Amblecote", "What are they to the children?": "Grandad"})
    choose(page, "Do they live with the children?", "No")
    press(page, _CONTINUE)
    look_at(page, "Other people who matter")
    choose(page, "Is there another person to add?", "No")
    press(page, "Continue")


def _add_two_addresses(page: Page, screenshots: Path) -> None:
    look_at(page, "An address")
    _fill_address(page, "3 Larkspur Row", safe="Yes")
    choose(page, "Is there another address to add?", "Yes")
    press(page, "Continue")
    _fill_address(page, "19 Foundry Steps", safe="No")
    expect(page.get_by_role("main")).to_contain_text("Do not write here")
    look_at(page, "Addresses", screenshots / "addresses")
    choose(page, "Is there another address to add?", "No")
    press(page, "Continue")


def _fill_address(page: Page, first_line: str, *, safe: str) -> None:
    fill(page, {"Address line 1": first_line, "Town or city": "Bath", "Postcode": "BA2 3QZ"})
    choose(page, "Who lives here?", "Wren Quillfeather", "Ottilie Quillfeather")
    choose(page, "Is it safe to write to this address?", safe)
    press(page, _CONTINUE)


def _say_the_rest(page: Page, screenshots: Path) -> None:
    look_at(page, "Who should we tell?")
    choose(page, "Who?", "Ottilie Quillfeather")
    press(page, _CONTINUE)
    look_at(page, "Professionals who know the family")
    choose(page, "Is there anybody to add?", "No")
    press(page, "Continue")
    look_at(page, "What does the family need help with?")
    page.get_by_role("checkbox").first.check()
    press(page, _CONTINUE)
    look_at(page, "Strengths, worries and what needs to happen")
    fill(page, {"What is working well?": "Wren reads to the class.", "What are you worried about?": "She is tired."})
    fill(page, {"What needs to happen?": "Somebody to sit down with Ottilie."})
    fill(page, {"No answer? Say why: What the children say": "Not asked"})
    press(page, _CONTINUE)
    look_at(page, "Key dates")
    choose(page, "Is there an event to add?", "Yes")
    press(page, "Continue")
    look_at(page, "A key date")
    fill(page, {"When was it?": "June 2026", "What happened?": "They moved twice."})
    press(page, _CONTINUE)
    look_at(page, "Key dates")
    choose(page, "Is there another event to add?", "No")
    press(page, "Continue")
    look_at(page, "Which level of need do you see?")
    page.get_by_text("Level 3: More than one need, more than one agency").first.click()
    expect(page.get_by_role("main")).to_contain_text("requiring support from more than one agency")
    look_at(page, "Which level of need do you see?", screenshots / "level-of-need")
    page.get_by_label("Level 3: More than one need, more than one agency").check()
    press(page, _CONTINUE)
    look_at(page, "What did Ottilie Quillfeather answer?")
    choose(page, "Did they agree to this request?", "Agreed")
    choose(page, "Did they agree that it is shared with services that may help?", "Agreed")
    choose(page, "Did they agree to national research, without names?", "Did not agree")
    choose(page, "How did they answer?", "Signed")
    write_date(page, "When did they answer?", "30 10 2026")
    press(page, _CONTINUE)


def _is_asked_about_danger(page: Page, screenshots: Path) -> None:
    question = "Should this be a safeguarding referral?"
    follow_link(page, "Change What is happening")
    fill(page, {"What are you worried about?": "She is tired. She had a bruise in June."})
    press(page, _CONTINUE)
    look_at(page, question, screenshots / "safeguarding-question")
    expect(page.get_by_role("main")).to_contain_text("“bruise”")
    press(page, _CONTINUE)
    assert_error_leads_to(page, "Select yes or no", page.get_by_role("group", name=question).get_by_label("Yes"))
    choose(page, question, "Yes")
    press(page, _CONTINUE)
    look_at(page, "Ring now", screenshots / "safeguarding-now")
    go_back(page)
    choose(page, question, "No")
    press(page, _CONTINUE)
    assert_error_leads_to(page, "Say in one sentence why", page.get_by_label("If no: why not?"))
    fill(page, {"If no: why not?": "She fell off her bicycle, and a doctor saw her."})
    press(page, _CONTINUE)


def _add_a_file(page: Page, screenshots: Path) -> None:
    look_at(page, "Add files (optional)")
    press(page, "Upload this file")
    assert_error_leads_to(page, "Select a file", page.get_by_label("Choose a file"))
    _choose_file(page, "Choose a file", "prices.pdf", PROGRAM)
    press(page, "Upload this file")
    assert_error_leads_to(page, "The file must be PDF, Word", page.get_by_label("Choose a file"))
    look_at(page, "Add files (optional)", screenshots / "files-with-error")
    _choose_file(page, "Choose a file", "An assessment of our own.docx", DOCX)
    press(page, "Upload this file")
    expect(page.get_by_role("heading", name="An assessment of our own.docx")).to_be_visible()
    _choose_file(page, "Choose another file", "drawing.png", PNG)
    press(page, "Upload this file")
    look_at(page, "Add files (optional)", screenshots / "files")
    press(page, "Remove drawing.png")
    expect(page.get_by_role("heading", name="drawing.png")).to_have_count(0)
    press(page, "Continue")


def _choose_file(page: Page, label: str, name: str, content: bytes) -> None:
    page.get_by_label(label).set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def _check_and_send_twice(page: Page, screenshots: Path) -> str:
    look_at(page, "Check your answers", screenshots / "check-answers")
    for text in (
        "Not yet found out",
        "Bert Amblecote",
        "They moved twice.",
        "27 February 2019",
        _UNBORN,
        "19 Foundry Steps, BA2 3QZ (do not write here)",
        "Megan O'Brien",
        "An assessment of our own.docx",
    ):
        expect(page.get_by_role("main")).to_contain_text(text)
    follow_link(page, "Change Wren Quillfeather")
    look_at(page, "A child or young person")
    press(page, _CONTINUE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    same = page.context.new_page()
    same.goto(page.url)
    press(page, "Send the request")
    look_at(page, "We have received the request", screenshots / "received")
    reference = reference_on(page)
    press(same, "Send the request")
    expect(same.get_by_role("heading", level=1)).to_contain_text("We have received the request")
    assert reference_on(same) == reference
    same.close()
    return reference


def test_a_parent_asks_in_plain_words_without_javascript_and_follows_the_request(
    open_page: OpenPage, screenshots: Path
) -> None:
    page = open_page(width=NARROW, javascript=False)
    page.goto("/referrals/start")
    press(page, "Start now")
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")
    page.get_by_label("I am a parent or carer and I ask for my own family").check()
    press(page, _CONTINUE)
    fill(page, {"Name": "Ines Calloway", "Telephone number": "07700 900388"})
    press(page, _CONTINUE)
    _parent_tells_of_the_family(page)
    _parent_tells_what_happens(page)
    assert_fits(page)
    press(page, "Send the request")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have received the request")
    page.screenshot(path=screenshots / "received-parent-without-javascript.png", full_page=True)
    reference = reference_on(page)
    _follow(open_page(width=NARROW), reference, screenshots)


def _parent_tells_of_the_family(page: Page) -> None:
    assert_fits(page)
    fill(page, {"First name": "Rafe", "Last name": "Calloway"})
    write_date(page, _BORN, "3 6 2015")
    choose(page, "Sex", "Male")
    fill(page, {"Ethnic group": "White British"})
    choose(page, "Does the child have a disability?", "No disability")
    press(page, _CONTINUE)
    expect(page.get_by_role("main")).not_to_contain_text("NHS number")
    assert_fits(page)
    _save_and_add_no_other(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("About you")
    for label, said in {"First name": "Ines", "Last name": "Calloway", "Mobile number": "07700 900388"}.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(said)
    choose(page, "What are you to the children?", "Mother")
    choose(page, "Do you have parental responsibility?", "Yes")
    choose(page, "Do you look after the children most of the time?", "Yes")
    choose(page, "Which ways of contact are safe?", "Text message")
    press(page, _CONTINUE)
    _save_and_add_no_other(page)
    fill(page, {"Address line 1": "8 Kiln Yard", "Town or city": "Keynsham", "Postcode": "BS31 1AB"})
    choose(page, "Who lives here?", "Rafe Calloway", "Ines Calloway")
    choose(page, "Is it safe to write to this address?", "Yes")
    _save_and_add_no_other(page)
    choose(page, "Who?", "Ines Calloway")
    press(page, _CONTINUE)


def _save_and_add_no_other(page: Page) -> None:
    press(page, _CONTINUE)
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")


def _parent_tells_what_happens(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want help with?")
    page.get_by_role("checkbox").first.check()
    press(page, _CONTINUE)
    fill(page, {"What is going well?": "He loves football.", "What are you worried about?": "He does not sleep."})
    press(page, _CONTINUE)
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("What is going well?")).to_have_value("He loves football.")
    fill(page, {"What would help?": "Somebody to talk to us both."})
    press(page, _CONTINUE)
    choose(page, "Is it all right that we look at this request?", "Yes")
    choose(page, "May we share it with services that may help?", "Yes")
    choose(page, "May it be used for national research, without names?", "No")
    choose(page, "Who agrees?", "Ines Calloway")
    press(page, _CONTINUE)
    assert_fits(page)
    _choose_file(page, "Choose a file", "letter from school.jpg", JPEG)
    press(page, "Continue")
    expect(page.get_by_role("main")).to_contain_text("letter from school.jpg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")


def _follow(page: Page, reference: str, screenshots: Path) -> None:
    page.goto("/referrals/follow")
    look_at(page, "Follow a request")
    fill(page, {"Reference": reference, "E-mail address or telephone number": "07700 900999"})
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("We cannot find a request")
    fill(page, {"Reference": reference.lower().replace("-", " ")})
    fill(page, {"E-mail address or telephone number": "+44 7700 900388"})
    press(page, "Continue")
    look_at(page, f"Request {reference}", screenshots / "follow")
    assert "Calloway" not in page.content()


def test_somebody_whose_child_is_in_danger_is_told_whom_to_ring_and_no_request_begins(
    open_page: OpenPage, screenshots: Path
) -> None:
    page = open_page(width=NARROW)
    page.goto("/referrals/start")
    press(page, "Start now")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Continue")
    look_at(page, "Stop and ring now", screenshots / "stop")
    expect(page.get_by_role("main")).to_contain_text("999")
    page.goto("/referrals/ask/who")
    look_at(page, "Ask for help for a family")
    expect(page.get_by_role("button", name="Start now")).to_be_visible()
