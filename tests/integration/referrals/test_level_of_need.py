"""Help to choose a level of need, in the authority's words, and the level that a referrer sees."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from services.referrals.tables import RequestRow
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import CONTACT, ask_as_parent, ask_as_professional, begin, submit
from tests.integration.referrals.documents import a_document, post, sent

Start = Callable[..., Running]
SEEN = {"scheme": "bathnes", "version": "2024", "number": 3}


def test_the_level_that_a_professional_sees_is_kept_with_its_scheme_and_shown_at_triage(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(a_person("referrer"))
    ask_as_professional(browser)
    assert (
        "Level 3: More than one need, more than one agency (B&amp;NES 2024)" in browser.get("/referrals/ask/check").text
    )
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    with running.database.read() as session:
        row = session.scalars(sa.select(RequestRow)).one()
    assert row.level_seen == ("bathnes", "2024", 3)
    worker = running.browser(a_person("front_door"))
    for page in (f"/referrals/requests/{row.id}", f"/referrals/requests/{row.id}/triage?outcome=panel"):
        assert "Level 3: More than one need, more than one agency (B&amp;NES 2024)" in worker.get(page).text


@pytest.mark.parametrize(
    ("authority", "words"),
    [
        ("bathnes", "A single need that can&#39;t be met through universal services."),
        ("gloucestershire", "is not achieving outcomes with the support of the Team Around the Family."),
        ("herefordshire", "They suffer some neglect or poor family relationships."),
        ("worcestershire", "by accessing routine universal services alone."),
    ],
)
def test_the_levels_are_explained_in_the_authoritys_words(start: Start, authority: str, words: str) -> None:
    browser = start("referrals", AUTHORITY=authority).browser()
    begin(browser, "professional")
    assert words in browser.get("/referrals/ask/level").text


def test_who_triages_reads_the_same_explanation_beside_the_level(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    page = running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}/triage?outcome=panel").text
    assert "A single need that can&#39;t be met through universal services." in page


def test_a_parent_is_never_asked_for_a_level(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", CONTACT["parent"])
    ask_as_parent(running.browser())
    assert browser.get("/referrals/ask/level").location == "/referrals/ask/children"
    assert submit(browser, "/ask/level", {"seen": "bathnes/2024/3"}).status_code == 302


def test_a_portal_may_say_a_level_of_any_scheme_that_there_was(start: Start) -> None:
    running = start("referrals")
    assert post(running, a_document(level_seen=SEEN)).status_code == 201
    assert post(running, a_document(level_seen=SEEN | {"version": "2014"})).status_code == 201
    refused = post(running, a_document(level_seen=SEEN | {"number": 6}))
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == "/level_seen"


def test_a_portal_may_not_say_one_for_a_family(start: Start) -> None:
    running = start("referrals")
    referrer = {"source": "1A", "name": "Ana O'Brien", "phone": "01632 960001"}
    refused = post(running, a_document(level_seen=SEEN, referrer=referrer))
    assert refused.json["errors"] == [
        {"pointer": "/level_seen", "detail": "Leave out the level of need: the family itself is asking"}
    ]
