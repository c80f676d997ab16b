"""Triage on its pages: the way through, and what is said to the second of two people."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import an_acceptance, sent, signed_on_page, triaged

Start = Callable[..., Running]


def test_the_second_of_two_people_is_told_and_loses_nothing_typed(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    browser = running.browser(a_person("front_door"))
    triaged(running, request_id, a_person("front_door", name="Shreya Raman"))
    typed = {
        "outcome": "signpost",
        "version": "1",
        "where": "The library",
        "phone": "01632 960777",
        "level": "2",
        "reason": "One need only.",
    }
    response = browser.post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert response.status_code == 409
    assert "Somebody else decided" in response.text
    assert "Front door: Send to a panel, by Shreya Raman, 2 November 2026 at 9am" in response.text
    assert "Reason: Two needs, several services." in response.text
    assert f'href="/referrals/requests/{request_id}"' in response.text
    assert "One need only." in response.text
    assert 'value="The library"' in response.text
    assert re.search(r'value="2" checked', " ".join(response.text.split()))
    assert browser.post(f"/referrals/requests/{request_id}/triage", data=typed | {"version": "2"}).status_code == 302


def test_what_changed_meanwhile_is_said_also_when_it_was_not_a_decision(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    worker = running.browser(a_person("front_door", name="Shreya Raman"))
    answer = signed_on_page(answer="refused")
    worker.post(f"/referrals/requests/{request_id}/consent/answer?by=a1", data=answer)
    typed = {"outcome": "withdraw", "version": "1", "reason": "They rang."}
    response = running.browser(a_person("front_door")).post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert response.status_code == 409
    assert "Consent to share it with those who may help: did not agree, by Shreya Raman" in response.text
    assert "Send to a panel" not in response.text


def test_what_was_typed_is_kept_to_copy_when_it_is_too_late_to_decide(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    running.hears(an_acceptance(running, request_id))
    typed = {"outcome": "withdraw", "version": "2", "reason": "They rang."}
    response = running.browser(a_person("front_door")).post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert response.status_code == 409
    assert "A service took the family on" in response.text
    assert "They rang." in response.text
    assert "Confirm" not in response.text.split("<main")[1]


def test_the_way_through_the_pages(start: Start) -> None:
    running = start("referrals", at=datetime(2026, 11, 6, 15, 0, tzinfo=UTC))
    request_id = sent(running)
    running.clock.at = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
    worker: Person = a_person("front_door", name="Hannah Whitcombe")
    browser = running.browser(worker)
    worklist = browser.get("/referrals/worklist").text
    assert re.search(r"Late</strong> 9 November 2026 at 5pm", worklist)
    page = browser.get(f"/referrals/requests/{request_id}").text
    assert "Siobhán Nguyễn" in page
    assert "Send to a panel" in browser.get(f"/referrals/requests/{request_id}/triage").text
    form = browser.get(f"/referrals/requests/{request_id}/triage?outcome=panel").text
    assert "Early Help Allocation Panel" in form
    assert "Level 3: More than one need, more than one agency" in form
    typed = {"outcome": "panel", "version": "1", "panel_key": "ehap", "level": "3", "reason": "Several needs."}
    done = browser.post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert done.location == f"/referrals/requests/{request_id}"
    after = browser.get(done.location).text
    assert "Hannah Whitcombe" in after
    assert "Level 3: More than one need, more than one agency" in after
