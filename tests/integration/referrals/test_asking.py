"""Asking for help on the pages: nothing typed is lost, and one request is made."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from markupsafe import escape

from services.referrals.jobs import delete_drafts
from services.referrals.tables import AddressRow, ChildRow, DraftRow, RequestRow
from shared.events.referrals import RequestReceived
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import (
    CHILD,
    CONTACT,
    PROFESSIONAL,
    STORY,
    add_family,
    ask_as_parent,
    ask_as_professional,
    attach_nothing,
    begin,
    submit,
)

Start = Callable[..., Running]


def _requests(running: Running) -> list[RequestRow]:
    with running.database.read() as session:
        return list(session.scalars(sa.select(RequestRow)))


def test_a_parent_asks_without_an_account(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    [row] = _requests(running)
    page = browser.get("/referrals/ask/sent").text
    assert row.reference in page
    assert "received" in page
    assert (row.source, row.arrived_by, row.referrer_person_id) == ("1A", "page", None)
    with running.database.read() as session:
        home = session.scalars(sa.select(AddressRow)).one()
    assert (home.postcode, home.may_write, home.not_disclosed_to) == ("BA2 1XX", False, ["Daniel Price", "Karl Price"])


def test_a_family_is_not_asked_what_only_professionals_know(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "young_person")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    page = browser.get("/referrals/ask/children/add").text
    assert "About you" in page
    assert "NHS number" not in page
    assert "UPN" not in page


def test_a_professional_who_signed_in_finds_it_under_my_requests(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer", name="Megan O'Brien")
    browser = running.browser(school)
    ask_as_professional(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    [row] = _requests(running)
    assert row.referrer_person_id == school.person_id
    assert row.reference in browser.get("/referrals/sent").text
    assert row.reference not in running.browser(a_person("referrer")).get("/referrals/sent").text


def test_details_are_filled_in_from_the_directory(start: Start) -> None:
    running = start("referrals")
    school = a_person("referrer", name="Megan O'Brien")
    running.neighbours.answers[("directory", f"/people/{school.person_id}")] = {
        "job_title": "Safeguarding lead",
        "email": "megan@school.example",
        "mobile": "",
    }
    browser = running.browser(school)
    begin(browser, "professional")
    assert "megan@school.example" in browser.get("/referrals/ask/details").text
    running.neighbours.is_away = True
    assert "Megan O&#39;Brien" in browser.get("/referrals/ask/details").text


def test_a_social_worker_asks_for_a_step_down(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("social_worker"))
    ask_as_professional(browser, kind="step_down")
    day = {"decided_on-day": "20", "decided_on-month": "10", "decided_on-year": "2026"}
    submit(
        browser, "/ask/step_down", {"from_plan": "child_in_need", "closure_reason": "RC9"} | day, leads_to="/ask/papers"
    )
    for kind in ("single_assessment", "plan"):
        paper = {"kind": kind, "title": kind, "text": "Words."}
        dated = {"dated_on-day": "1", "dated_on-month": "10", "dated_on-year": "2026"}
        submit(browser, "/ask/papers/add", paper | dated, leads_to="/ask/papers")
    submit(browser, "/ask/papers", {"another": "no"}, leads_to="/ask/attachments")
    attach_nothing(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    assert [row.kind for row in _requests(running)] == ["step_down"]


def test_somebody_who_phoned_is_the_one_who_is_answered(start: Start) -> None:
    running = start("referrals")
    worker = a_person("front_door", name="Shreya Raman")
    browser = running.browser(worker)
    begin(browser, "caller")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    add_family(browser)
    for path, data in (
        ("/ask/contact", {"adult": "a1"}),
        ("/ask/needs", {"needs": ["1"]}),
        ("/ask/story", {"working_well": "a", "worried_about": "b", "needs_to_happen": "c"}),
        ("/ask/consent", {"to_ask": "yes", "to_share": "yes", "to_research": "no", "by": ["a1"]}),
        ("/ask/check", {}),
    ):
        assert submit(browser, path, data).status_code == 302, path
    [row] = _requests(running)
    assert (row.taken_by, row.arrived_by, row.referrer_person_id) == ("Shreya Raman", "phone", None)


def test_a_professional_who_phoned_is_asked_what_professionals_are_asked(start: Start) -> None:
    running = start("referrals")
    worker = a_person("front_door", name="Shreya Raman")
    browser = running.browser(worker)
    ask_as_professional(browser, begun_as="professional_caller")
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    [row] = _requests(running)
    assert (row.taken_by, row.arrived_by, row.referrer_person_id) == ("Shreya Raman", "phone", None)
    assert (row.referrer_name, row.source) == ("Megan O'Brien", "2A")


def test_whoever_writes_it_down_is_not_taken_for_the_professional_who_phoned(start: Start) -> None:
    browser = start("referrals").browser(a_person("front_door", name="Shreya Raman"))
    begin(browser, "professional_caller")
    page = browser.get("/referrals/ask/details").text
    assert "Where they work" in page
    assert "Shreya Raman" not in page.split("<main", 1)[1]
    submit(browser, "/ask/details", PROFESSIONAL, leads_to="/ask/about")
    assert " checked" not in browser.get("/referrals/ask/about").text, "nobody has said yet how soon"


def test_only_staff_may_write_down_for_a_caller(start: Start) -> None:
    browser = start("referrals").browser()
    submit(browser, "/start/safety", {"in_danger": "no"}, leads_to="/ask/who")
    for asking in ("caller", "professional_caller"):
        assert submit(browser, "/ask/who", {"asking": asking}).status_code == 422


def test_a_child_in_danger_stops_the_journey_with_numbers_to_ring(start: Start) -> None:
    browser = start("referrals").browser()
    submit(browser, "/start/safety", {"in_danger": "yes"}, leads_to="/start/stop")
    page = browser.get("/referrals/start/stop").text
    assert "999" in page
    assert "01225 396111" in page
    assert browser.get("/referrals/ask/who").location == "/referrals/start"


def test_sending_twice_makes_one_request(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    cookie = browser.get_cookie("early_help_referrals", path="/referrals")
    assert cookie is not None

    def press(_: int) -> Any:
        tab = running.browser()
        tab.set_cookie("early_help_referrals", cookie.value, path="/referrals")
        return tab.post("/referrals/ask/check").location

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(press, range(3))) == {"/referrals/ask/sent"}
    assert len(_requests(running)) == 1
    assert len(running.announced(RequestReceived)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date_of_birth-day": "31", "date_of_birth-month": "2"}, "must be a real date"),
        ({"date_of_birth-year": "2091"}, "must be today or in the past"),
        ({"ethnicity_missing": ""}, "Select the ethnic group, or say why there is no answer"),
        ({"ethnicity": "WBRI"}, "Give the answer, or say why there is none, not both"),
        ({"disabilities": ["NONE", "AUT"]}, "not both"),
        ({"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": ""}, "Enter the date of birth"),
        ({"given_name": ""}, "Enter first name"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_typed_is_lost(
    start: Start, changes: dict[str, Any], words: str
) -> None:
    browser = start("referrals").browser()
    begin(browser, "professional")
    response = submit(browser, "/ask/children/add", CHILD | changes)
    assert response.status_code == 422
    assert words in response.text
    assert "There is a problem" in response.text
    assert "Nguyễn" in response.text


def test_why_there_is_no_answer_is_kept_and_read_back_in_words(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_professional(browser)
    more = {"gp_missing": "not_yet_obtained", "sen": "K", "school_name": "Twerton Meadow", "attendance_percent": "91%"}
    submit(browser, "/ask/children/c1/more?from=check", more, leads_to="/ask/check")
    page = browser.get("/referrals/ask/check").text
    for words in ("Not yet found out", "SEN support", "Twerton Meadow", "91", "They did not want to say"):
        assert words in page
    assert "Nguyễn" in browser.get("/referrals/ask/children/c1").text, "the second page keeps what the first asked"
    submit(browser, "/ask/children/c1?from=check", CHILD, leads_to="/ask/check")
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    with running.database.read() as session:
        child = session.scalars(sa.select(ChildRow)).one()
    assert child.answers == {"sen": "K"}
    assert child.missing == {"gp": "not_yet_obtained", "ethnicity": "refused"}
    assert (child.ethnicity, child.school_name, child.attendance_percent) == ("REFU", "Twerton Meadow", 91)


def test_an_answer_and_a_reason_for_having_none_do_not_go_together(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_professional(browser)
    response = submit(browser, "/ask/adults/a1/more", {"first_language": "Polish", "first_language_missing": "refused"})
    assert response.status_code == 422
    assert "Give the answer, or say why there is none, not both" in response.text
    assert 'value="Polish"' in response.text


@pytest.mark.parametrize("name", ["Zoë 🌸", "Nguyễn Thị Thảo", "O'Brien", "محمد"])
def test_names_of_every_kind_are_kept_as_they_were_typed(start: Start, name: str) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    submit(browser, "/ask/children/add", CHILD | {"given_name": name}, leads_to="/ask/children/c1/more")
    assert escape(name) in browser.get("/referrals/ask/children").text
    assert f'value="{escape(name)}"' in browser.get("/referrals/ask/children/c1").text


def test_a_text_that_is_too_long_is_kept_in_its_box_to_be_shortened(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    long = "We are tired. " * 800
    response = submit(browser, "/ask/story", STORY | {"worried_about": long})
    assert response.status_code == 422
    assert "must be 10,000 characters or fewer" in response.text
    assert long.strip() in response.text
    assert STORY["working_well"] in response.text
    assert "<title>Error: " in response.text


def test_a_nul_character_is_refused_with_a_page_that_says_why(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    response = submit(browser, "/ask/children/add", CHILD | {"given_name": "A\x00"})
    assert response.status_code == 400
    assert "A NUL character cannot be kept." in response.text
    assert "<h1" in response.text


def test_five_megabytes_are_refused_with_a_page_that_says_why(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    response = submit(browser, "/ask/story", {"working_well": "x" * 5_000_000})
    assert response.status_code == 413
    assert "larger than 1 MB" in response.text
    assert "<h1" in response.text


def test_a_draft_begun_signed_in_is_only_for_that_person(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("referrer"))
    begin(browser, "professional")
    browser.delete_cookie("early_help_session")
    assert browser.get("/referrals/ask/who").location == "/referrals/start"


def test_a_draft_is_offered_again_and_a_new_one_can_be_begun(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    assert "Carry on" in browser.get("/referrals/start").text
    submit(browser, "/start/again", {}, leads_to="/ask/who?of=2")
    assert browser.get("/referrals/ask/check?of=2").location == "/referrals/ask/who?of=2"


def test_drafts_that_nobody_touches_are_deleted_after_thirty_days(start: Start) -> None:
    running = start("referrals")
    begin(running.browser(), "carer")
    delete_drafts(running.resources, running.clock.now() + timedelta(days=29))
    with running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DraftRow)) == 1
    delete_drafts(running.resources, running.clock.now() + timedelta(days=31))
    with running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DraftRow)) == 0


def test_a_locality_is_asked_where_the_authority_has_them(start: Start) -> None:
    browser = start("referrals", AUTHORITY="gloucestershire").browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/about")
    assert "Forest of Dean" in browser.get("/referrals/ask/about").text
    submit(browser, "/ask/about", {"locality": "stroud"}, leads_to="/ask/children")
