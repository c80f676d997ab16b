"""What a page asks is asked once, in words for whoever is asked, and says what comes of an answer."""

from collections.abc import Callable

from tests.integration.conftest import Running
from tests.integration.referrals.asking import ADULT, CHILD, PROFESSIONAL, ask_as_parent, begin, submit
from tests.integration.referrals.tabs import Tab

Start = Callable[..., Running]


def test_a_page_says_what_comes_of_an_answer(start: Start) -> None:
    professional = start("referrals").browser()
    begin(professional, "professional")
    submit(professional, "/ask/details", PROFESSIONAL)
    assert "Help is needed within days, though no child is in danger" in professional.get("/referrals/ask/about").text
    submit(professional, "/ask/adults/add", ADULT)
    submit(professional, "/ask/adults/add", ADULT | {"given_name": "Karl", "mobile": "", "safe_channels": []})
    contact = professional.get("/referrals/ask/contact").text
    assert "Text message" in contact
    assert "No way of contact was said to be safe, so we will not tell them ourselves" in contact
    unknown = CHILD | {"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": ""}
    submit(professional, "/ask/children/add", unknown | {"date_of_birth_missing": "not_yet_obtained"})
    assert "Date of birth: not yet found out" in professional.get("/referrals/ask/children").text


def test_a_parent_chooses_among_plain_words_and_reads_them_back(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    needs = browser.get("/referrals/ask/needs").text
    assert "Drugs or alcohol" in needs
    assert "substance use" not in needs
    assert "Washing, dressing or eating" in browser.get("/referrals/ask/children/add").text
    assert "What help is asked for?" not in browser.get("/referrals/ask/story").text, "they said what would help"
    assert "School, and getting there" in browser.get("/referrals/ask/check").text


def test_what_waits_is_read_back_in_words_and_not_in_codes(start: Start) -> None:
    browser = start("referrals").browser()
    ask_as_parent(browser)
    tab = Tab(browser).opens("/ask/needs")
    tab.sends({"needs": ["3", "10"], "later": "yes"})
    assert "Health, of body or mind, Money, debts or work" in browser.get("/referrals/ask/waiting").text


def test_a_young_person_begins_with_themselves(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "young_person")
    submit(browser, "/ask/details", {"name": "Jaz Cole", "phone": "07700 900111"})
    page = browser.get("/referrals/ask/children/add").text
    assert 'value="Jaz"' in page
    assert "Do you have a disability?" in page
    submit(browser, "/ask/children/add", CHILD)
    assert "Does the child have a disability?" in browser.get("/referrals/ask/children/add").text
