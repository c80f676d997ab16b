"""Is there already a plan, and who leads it? Asked by whoever may, answered as far as they may know, and kept."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from services.referrals.jobs import fetch_names
from shared.audit import audit
from shared.events.directory import AgencyChanged
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, an_acceptance, consented, sent, triaged

Start = Callable[..., Running]
ABOUT = {"given_name": "shevaun", "family_name": "nguyen"}


@pytest.fixture
def running(start: Start) -> Running:
    """Give a service that knows one family, with an open plan that Tariq Aziz leads."""
    running = start("referrals")
    request_id = sent(running)
    accepted = an_acceptance(running, request_id)
    running.hears(AgencyChanged(accepted.agency_id, "Riverbank Youth", True))
    triaged(running, request_id)
    running.neighbours.answers[("directory", f"/people/{accepted.practitioner_id}")] = {
        "name": "Tariq Aziz",
        "agency_name": "Riverbank Youth",
        "mobile": "07700 900555",
    }
    running.hears(accepted)
    fetch_names(running.resources)
    return running


def asked(running: Running, role: str, *, agreed: bool = True, status: int = 200, **about: Any) -> Any:
    body = {"purpose": "plan", "has_consent": agreed, **(about or ABOUT)}
    answer: Any = running.app.test_client().post(
        "/referrals/api/v1/register/search", json=body, headers=running.bearer(a_person(role))
    )
    assert answer.status_code == status, answer.text
    return answer.json


def page(running: Running, role: str, *, agreed: bool, status: int = 200, **about: Any) -> str:
    typed = {"purpose": "plan", "has_consent": "yes" if agreed else "no", **(about or ABOUT)}
    answer = running.browser(a_person(role)).post("/referrals/register", data=typed)
    assert answer.status_code == status, answer.text
    return answer.text


def test_the_front_door_is_told_all_with_the_reasons(running: Running) -> None:
    answer = asked(running, "front_door", agreed=False)
    [family] = answer["families"]
    assert family["reasons"] == ["The name sounds the same: Siobhán Nguyễn"]
    assert family["plans"][0]["led_by"] == "Tariq Aziz"
    shown = page(running, "front_door", agreed=False)
    assert "Siobhán Nguyễn, born" in shown
    assert "led by Tariq Aziz (Riverbank Youth), 07700 900555" in shown


def test_others_are_told_who_leads_when_the_family_agreed_and_nothing_of_the_family(running: Running) -> None:
    answer = asked(running, "referrer")
    assert answer["plans"][0]["led_by"] == "Tariq Aziz"
    assert "families" not in answer
    shown = page(running, "referrer", agreed=True)
    assert "led by Tariq Aziz (Riverbank Youth), 07700 900555" in shown
    for hidden in ("born", "Larkfield", "Siobhán"):
        assert hidden not in shown.split("<form")[0]


def test_without_agreement_others_do_not_even_learn_whether_the_family_is_known(running: Running) -> None:
    assert asked(running, "referrer", agreed=False) == {"answered": "nothing"}
    known = page(running, "referrer", agreed=False)
    unknown = page(running, "referrer", agreed=False, given_name="Nobody", family_name="Here")
    assert "the register says nothing" in known
    assert (
        known.split("What the register says")[1].split("<form")[0]
        == unknown.split("What the register says")[1].split("<form")[0]
    )


def test_somebody_who_is_not_known_is_said_not_to_be(running: Running) -> None:
    assert asked(running, "referrer", given_name="Nobody", family_name="Here")["is_known"] is False
    assert "Nobody like that is known" in page(
        running, "referrer", agreed=True, given_name="Nobody", family_name="Here"
    )


def test_too_little_is_said_at_the_field_and_what_was_typed_stays(running: Running) -> None:
    shown = page(running, "front_door", agreed=True, status=422, family_name="Nguyen")
    assert "Enter more: a first and a last name" in shown
    assert 'value="Nguyen"' in shown
    assert asked(running, "front_door", status=422, family_name="Nguyen")["errors"][0]["pointer"] == "/family_name"


def test_every_question_is_kept_with_its_purpose_and_without_a_name(running: Running) -> None:
    asked(running, "lead_practitioner")
    asked(running, "referrer", agreed=False)
    with running.database.read() as session:
        told, refused = session.execute(
            sa.select(audit.c.details).where(audit.c.did == "asked_register").order_by(audit.c.id)
        ).scalars()
    assert (told["purpose"], told["has_consent"], told["answered"], len(told["families"])) == (
        "plan",
        True,
        "who_leads",
        1,
    )
    assert (refused["answered"], refused["families"]) == ("nothing", [])
    assert "guyen" not in str(told)


def test_a_purpose_of_the_front_door_is_not_for_others(running: Running) -> None:
    asked(running, "referrer", status=403, purpose="safeguarding", given_name="Siobhan", family_name="Nguyen")
    assert "safeguarding" not in running.browser(a_person("referrer")).get("/referrals/register").text.split("<form")[1]


@pytest.mark.parametrize("role", ["agency_manager", "panel_member", "administrator"])
def test_who_has_no_reason_to_ask_may_not(running: Running, role: str) -> None:
    assert running.browser(a_person(role)).get("/referrals/register").status_code == 403


def test_a_question_that_fits_many_says_so(running: Running) -> None:
    for number in range(21):
        sent(running, a_document(child={"date_of_birth": f"2015-06-{number + 1:02}"}))
    answer = asked(running, "front_door", given_name="Siobhan", family_name="Nguyen")
    assert len(answer["families"]) == 20
    assert answer["is_too_wide"] is True


def test_to_an_agency_that_the_family_leaves_out_it_is_not_known(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(consent=consented(to_share={"not_with": ["A sample agency"]})))
    triaged(running, request_id)
    running.hears(an_acceptance(running, request_id))
    assert len(asked(running, "front_door")["families"]) == 1, "the front door knows all"
    told = asked(running, "lead_practitioner")
    assert (told["is_known"], told["plans"]) == (False, [])
    assert "Nobody like that is known" in page(running, "lead_practitioner", agreed=True)
