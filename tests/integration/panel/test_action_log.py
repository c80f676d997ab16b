"""The action log: who sees which action, what they say of it, and how it leaves as a spreadsheet."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import ActionMarkRow, ActionRow, KnownPersonRow
from shared.audit import audit
from shared.events.referrals import ConsentWithdrawn
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting, a_paper


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def agreed(sitting: Sitting, *actions: dict[str, Any], request_id: UUID | None = None) -> list[str]:
    """Let a meeting agree actions; return their ids in the order of what they ask for."""
    request_id = request_id or sitting.asks()
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    given = [sitting.action(**one) for one in actions or ({},)]
    sitting.decides(item_id, "plan_advice", actions=given)
    with sitting.running.database.read() as session:
        return [str(key) for key in session.scalars(sa.select(ActionRow.id).order_by(ActionRow.what))]


def log(sitting: Sitting, person: Person, query: str = "") -> list[str]:
    return [one["what"] for one in sitting.get(person, f"/actions{query}")["actions"]]


def a_colleague(sitting: Sitting) -> Person:
    return sitting._knows(a_person("lead_practitioner", name="Cole Colleague", agency_id=sitting.agency_id))


def test_the_coordinator_and_the_chair_see_all_and_each_agency_its_own(sitting: Sitting) -> None:
    agreed(
        sitting,
        {"what": "A ring the school"},
        {"what": "B call on the landlord", "agency_id": str(sitting.other_agency_id)},
    )
    for person in (sitting.chair, sitting.deputy, sitting.coordinator):
        assert log(sitting, person) == ["A ring the school", "B call on the landlord"]
    for person in (sitting.manager, sitting.lead):
        assert log(sitting, person) == ["A ring the school"]
    assert log(sitting, sitting.other_lead) == ["B call on the landlord"]
    stranger = sitting._knows(a_person("lead_practitioner"))
    assert log(sitting, stranger) == []
    sitting.get(stranger, f"/actions/{agreed_id(sitting, 'A ring the school')}", 404)


def agreed_id(sitting: Sitting, what: str) -> str:
    with sitting.running.database.read() as session:
        return str(session.scalars(sa.select(ActionRow.id).where(ActionRow.what == what)).one())


def test_who_is_named_for_an_action_sees_it_wherever_they_work(sitting: Sitting) -> None:
    [action_id] = agreed(sitting)
    named = sitting._knows(a_person("lead_practitioner", name="Nia Named"))
    with sitting.running.database.begin() as session:
        session.get_one(ActionRow, UUID(action_id)).owner_person_id = named.person_id
    assert log(sitting, named, "?mine=true") == ["Ring the school"]
    assert log(sitting, sitting.manager, "?mine=true") == []
    assert "Nia Named" in sitting.running.browser(sitting.manager).get("/panel/actions").text


def test_nobody_sees_the_actions_of_an_item_with_which_they_declared_a_conflict(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    declared = {"person_id": str(sitting.deputy.person_id), "nature": "A neighbour"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "plan_advice")
    assert log(sitting, sitting.deputy) == []
    assert log(sitting, sitting.chair) == ["Ring the school"]


def test_the_overdue_come_first_and_are_said_to_be_so(sitting: Sitting) -> None:
    later = (sitting.running.clock.at + timedelta(days=60)).date().isoformat()
    agreed(sitting, {"what": "A later", "due_on": later}, {"what": "B now"})
    sitting.running.clock.at += timedelta(days=2)
    assert log(sitting, sitting.coordinator) == ["B now", "A later"]
    assert log(sitting, sitting.coordinator, "?state=overdue") == ["B now"]
    page = sitting.running.browser(sitting.coordinator).get("/panel/actions").text
    assert "Open (2)" in page
    assert "Overdue (1)" in page


def test_an_action_is_done_and_opened_again_and_every_word_stays(sitting: Sitting) -> None:
    [action_id] = agreed(sitting)
    path = f"/actions/{action_id}/marks"
    done = sitting.post(sitting.lead, path, {"mark": "done", "note": "Rang them"})
    assert log(sitting, sitting.coordinator) == []
    assert log(sitting, sitting.coordinator, "?state=done") == ["Ring the school"]
    sitting.post(sitting.lead, path, {"mark": "reopened", "supersedes": done["mark_id"]}, 422)
    again = {"mark": "reopened", "note": "It was the wrong school", "supersedes": done["mark_id"]}
    sitting.post(sitting.manager, path, again)
    assert log(sitting, sitting.coordinator) == ["Ring the school"]
    story = sitting.get(sitting.coordinator, f"/actions/{action_id}")
    assert [mark["mark"] for mark in story["marks"]] == ["done", "reopened"]
    assert story["state"] == "open"


def test_only_who_runs_the_panel_says_that_it_is_not_needed(sitting: Sitting) -> None:
    [action_id] = agreed(sitting)
    body = {"mark": "not_needed", "note": "They moved"}
    sitting.post(sitting.lead, f"/actions/{action_id}/marks", body, 403)
    sitting.post(sitting.coordinator, f"/actions/{action_id}/marks", {"mark": "not_needed"}, 422)
    sitting.post(sitting.coordinator, f"/actions/{action_id}/marks", body)
    assert log(sitting, sitting.chair, "?state=not_needed") == ["Ring the school"]


def test_the_second_of_two_is_told_and_keeps_what_they_typed(sitting: Sitting) -> None:
    [action_id] = agreed(sitting)
    sitting.post(sitting.lead, f"/actions/{action_id}/marks", {"mark": "done", "note": "Rang them"})
    typed = {"mark_id": "", "mark": "done", "note": "I rang them too"}
    answer = sitting.running.browser(sitting.manager).post(f"/panel/actions/{action_id}", data=typed)
    assert answer.status_code == 409
    assert "I rang them too" in answer.text
    assert "Rang them" in answer.text
    with sitting.running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ActionMarkRow)) == 1


def test_a_correction_takes_the_actions_of_the_earlier_decision_out_of_the_log(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    first = sitting.decides(item_id, "plan_advice")
    other = [sitting.action(what="Ring the nursery")]
    sitting.decides(item_id, "plan_advice", supersedes=first["decision_id"], actions=other)
    assert log(sitting, sitting.coordinator) == ["Ring the nursery"]
    with sitting.running.database.read() as session:
        gone = session.scalars(sa.select(ActionRow.id).where(ActionRow.what == "Ring the school")).one()
    sitting.get(sitting.coordinator, f"/actions/{gone}", 404)


def test_an_agency_that_the_family_excludes_later_does_not_read_what_it_was_to_do(sitting: Sitting) -> None:
    request_id = sitting.asks()
    [action_id] = agreed(sitting, request_id=request_id)
    newest_answer(sitting, request_id, ("Steps Forward",))
    [one] = sitting.get(sitting.lead, "/actions")["actions"]
    assert one["what"] == ""
    assert "does not want your agency" in one["closed"]
    assert "Ring the school" not in sitting.running.browser(sitting.lead).get(f"/panel/actions/{action_id}").text
    sitting.post(sitting.lead, f"/actions/{action_id}/marks", {"mark": "done"}, 404)
    assert log(sitting, sitting.coordinator) == ["Ring the school"]


def newest_answer(sitting: Sitting, request_id: UUID, not_with: tuple[str, ...]) -> None:
    """Let the newest paper of a request exclude agencies."""
    from services.panel.actions.papers import keep_paper
    from services.panel.queries.papers import database_now

    with sitting.running.database.begin() as session:
        paper = a_paper("EH7K-3QWD", not_with)
        keep_paper(session, request_id, paper, asked_at=database_now(session), now=sitting.running.clock.at)


def test_an_action_of_a_family_that_withdrew_its_consent_says_so_and_is_closed_to_the_agency(
    sitting: Sitting,
) -> None:
    request_id = sitting.asks()
    agreed(sitting, request_id=request_id)
    sitting.running.hears(withdrawal(sitting, request_id))
    [one] = sitting.get(sitting.coordinator, "/actions")["actions"]
    assert one["stopped"] == "The family's consent was withdrawn"
    assert log(sitting, sitting.lead) == [""]


def withdrawal(sitting: Sitting, request_id: UUID) -> ConsentWithdrawn:
    item = sitting.item(request_id)
    return ConsentWithdrawn(request_id=request_id, family_id=item.family_id, reference=item.reference)


def test_the_spreadsheet_holds_what_the_filter_shows_and_no_formula(sitting: Sitting) -> None:
    agreed(
        sitting,
        {"what": '=HYPERLINK("http://bad.example")'},
        {"what": "B call on the landlord", "agency_id": str(sitting.other_agency_id)},
    )
    query = f"?state=open&agency={sitting.agency_id}"
    answer = sitting.running.browser(sitting.coordinator).get(f"/panel/actions.csv{query}")
    assert answer.mimetype == "text/csv"
    head, *rows = csv.reader(StringIO(answer.get_data().decode("utf-8-sig")))
    assert head[:3] == ["What", "Family", "Agency"]
    assert [row[0] for row in rows] == ['\'=HYPERLINK("http://bad.example")']
    with sitting.running.database.read() as session:
        taken = session.execute(sa.select(audit.c.who, audit.c.details).where(audit.c.did == "took_action_log")).one()
    assert taken == (str(sitting.coordinator.person_id), {"rows": 1})


def test_the_spreadsheet_has_every_line_of_a_long_log(sitting: Sitting) -> None:
    agreed(sitting, {"what": "A ring the school"})
    with sitting.running.database.begin() as session:
        session.execute(
            sa.text(
                "INSERT INTO action (id, decision_id, what, owner_agency_id, owner_person_id, due_on)"
                " SELECT gen_random_uuid(), decision_id, 'B ' || n, owner_agency_id, owner_person_id, due_on"
                " FROM action, generate_series(1, 5000) AS n"
            )
        )
    data = sitting.running.browser(sitting.coordinator).get("/panel/actions.csv").get_data()
    what = [row["What"] for row in csv.DictReader(StringIO(data.decode("utf-8-sig")))]
    assert len(what) == len(set(what)) == 5001


def test_who_sits_at_no_panel_and_has_no_such_role_is_refused(sitting: Sitting) -> None:
    for path in ("actions", "actions.csv", f"actions/{uuid4()}"):
        assert sitting.running.browser(a_person("referrer")).get(f"/panel/{path}").status_code == 403


def test_an_action_of_somebody_who_left_still_shows_who_it_was(sitting: Sitting) -> None:
    [action_id] = agreed(sitting)
    with sitting.running.database.begin() as session:
        session.get_one(ActionRow, UUID(action_id)).owner_person_id = sitting.lead.person_id
        session.get_one(KnownPersonRow, sitting.lead.person_id).is_active = False
    assert "Lee Lead" in sitting.running.browser(sitting.coordinator).get("/panel/actions").text


def test_the_start_page_hears_how_much_a_person_or_the_agency_they_manage_has_to_do(sitting: Sitting) -> None:
    later = (sitting.running.clock.at + timedelta(days=60)).date().isoformat()
    agreed(sitting, {"what": "A later", "due_on": later}, {"what": "B now"})
    sitting.running.clock.at += timedelta(days=2)
    browser, neighbour = sitting.running.browser(), sitting.running.as_neighbour("directory")
    for person, to_do in ((sitting.manager, {"open": 2, "overdue": 1}), (sitting.lead, {"open": 0, "overdue": 0})):
        path = f"/panel/api/v1/people/{person.person_id}/actions"
        assert browser.get(path, headers=neighbour).get_json() == to_do
        assert browser.get(path, headers=sitting.running.bearer(sitting.manager)).status_code == 401


def test_a_decision_names_who_of_the_agency_is_to_do_it(sitting: Sitting) -> None:
    agreed(sitting, {"person_id": str(sitting.lead.person_id)})
    [one] = sitting.get(sitting.lead, "/actions?mine=true")["actions"]
    assert one["person_id"] == str(sitting.lead.person_id)


def test_nobody_of_another_agency_and_nobody_with_a_conflict_is_named(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    stranger = [sitting.action(person_id=str(sitting.other_lead.person_id))]
    problem = sitting.decides(item_id, "plan_advice", 422, actions=stranger)
    assert problem["errors"][0]["pointer"] == "/actions/0/person_id"
    declared = {"person_id": str(sitting.member.person_id), "nature": "A neighbour"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    agency = str(sitting.other_agency_id)
    neighbour = [sitting.action(agency_id=agency, person_id=str(sitting.member.person_id))]
    sitting.decides(item_id, "plan_advice", 422, actions=neighbour)


def test_the_form_of_a_decision_offers_the_people_of_each_agency(sitting: Sitting) -> None:
    item_id = sitting.item_at(sitting.asks(), sitting.opened(sitting.next_meeting()))
    browser = sitting.running.browser(sitting.chair)
    address = f"/panel/items/{item_id}/decision?outcome=signpost"
    assert '<optgroup label="Steps Forward">' in browser.get(address).text
    due_on = sitting.running.clock.at + timedelta(days=7)
    typed = {
        "where": "The library",
        "told_by": "The school",
        "reasons": "Because it fits.",
        "action_1_what": "Ring the school",
        "action_1_agency": str(sitting.agency_id),
        "action_1_person": str(sitting.other_lead.person_id),
        "action_1_due_on-day": str(due_on.day),
        "action_1_due_on-month": str(due_on.month),
        "action_1_due_on-year": str(due_on.year),
    }
    refused = browser.post(address, data=typed)
    assert refused.status_code == 422
    assert "Select somebody who works for this agency" in refused.text
    answer = browser.post(address, data=typed | {"action_1_person": str(sitting.lead.person_id)})
    assert answer.status_code == 302, answer.text
    assert log(sitting, sitting.lead, "?mine=true") == ["Ring the school"]
