"""Who may read a paper by what the family says now."""

from typing import Any

import pytest

from services.panel.rules.consent import AnswerAwaited, check_may_take_on, why_closed
from shared.errors import NotFound


def a_paper(*not_with: str, given: bool = True) -> dict[str, Any]:
    return {"consent": {"may_share": given, "not_with": list(not_with)}}


def test_a_paper_is_open_to_an_agency_that_the_family_did_not_exclude() -> None:
    assert why_closed(a_paper("Riverside"), agencies=["Steps Forward"], is_awaited=False) == ""


def test_one_excluded_agency_of_a_person_is_enough() -> None:
    agencies = ["Steps Forward", "Riverside Housing"]
    assert why_closed(a_paper("riverside housing"), agencies=agencies, is_awaited=False) == "excluded"


def test_a_newer_answer_that_is_not_there_yet_closes_it() -> None:
    assert why_closed(a_paper(), agencies=["Steps Forward"], is_awaited=True) == "awaited"


@pytest.mark.parametrize("paper", [a_paper(given=False), {}])
def test_without_consent_to_share_it_is_closed(paper: dict[str, Any]) -> None:
    assert why_closed(paper, agencies=[], is_awaited=False) == "not_shared"


@pytest.mark.parametrize("is_awaited", [True, False])
def test_who_keeps_the_papers_reads_on_unless_their_own_agency_is_excluded(is_awaited: bool) -> None:
    for paper in (a_paper(), a_paper(given=False)):
        assert why_closed(paper, agencies=["The council"], is_awaited=is_awaited, keeps_papers=True) == ""
    paper = a_paper("The council")
    assert why_closed(paper, agencies=["The council"], is_awaited=is_awaited, keeps_papers=True) == "excluded"


def test_an_agency_takes_no_family_on_whose_paper_is_closed_to_it() -> None:
    check_may_take_on("")
    with pytest.raises(AnswerAwaited):
        check_may_take_on("awaited")
    for closed in ("excluded", "not_shared"):
        with pytest.raises(NotFound):
            check_may_take_on(closed)
