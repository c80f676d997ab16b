"""The worklist: its filters, its search, and that sixty requests cost no more statements than one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from shared.audit import audit
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, a_step_down, ids_of, sent, triaged

Start = Callable[..., Running]
HANNAH = a_person("front_door", name="Hannah Whitcombe")
_REFERENCE = re.compile(r'href="/referrals/requests/([0-9a-f-]{36})"')


def _listed(running: Running, **asked: str) -> list[str]:
    page = running.browser(HANNAH).get("/referrals/worklist", query_string=asked)
    assert page.status_code == 200
    return _REFERENCE.findall(page.text)


def _found(running: Running, text: str, status: int = 200) -> Any:
    page = running.browser(HANNAH).post("/referrals/worklist/search", data={"text": text})
    assert page.status_code == status
    return page.text


def test_it_is_filtered_by_locality_and_kind(start: Start) -> None:
    running = start("referrals", AUTHORITY="gloucestershire")
    stroud = str(sent(running, a_document(locality="stroud")))
    forest = str(sent(running, a_step_down(locality="forest-of-dean")))
    assert _listed(running, locality="stroud") == [stroud]
    assert _listed(running, kind="step_down") == [forest]
    assert _listed(running, locality="stroud", kind="step_down") == []
    assert set(_listed(running, locality="atlantis")) == {stroud, forest}


def test_it_is_filtered_by_who_works_on_a_request(start: Start) -> None:
    running = start("referrals")
    mine, nobodys = str(sent(running)), str(sent(running))
    running.browser(HANNAH).post(f"/referrals/requests/{mine}/take-on")
    assert _listed(running, worker="me") == [mine]
    assert _listed(running, worker="nobody") == [nobodys]


@pytest.mark.parametrize(
    ("at", "clock", "says"),
    [
        (datetime(2026, 11, 3, 14, 0, tzinfo=UTC), "", ""),
        (datetime(2026, 11, 3, 15, 0, tzinfo=UTC), "amber", "Soon due"),
        (datetime(2026, 11, 3, 17, 0, tzinfo=UTC), "amber", "Soon due"),
        (datetime(2026, 11, 3, 17, 1, tzinfo=UTC), "red", "Late"),
    ],
)
def test_it_says_what_is_soon_due_and_what_is_late(start: Start, at: datetime, clock: str, says: str) -> None:
    running = start("referrals", at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    request_id = str(sent(running))
    running.clock.at = at
    for colour in ("amber", "red"):
        assert _listed(running, clock=colour) == ([request_id] if colour == clock else [])
    page = running.browser(HANNAH).get("/referrals/worklist").text
    tags = re.findall(r'<strong class="govuk-tag[^"]*">([^<]+)</strong>', page)
    assert tags == ([says] if says else [])


def test_a_request_is_found_by_reference_or_a_name_in_every_stage_and_the_address_holds_no_name(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    sent(running, a_document(child={"given_name": "Wren", "family_name": "Quill"}, adult={"family_name": "Quill"}))
    triaged(running, request_id)
    for text in ("nguyễn", "Ana O'B", "Siobhán Nguyễn"):
        assert _REFERENCE.findall(_found(running, text)) == [str(request_id)], text
    reference = ids_of(running, request_id)["reference"]
    assert _REFERENCE.findall(_found(running, reference.lower().replace("-", " "))) == [str(request_id)]
    assert "No request has this reference" in _found(running, "100%")
    assert "Enter reference or name" in _found(running, " ", 422)
    with running.database.read() as session:
        noted = session.execute(sa.select(audit.c.did, audit.c.details).where(audit.c.did == "searched")).all()
    assert len(noted) == 5
    assert "Siobh" not in str(noted)


def test_sixty_requests_take_as_many_statements_as_ten(start: Start) -> None:
    running = start("referrals")
    for number in range(10):
        sent(running, a_document(locality="", child={"given_name": f"Child {number}"}))
    few = _statements(running)
    for number in range(50):
        sent(running, a_document(child={"given_name": f"Other {number}"}))
    assert _statements(running) == few
    assert len(_listed(running)) == 60


def _statements(running: Running) -> int:
    counted: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    sa.event.listen(running.database.engine, "before_cursor_execute", count)
    _listed(running)
    sa.event.remove(running.database.engine, "before_cursor_execute", count)
    return len(counted)
