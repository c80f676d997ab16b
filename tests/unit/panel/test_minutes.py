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
        "supplement": 0,
        "urgent": [],
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
    ana = {
        "name": "Ana Sample",
        "agency": "The council",
        "seat": "Chair",
        "presence": "Present",
        "detail": "",
        "here": "yes",
    }
    return {
        "authority": "A Council",
        "marking": "OFFICIAL-SENSITIVE",
        "panel": "Early Help Allocation Panel",
        "held_on": "12 November 2026",
        "place": "Room 3",
        "planned": "9:30am to 12:30pm",
        "times": "Opened at 9:34am, ended at 12:10pm",
        "chair": "Ana Sample",
        "notes": "Ben Sample",
        "confidentiality": "Everything is confidential.",
        "acknowledged": "1 person acknowledged it",
        "attendance": [ana],
        "attended": "1 of 1 people were there, from 1 agency",
        "quorum": "",
        "conflicts": [{"item": "1", "number": 1, "name": "Zoë Nguyễn", "nature": "a cousin"}],
        "approved_here": [{"held_on": "29 October 2026"}],
        "arising": [],
        "items": [item],
        "corrections": [],
        "state": "draft",
        "approval": None,
        "addenda": [],
        "version": 1,
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


def text_of(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def titles_in(outline: Any) -> list[str]:
    return [
        title for one in outline for title in (titles_in(one) if isinstance(one, list) else [str(one.title).strip()])
    ]


def test_draft_and_approved_are_said_in_words_on_every_page() -> None:
    many = some_minutes()["items"] * 30
    draft = PdfReader(BytesIO(minutes_pdf(some_minutes(items=many))))
    approval = {"at": "26 November 2026", "chair": "Ana Sample", "corrections": "Item 1: ring the nursery."}
    approved = PdfReader(BytesIO(minutes_pdf(some_minutes(items=many, state="approved", approval=approval))))
    assert len(draft.pages) > 2
    for pdf, word in ((draft, "DRAFT"), (approved, "APPROVED")):
        for number, page in enumerate(pdf.pages, 1):
            said = page.extract_text()
            assert word in said
            assert "OFFICIAL-SENSITIVE" in said
            assert f"Page {number} of {len(pdf.pages)}" in said
    assert "Item 1: ring the nursery." in text_of(approved)


def test_the_minutes_have_a_language_bookmarks_and_page_labels() -> None:
    pdf = PdfReader(BytesIO(minutes_pdf(some_minutes())))
    assert str(pdf.root_object["/Lang"]).startswith("en")
    assert "/MarkInfo" in pdf.root_object
    titles = titles_in(pdf.outline)
    assert titles[0] == "Minutes of the Early Help Allocation Panel"
    assert "1. EH7K-3QWD: Allocate to a service" in titles
    assert "Matters arising" in titles


def test_an_addendum_stands_after_what_was_approved() -> None:
    item = some_minutes()["items"][0] | {"decision": "Signpost"}
    addendum = {"number": 1, "made_on": "3 December 2026", "by": "Cal", "words": "It was corrected.", "items": [item]}
    approval = {"at": "26 November 2026", "chair": "", "corrections": ""}
    said = text_of(
        PdfReader(BytesIO(minutes_pdf(some_minutes(state="approved", approval=approval, addenda=[addendum]))))
    )
    assert said.index("Allocate to a service") < said.index("Addendum 1") < said.index("Signpost")
