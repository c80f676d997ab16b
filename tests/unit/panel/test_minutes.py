"""How decisions read, and the PDF of the minutes."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from services.panel.actions.minutes import minutes_pdf
from services.panel.rules.decisions import OUTCOMES
from services.panel.rules.wording import Names, decision_in_lines, outcome_label


def some_minutes(**changes: Any) -> dict[str, Any]:
    item = {
        "id": "1",
        "number": 1,
        "reference": "EH7K-3QWD",
        "decision": "Allocate to a service",
        "lines": [("Service", "Steps Forward")],
        "reasons": "The school asks for *help* #soon, and $ is no markup.",
        "dissent": "",
        "chair": "",
        "corrected": False,
        "conflicts": [{"name": "Zoë Nguyễn", "nature": "a cousin"}],
        "actions": [{"what": "Ring the school", "who": "School nursing", "due": "20 November 2026"}],
    }
    return {
        "authority": "A Council",
        "panel": "Early Help Allocation Panel",
        "held_on": "12 November 2026",
        "place": "Room 3",
        "chair": "Ana Sample",
        "notes": "Ben Sample",
        "confidentiality": "Everything is confidential.",
        "attendance": [{"name": "Ana Sample", "agency": "The council", "seat": "Chair", "presence": "Present"}],
        "items": [item],
        "left_out": 0,
    } | changes


def test_the_minutes_are_a_tagged_pdf_with_a_title() -> None:
    pdf = PdfReader(BytesIO(minutes_pdf(some_minutes())))
    assert "/StructTreeRoot" in pdf.root_object
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Minutes: Early Help Allocation Panel, 12 November 2026"


def test_what_people_typed_is_never_markup() -> None:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(minutes_pdf(some_minutes()))).pages)
    assert "*help* #soon" in text
    assert "EH7K-3QWD" in text
    assert "Zoë" in text


def test_minutes_without_a_family_are_minutes() -> None:
    text = PdfReader(BytesIO(minutes_pdf(some_minutes(items=[])))).pages[0].extract_text()
    assert "No family was on the agenda" in text


def test_details_read_in_words() -> None:
    details = {"consent_sought": False, "why_not": "Risk", "sent_on": "2026-11-12", "by_whom": "The chair"}
    assert decision_in_lines("step_up", details) == [
        ("Who steps up", "The chair"),
        ("Sent on", "12 November 2026"),
        ("Consent was sought", "No"),
        ("Why it was not sought", "Risk"),
    ]


def test_codes_read_as_their_labels() -> None:
    assert decision_in_lines("carry_over", {"reason": "not_quorate"}) == [("Why", "Too few members were there")]
    assert decision_in_lines("allocate", {"service_id": "s", "needs": ["1"]}, Names(services={"s": "Steps"})) == [
        ("Service", "Steps"),
        ("Needs", "Getting a good education"),
    ]


@pytest.mark.parametrize("code", OUTCOMES)
def test_every_outcome_has_a_name(code: str) -> None:
    assert outcome_label(code) != code
