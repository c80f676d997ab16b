"""Request documents for tests, showing only what matters, and the doors they go through."""

import copy
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.referrals.tables import RequestRow
from shared.events.panel import AllocationAccepted
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import PORTAL_TOKEN, Running

_ROOT = Path(__file__).parents[3]
PORTAL = {"Authorization": f"Bearer {PORTAL_TOKEN}"}

_AGREED: dict[str, Any] = {
    "by": "a1", "answer": "given", "how": "signed", "on": "2026-10-28", "obtained_by": "Megan O'Brien",
}  # fmt: skip
_DOCUMENT: dict[str, Any] = {
    "kind": "request",
    "urgency": "routine",
    "referrer": {
        "source": "2A",
        "name": "Megan O'Brien",
        "role": "Safeguarding lead",
        "organisation": "Twerton Meadow Primary School",
        "email": "megan@school.example",
        "phone": "01632 960001",
    },
    "addresses": [
        {
            "ref": "home",
            "lines": ["14 Larkfield Close"],
            "town": "Bath",
            "postcode": "BA2 1XX",
            "may_write": True,
            "not_disclosed_to": [],
        }
    ],
    "children": [
        {
            "ref": "c1",
            "given_name": "Siobhán",
            "family_name": "Nguyễn",
            "date_of_birth": "2017-05-09",
            "sex": "F",
            "ethnicity": "WBRI",
            "disabilities": ["NONE"],
            "lives_at": ["home"],
        }
    ],
    "adults": [
        {
            "ref": "a1",
            "given_name": "Ana",
            "family_name": "O'Brien",
            "relationship": "mother",
            "parental_responsibility": "yes",
            "primary_carer": True,
            "lives_at": ["home"],
            "mobile": "07700 900123",
            "safe_channels": ["sms"],
        }
    ],
    "contact": {"adult": "a1"},
    "needs": ["1"],
    "working_well": "They read together.",
    "worried_about": "Lessons are missed.",
    "needs_to_happen": "A plan for the mornings.",
    "consent": {
        "to_ask": [_AGREED],
        "to_share": [_AGREED],
        "to_research": [_AGREED | {"answer": "refused"}],
    },
}


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a request document with these parts instead of its own; `child` changes its first child."""
    document = copy.deepcopy(_DOCUMENT)
    document["children"][0] |= changes.pop("child", {})
    document["adults"][0] |= changes.pop("adult", {})
    document["addresses"][0] |= changes.pop("address", {})
    return document | changes


def consented(**changes: Any) -> dict[str, Any]:
    """Return the consent of a document; each kind of `changes` is what its one answer has instead of its own."""
    return {kind: [_AGREED | changes.get(kind, {})] for kind in ("to_ask", "to_share", "to_research")}


def signed_on_page(**changes: Any) -> dict[str, Any]:
    """Return an agreement as the front door's form for a new answer sends it."""
    day = {"on-day": "2", "on-month": "11", "on-year": "2026"}
    return {"kind": ["to_share"], "answer": "given", "how": "signed", **day, "obtained_by": "Hannah"} | changes


def unasked() -> dict[str, Any]:
    """Return the consent of a document for which nobody was asked."""
    return {"to_ask": [], "to_share": [], "to_research": []}


def a_step_down(**changes: Any) -> dict[str, Any]:
    """Return a step-down document."""
    papers = [
        {"kind": kind, "title": kind, "dated_on": "2026-10-01", "text": "Several paragraphs."}
        for kind in ("single_assessment", "plan")
    ]
    step_down = {
        "from_plan": "child_protection",
        "decided_on": "2026-10-20",
        "closure_reason": "RC9",
        "papers": papers,
    }
    return a_document(kind="step_down", step_down=step_down) | changes


def samples(authority: str) -> Iterable[dict[str, Any]]:
    """Yield every sample request of an authority."""
    for path in sorted((_ROOT / "samples" / authority / "requests").glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def post(running: Running, document: Any, *, key: str = "") -> Any:
    """Send a document as the portal and return the response."""
    headers = PORTAL | {"Idempotency-Key": key or uuid4().hex}
    return running.app.test_client().post("/referrals/api/v1/requests", json=document, headers=headers)


def sent(running: Running, document: Any = None) -> UUID:
    """Send a document as the portal and return the id of the request."""
    response = post(running, document or a_document())
    assert response.status_code == 201, response.text
    return UUID(response.json["request_id"])


_ALSO_SAID: dict[str, dict[str, Any]] = {
    "signpost": {"where": "The library's homework club", "phone": "01632 960777"},
    "safeguarding": {"told": "Duty team, Ms Okafor", "told_how": "phone", "told_on": "2026-11-02"},
    "no_further_action": {"because": "advice_given"},
    "more_information": {"what": "Which school year?"},
    "ask_consent": {"what": "Whether Ana agrees to the panel."},
}
"""What an outcome has to say besides level and reason."""


def triaged(running: Running, request_id: UUID, person: Person | None = None, **choice: Any) -> Any:
    """Triage a request through the API and return the response."""
    body = {"outcome": "panel", "reason": "Two needs, several services.", "panel_key": "ehap", "level": {"number": 3}}
    body |= _ALSO_SAID.get(choice.get("outcome", ""), {})
    headers = running.bearer(person or a_person("front_door"))
    return running.app.test_client().post(
        f"/referrals/api/v1/requests/{request_id}/triage", json=body | choice, headers=headers
    )


def ids_of(running: Running, request_id: UUID) -> dict[str, Any]:
    """Return by what every fact names a request."""
    with running.database.read() as session:
        row = session.get_one(RequestRow, request_id)
        return {"request_id": row.id, "family_id": row.family_id, "reference": row.reference}


def an_acceptance(running: Running, request_id: UUID, **changes: UUID) -> AllocationAccepted:
    """Return the fact that an agency took the family of a request on."""
    made: dict[str, Any] = {"agency_id": uuid4(), "practitioner_id": uuid4(), "plan_id": uuid4()} | changes
    return AllocationAccepted(uuid4(), **ids_of(running, request_id), **made, review_due_on=date(2026, 12, 14))
