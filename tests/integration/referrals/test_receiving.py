"""Requests come in over the JSON API: whole, once, and with every fault named."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.referrals.tables import ChildRow, RequestRow
from shared.audit import audit
from shared.events.referrals import RequestReceived
from tests.integration.conftest import Running
from tests.integration.referrals.documents import PORTAL, a_document, a_step_down, consented, post, samples

Start = Callable[..., Running]


def _pointers(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.text
    assert response.mimetype == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in response.json["errors"]}


@pytest.mark.parametrize("authority", ["bathnes", "gloucestershire"])
def test_every_sample_is_accepted(start: Start, authority: str) -> None:
    running = start("referrals", AUTHORITY=authority)
    documents = list(samples(authority))
    assert len(documents) >= 30
    for document in documents:
        assert post(running, document).status_code == 201, document["referrer"]
    assert len(running.announced(RequestReceived)) == len(documents)


def test_a_request_is_acknowledged_as_received(start: Start) -> None:
    running = start("referrals")
    response = post(running, a_document())
    assert response.status_code == 201
    assert response.json["status"] == "received"
    assert response.json["reference"].startswith("EH")
    [fact] = running.announced(RequestReceived)
    assert fact.request_id == UUID(response.json["request_id"])
    assert fact.received_at == running.clock.now()
    with running.database.read() as session:
        who = session.scalars(sa.select(audit.c.who).where(audit.c.did == "received")).all()
    assert who == ["portal"]


def test_the_same_key_and_body_give_the_same_request(start: Start) -> None:
    running = start("referrals")
    first, again = post(running, a_document(), key="k"), post(running, a_document(), key="k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert len(running.announced(RequestReceived)) == 1


def test_the_same_key_with_another_body_is_a_conflict(start: Start) -> None:
    running = start("referrals")
    post(running, a_document(), key="k")
    assert post(running, a_document(urgency="soon"), key="k").status_code == 409


def test_the_same_request_twice_at_once_is_kept_once(start: Start) -> None:
    running = start("referrals")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(running, a_document(), key="k"), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["reference"] for answer in answers}) == 1


def test_a_key_is_needed(start: Start) -> None:
    running = start("referrals")
    response: Any = running.app.test_client().post("/referrals/api/v1/requests", json=a_document(), headers=PORTAL)
    assert response.status_code == 422
    assert "Idempotency-Key" in response.json["detail"]


def test_only_portals_may_send(start: Start) -> None:
    running = start("referrals")
    headers = {"Authorization": "Bearer another", "Idempotency-Key": "k"}
    response = running.app.test_client().post("/referrals/api/v1/requests", json=a_document(), headers=headers)
    assert response.status_code == 401


def test_names_are_kept_as_they_are_written(start: Start) -> None:
    running = start("referrals")
    post(running, a_document(child={"given_name": "Łukasz", "family_name": "Nguyễn-O'Brien"}))
    with running.database.read() as session:
        assert session.scalars(sa.select(ChildRow.family_name)).all() == ["Nguyễn-O'Brien"]


def test_not_known_refused_and_not_given_stay_apart(start: Start) -> None:
    running = start("referrals")
    post(running, a_document(child={"first_language": {"missing": "not_known"}}))
    post(running, a_document(child={"first_language": {"missing": "refused"}}))
    post(running, a_document())
    with running.database.read() as session:
        rows = session.scalars(sa.select(ChildRow)).all()
        kept = sorted((row.answers.get("first_language", ""), row.why_missing("first_language")) for row in rows)
        assert kept == [("", ""), ("", "Not known"), ("", "They did not want to say")]


@pytest.mark.parametrize(
    ("child", "pointer", "words"),
    [
        ({"date_of_birth": "2026-02-31"}, "/children/0/date_of_birth", "must be a real date"),
        ({"date_of_birth": "2091-01-01"}, "/children/0/date_of_birth", "must be today or in the past"),
        ({"given_name": "A\x00na"}, "/children/0/given_name", "cannot be kept"),
        ({"given_name": " "}, "/children/0/given_name", "Enter first name"),
        ({"family_name": ""}, "/children/0/family_name", "Enter last name"),
        ({"nhs_number": "943 476 5918"}, "/children/0/nhs_number", "is not right"),
        ({"upn": "A123456789012"}, "/children/0/upn", "is not right"),
        ({"first_language": {"missing": "lost"}}, "/children/0/first_language", "one of not_known"),
        ({"disabilities": ["NONE", "AUT"]}, "/children/0/disabilities", "not both"),
        ({"lives_at": ["nowhere"]}, "/children/0/lives_at/0", "no address with this ref"),
        ({"expected_on": "2027-01-01"}, "/children/0/expected_on", "not both"),
        ({"shoe_size": 30}, "/children/0/shoe_size", "Unknown field"),
        ({"date_of_birth": None, "expected_on": "2027-12-01", "sex": "U"}, "/children/0/expected_on", "40 weeks"),
        ({"date_of_birth": None, "expected_on": "2027-01-01", "sex": "F"}, "/children/0/sex", "not yet born is U"),
        ({"date_of_birth": None}, "/children/0/date_of_birth", "Enter a date of birth"),
    ],
)
def test_a_wrong_child_is_refused_at_its_field(start: Start, child: dict[str, Any], pointer: str, words: str) -> None:
    found = _pointers(post(start("referrals"), a_document(child=child)))
    assert words in found[pointer]


def test_twins_not_yet_born_are_taken_without_names(start: Start) -> None:
    running = start("referrals")
    document = a_document()
    unborn = {"expected_on": "2027-03-03", "sex": "U", "ethnicity": "NOBT", "disabilities": ["NONE"]}
    document["children"] = [unborn | {"ref": "t1"}, unborn | {"ref": "t2"}]
    response = post(running, document)
    assert response.status_code == 201, response.text
    path = f"/referrals/api/v1/requests/{response.json['request_id']}/paper"
    paper: Any = running.app.test_client().get(path, headers=running.as_neighbour("panel")).json
    assert [child["name"] for child in paper["children"]] == [
        "Unborn child 1, expected 3 March 2027",
        "Unborn child 2, expected 3 March 2027",
    ]


def test_a_child_not_yet_born_cannot_agree(start: Start) -> None:
    document = a_document()
    document["children"].append(
        {"ref": "t1", "expected_on": "2027-03-03", "sex": "U", "ethnicity": "NOBT", "disabilities": ["NONE"]}
    )
    document["consent"] = consented(to_ask={"by": "t1"})
    assert set(_pointers(post(start("referrals"), document))) == {"/consent/to_ask/0/by"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"locality": "gloucester"}, "/locality"),
        ({"contact": {"adult": "c1"}}, "/contact/adult"),
        ({"step_down": a_step_down()["step_down"]}, "/step_down"),
        ({"kind": "step_down"}, "/step_down"),
        ({"needs": []}, "/needs"),
        ({"needs": ["1", "1"]}, "/needs"),
        ({"children": []}, "/children"),
        ({"referrer": {"source": "2A", "name": "X", "role": "Y", "organisation": "Z"}}, "/referrer/email"),
        ({"referrer": {"source": "1C", "name": "X", "role": "Y", "email": "x@y.example"}}, "/referrer/role"),
        ({"working_well": "x" * 10_001}, "/working_well"),
    ],
)
def test_a_wrong_part_is_refused_at_its_field(start: Start, changes: dict[str, Any], pointer: str) -> None:
    assert pointer in _pointers(post(start("referrals"), a_document(**changes)))


def test_consent_must_come_from_somebody_in_the_family(start: Start) -> None:
    consent = consented(to_ask={"by": "somebody"}, to_share={"how": "", "on": None, "obtained_by": ""})
    consent["to_research"] *= 2
    consent["to_research"][0]["competence"] = {"judged_by": "Me", "judged_on": "2026-10-01", "because": "They said."}
    found = _pointers(post(start("referrals"), a_document(consent=consent)))
    assert set(found) == {
        "/consent/to_ask/0/by",
        "/consent/to_share/0/how",
        "/consent/to_share/0/on",
        "/consent/to_share/0/obtained_by",
        "/consent/to_research/0/competence",
        "/consent/to_research/1/by",
        "/consent/to_research/1/competence",
    }


def test_a_locality_is_needed_where_the_authority_has_them(start: Start) -> None:
    running = start("referrals", AUTHORITY="gloucestershire")
    assert "/locality" in _pointers(post(running, a_document()))
    assert post(running, a_document(locality="stroud")).status_code == 201


def test_a_step_down_needs_its_assessment_and_plan(start: Start) -> None:
    document = a_step_down()
    document["step_down"]["papers"] = document["step_down"]["papers"][:1]
    assert "/step_down/papers" in _pointers(post(start("referrals"), document))


def test_a_body_of_five_megabytes_is_refused_and_nothing_is_kept(start: Start) -> None:
    running = start("referrals")
    response = post(running, a_document(working_well="x" * 5_000_000))
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"
    assert "1 MB" in response.json["detail"]
    with running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RequestRow)) == 0


@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', "\ud800".encode("utf-8", "surrogatepass")])
def test_what_is_no_document_is_refused(start: Start, body: Any) -> None:
    client = start("referrals").app.test_client()
    headers = PORTAL | {"Idempotency-Key": "k", "Content-Type": "application/json"}
    assert client.post("/referrals/api/v1/requests", data=body, headers=headers).status_code in (400, 422)
