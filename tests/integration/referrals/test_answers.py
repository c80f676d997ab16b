"""What was answered is shown again, changed, and checked before it is sent."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from services.referrals.tables import ChildRow
from tests.integration.conftest import Running
from tests.integration.referrals.asking import ADDRESS, ADULT, CHILD, STORY, ask_as_parent, ask_as_professional, submit

Start = Callable[..., Running]


def test_going_back_shows_what_was_typed(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    assert "We laugh." in browser.get("/referrals/ask/story").text
    assert 'value="Nguyễn"' in browser.get("/referrals/ask/children/c1").text
    submit(browser, "/ask/children/c1", CHILD | {"given_name": "Sinead"}, leads_to="/ask/children")
    assert "Sinead" in browser.get("/referrals/ask/check").text


def test_a_child_not_yet_born_has_a_date_and_needs_no_name(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    path = "/ask/children/add?unborn=yes"
    page = browser.get(f"/referrals{path}").text
    assert "When is the baby expected?" in page
    assert "First name" not in page
    assert "Enter the date when the baby is expected" in submit(browser, path, {}).text
    late = {"expected_on-day": "3", "expected_on-month": "3", "expected_on-year": "2029"}
    assert "within the next 40 weeks" in submit(browser, path, late).text
    for _ in range(2):
        submit(browser, path, late | {"expected_on-year": "2027"}, leads_to="/ask/children")
    page = browser.get("/referrals/ask/check").text
    assert "Unborn child 1, expected 3 March 2027" in page
    assert "Unborn child 2, expected 3 March 2027" in page
    assert "When is the baby expected?" in browser.get("/referrals/ask/children/c2").text
    assert "Unborn child" not in browser.get("/referrals/ask/consent").text, "only who is born can agree"
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    with running.database.read() as session:
        [child] = session.scalars(sa.select(ChildRow).where(ChildRow.ref == "c2"))
    assert (child.given_name, child.family_name, child.sex, child.expected_on) == ("", "", "U", date(2027, 3, 3))


def test_the_answers_say_who_lives_where_and_where_not_to_write(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    page = browser.get("/referrals/ask/check").text
    assert page.count("14 Larkfield Close, BA2 1XX (do not write here)") == 2, "the child and the adult live there"
    assert ">Warning</span>Do not write here</strong>" in page


def test_every_change_from_the_answers_leads_back_to_them(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    page = browser.get("/referrals/ask/check").text
    links = re.findall(r'href="/referrals(/ask/[^"]+)"', page.split("<h1")[1])
    assert "/ask/children/c1?from=check" in links
    assert "/ask/adults/a1?from=check" in links
    assert "/ask/addresses/h1?from=check" in links
    for link in links:
        assert 'href="/referrals/ask/check" class="govuk-back-link"' in browser.get(f"/referrals{link}").text, link
    submit(browser, "/ask/children/c1?from=check", CHILD | {"given_name": "Sinead"}, leads_to="/ask/check")
    submit(browser, "/ask/story?from=check", STORY, leads_to="/ask/check")
    submit(browser, "/ask/adults?from=check", {"another": "no"}, leads_to="/ask/check")


def test_removing_the_person_to_tell_asks_again_who_to_tell(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    submit(browser, "/ask/adults/add", ADULT | {"given_name": "Minh"}, leads_to="/ask/adults/a2/more")
    submit(browser, "/ask/adults/a1/remove", {}, leads_to="/ask/adults")
    assert browser.get("/referrals/ask/check").location == "/referrals/ask/contact"


def test_an_address_can_be_changed_and_more_can_be_added(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    submit(browser, "/ask/addresses", {"another": "yes"}, leads_to="/ask/addresses/add")
    submit(browser, "/ask/addresses/add", ADDRESS | {"line_1": "2 Hill View"}, leads_to="/ask/addresses")
    page = browser.get("/referrals/ask/addresses").text
    assert "14 Larkfield Close" in page
    assert "2 Hill View" in page
    assert "Do not write here" in page


@pytest.mark.parametrize("attendance", [{"attendance_percent_missing": "not_asked"}, {"attendance_percent": "0"}])
def test_attendance_is_answered_or_said_to_be_missing_but_never_without_a_school(
    start: Start, attendance: dict[str, str]
) -> None:
    browser = start("referrals").browser()
    ask_as_professional(browser)
    more = "/ask/children/c1/more?from=check"
    answer = submit(browser, more, attendance)
    assert answer.status_code == 422
    assert "Enter the school, nursery or college, or leave out the attendance" in answer.text
    submit(browser, more, attendance | {"school_name": "Larkhall Infants"}, leads_to="/ask/check")
    page = browser.get("/referrals/ask/check").text
    said = page.split("Attendance, percent", 1)[1].split("</dd>", 1)[0]
    assert ("Not asked" if "attendance_percent_missing" in attendance else "0") in said
    both = {"attendance_percent": "0", "attendance_percent_missing": "not_known", "school_name": "Larkhall Infants"}
    assert "not both" in submit(browser, more, both).text
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
