"""An agency's pages: the list, the family, and an answer on a page of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.conftest import Running
from tests.integration.panel import sitting as sittings
from tests.integration.panel.sitting import Sitting, a_paper

HOMES = [
    {"ref": "home", "lines": ["14 Larkfield Close"], "town": "Bath", "may_write": False},
    {"ref": "nan", "lines": ["6 Parson's Row"], "town": "Bath", "may_write": True},
]


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_each_answer_has_a_page_of_its_own_that_leads_back_to_the_family(sitting: Sitting) -> None:
    family = f"/panel/allocations/{sitting.offered()}"
    browser = sitting.running.browser(sitting.manager)
    page = browser.get(family).text
    for answer, asked in (("acceptance", "Who will be the lead professional?"), ("refusal", "Why do you decline?")):
        assert page.count(f'href="{family}/{answer}"') == 2
        form = browser.get(f"{family}/{answer}").text
        assert asked in form
        assert f'href="{family}" class="govuk-back-link"' in form
        assert "They shout." not in form


def test_what_is_wrong_with_an_answer_is_said_on_its_short_page(sitting: Sitting) -> None:
    family = f"/panel/allocations/{sitting.offered()}"
    typed = {"reason": "other", "note": ""}
    answer = sitting.running.browser(sitting.manager).post(f"{family}/refusal", data=typed)
    assert answer.status_code == 422
    assert "<title>Error: Decline " in answer.text
    assert 'href="#note"' in answer.text
    assert 'value="other" checked' in answer.text
    assert "They shout." not in answer.text


def test_an_offer_that_was_answered_asks_nothing_more(sitting: Sitting) -> None:
    family = f"/panel/allocations/{sitting.offered()}"
    browser = sitting.running.browser(sitting.manager)
    assert browser.post(f"{family}/refusal", data={"reason": "capacity"}).status_code == 302
    for answer in ("acceptance", "refusal"):
        assert browser.get(f"{family}/{answer}").status_code == 409
        assert f"{family}/{answer}" not in browser.get(family).text


def test_what_a_manager_typed_is_shown_to_them_when_a_colleague_answered_first(sitting: Sitting) -> None:
    family = f"/panel/allocations/{sitting.offered()}"
    browser = sitting.running.browser(sitting.manager)
    assert browser.post(f"{family}/refusal", data={"reason": "capacity"}).status_code == 302
    answer = browser.post(f"{family}/refusal", data={"reason": "moved_away", "note": "To Wales, they say"})
    assert answer.status_code == 409
    assert "Somebody at your agency has declined this family already." in answer.text
    assert "To Wales, they say" in answer.text


def test_the_answers_are_the_agencys_alone(sitting: Sitting) -> None:
    family = f"/panel/allocations/{sitting.offered()}"
    for answer in ("acceptance", "refusal"):
        assert sitting.running.browser(sitting.other_manager).get(f"{family}/{answer}").status_code == 404
        assert sitting.running.browser(sitting.lead).get(f"{family}/{answer}").status_code == 403


def test_the_page_says_who_lives_where_and_where_not_to_write(sitting: Sitting, monkeypatch: Any) -> None:
    def in_two_homes(reference: str, not_with: tuple[str, ...] = ()) -> dict[str, Any]:
        paper = a_paper(reference, not_with)
        child = paper["children"][0] | {"lives_at": ["home", "nan"]}
        return paper | {"addresses": HOMES, "children": [child]}

    monkeypatch.setattr(sittings, "a_paper", in_two_homes)
    page = sitting.running.browser(sitting.manager).get(f"/panel/allocations/{sitting.offered()}").text
    assert "14 Larkfield Close, Bath (do not write to this address); 6 Parson&#39;s Row, Bath" in page
    assert '<strong class="app-late">Do not write to this address</strong>' in page


def test_a_late_answer_is_red_and_one_that_is_due_is_yellow(sitting: Sitting) -> None:
    sitting.offered()
    browser = sitting.running.browser(sitting.manager)
    assert "7 days left" in browser.get("/panel/allocations").text
    sitting.running.clock.at += timedelta(days=7)
    assert '<strong class="govuk-tag govuk-tag--yellow">Today</strong>' in browser.get("/panel/allocations").text
    sitting.running.clock.at += timedelta(days=2)
    assert '<strong class="govuk-tag govuk-tag--red">2 days late</strong>' in browser.get("/panel/allocations").text
