"""When papers go out, how long they can be read, and what each reader's copy shows."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.circulation import Part, changed_since, copy_for_reader, papers_are_open, papers_go_out_at
from services.panel.rules.consent import CLOSED_BECAUSE, NO_PART
from shared.london import LONDON, london_date
from shared.working_days import is_working_day

HELD_ON = date(2026, 11, 5)
HEADING = {
    "authority": "A council",
    "marking": "OFFICIAL-SENSITIVE",
    "panel": "EHAP",
    "day": "",
    "time": "",
    "place": "",
    "changed": "",
}


def an_item(number: int, **paper: Any) -> dict[str, Any]:
    """Return a family as it was circulated; every word of it names its number."""
    return {
        "item_id": str(uuid4()),
        "number": number,
        "reference": f"EH{number:02}-REF",
        "kind": f"kind-{number}-secret",
        "level": f"level-{number}-secret",
        "children": f"children-{number}-secret",
        "received": f"received-{number}-secret",
        "why": f"why-{number}-secret",
        "paper": {"boxes": [{"title": "Worried", "text": f"story-{number}-secret"}]} | paper,
    }


@pytest.mark.parametrize(
    ("state", "are_sent", "prepares", "today", "are_open"),
    [
        ("planned", False, True, date(2026, 11, 5), False),
        ("agenda_closed", True, False, date(2026, 11, 1), True),
        ("agenda_closed", False, False, date(2026, 11, 1), False),
        ("agenda_closed", False, True, date(2026, 11, 1), True),
        ("in_session", True, False, date(2026, 11, 5), True),
        ("ended", True, False, date(2026, 11, 19), True),
        ("ended", True, False, date(2026, 11, 20), False),
        ("ended", True, True, date(2026, 11, 20), False),
        ("cancelled", True, True, date(2026, 11, 5), False),
    ],
)
def test_members_read_papers_once_they_were_sent_until_14_days_after_the_meeting(
    state: str, are_sent: bool, prepares: bool, today: date, are_open: bool
) -> None:
    said = papers_are_open(state, are_sent=are_sent, prepares=prepares, held_on=HELD_ON, stay_days=14, today=today)
    assert said is are_open


@given(st.integers(0, 400), st.integers(-30, 500))
def test_access_ends_with_the_day_that_the_authority_says(stay_days: int, after: int) -> None:
    today = HELD_ON + timedelta(days=after)
    is_open = papers_are_open("ended", are_sent=True, prepares=False, held_on=HELD_ON, stay_days=stay_days, today=today)
    assert is_open is (after <= stay_days)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 10), st.times(), st.integers(0, 500))
def test_papers_go_out_on_a_working_day_before_the_meeting_and_never_before_the_closing(
    held_on: date, working_days: int, at: time, hours_before: int
) -> None:
    at = at.replace(microsecond=0, tzinfo=None)
    closes_at = datetime.combine(held_on, time(12), tzinfo=LONDON).astimezone(UTC) - timedelta(hours=hours_before)
    out = papers_go_out_at(held_on, go_out="working_days_before", working_days=working_days, at=at, closes_at=closes_at)
    assert out >= closes_at
    if out > closes_at:
        assert london_date(out) <= held_on
        assert working_days == 0 or is_working_day(london_date(out))


def test_papers_go_out_at_the_closing_where_nothing_else_is_said() -> None:
    closes_at = datetime(2026, 10, 29, 16, tzinfo=UTC)
    given_all: dict[str, Any] = {"working_days": 5, "at": time(9), "closes_at": closes_at}
    assert papers_go_out_at(HELD_ON, go_out="at_closing", **given_all) == closes_at
    assert papers_go_out_at(HELD_ON, go_out="working_days_before", **given_all | {"working_days": 2}) == datetime(
        2026, 11, 3, 9, tzinfo=UTC
    )


@given(st.lists(st.sampled_from(["", *CLOSED_BECAUSE]), min_size=1, max_size=12), st.integers(0, 12))
def test_every_item_stands_in_every_copy_and_of_a_closed_one_nothing_but_number_and_why_and_whose_to_who_has_a_part(
    reasons: list[str], in_agenda: int
) -> None:
    items = [an_item(number) for number in range(1, len(reasons) + 1)]
    parts = [Part(0, "", items[:in_agenda]), Part(1, "3 November 2026", items[in_agenda:])]
    closed = {item["item_id"]: why for item, why in zip(items, reasons, strict=True) if why}
    copy = copy_for_reader(HEADING, parts, closed=closed, reader="Mo Member", at="now")
    shown = [item for part in copy["parts"] for item in part["items"]]
    assert [(item["number"], item["reference"]) for item in shown] == [
        (one["number"], "" if why in NO_PART else one["reference"]) for one, why in zip(items, reasons, strict=True)
    ]
    for item, why in zip(shown, reasons, strict=True):
        secrets = json.dumps(copy).count(f"-{item['number']}-secret")
        assert (item["closed"], secrets) == ((CLOSED_BECAUSE[why], 0) if why else ("", 6))


def test_a_closed_item_hides_also_what_is_added_to_items_later() -> None:
    item = an_item(1) | {"something_new": "new-secret"}
    copy = copy_for_reader(
        HEADING, [Part(0, "", [item])], closed={item["item_id"]: "left"}, reader="Mo Member", at="now"
    )
    assert "secret" not in json.dumps(copy)


def test_a_copy_says_where_a_meeting_is_by_now_that_was_moved_after_its_papers_went_out() -> None:
    went_out = {"day": "Thursday 5 November 2026", "time": "9:30am to 12:30pm", "place": "Room 3", "panel": "EHAP"}
    assert changed_since(went_out, went_out) == ""
    now = went_out | {"day": "Friday 6 November 2026"}
    assert changed_since(went_out, now) == "By now the meeting is on Friday 6 November 2026, 9:30am to 12:30pm, Room 3."
