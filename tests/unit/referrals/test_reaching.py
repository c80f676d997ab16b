"""How to reach a service, as an Open Referral UK feed says it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.reaching import Reach, how_to_reach

WEEKLY: dict[str, Any] = {"freq": "WEEKLY", "interval": 1, "opens_at": "09:00:00", "closes_at": "17:00:00"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


def test_the_first_number_the_address_the_hours_and_the_day_are_read() -> None:
    service = {
        "url": "https://food.example",
        "assured_date": "2026-06-01",
        "phones": [],
        "contacts": [{"phones": [{"number": " 01632 960101 "}]}],
        "schedules": [{**WEEKLY, "byday": "MO,TU,WE,TH,FR"}],
    }
    opens = "Monday to Friday, 9am to 5pm"
    assert how_to_reach(service) == Reach("01632 960101", "https://food.example", opens, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"byday": "TU,TH"}, "Tuesday and Thursday, 9am to 5pm"),
        ({"byday": "MO,TU"}, "Monday and Tuesday, 9am to 5pm"),
        ({"byday": "MO,TU,TH"}, "Monday, Tuesday and Thursday, 9am to 5pm"),
        ({"byday": "SU", "opens_at": "10:30:00", "closes_at": "12:00:00"}, "Sunday, 10:30am to midday"),
        ({"byday": "FR", "interval": 2}, ""),
        ({"byday": "1FR", "freq": "MONTHLY"}, ""),
        ({"byday": "MO", "closes_at": None}, ""),
        ({"byday": ""}, ""),
    ],
)
def test_hours_are_given_in_words_where_they_are_the_same_every_week(schedule: dict[str, Any], words: str) -> None:
    assert how_to_reach({"schedules": [WEEKLY | schedule]}).opens == words


@pytest.mark.parametrize("authority", ["bathnes", "gloucestershire", "herefordshire", "worcestershire"])
def test_every_service_of_the_samples_can_be_reached(authority: str) -> None:
    feed = json.loads(Path(f"samples/{authority}/directory.json").read_text())
    for service in feed["contents"]:
        assert all(how_to_reach(service)), service["name"]


@given(
    st.dictionaries(
        st.sampled_from(["url", "assured_date", "phones", "contacts", "schedules"]),
        ANYTHING
        | st.lists(st.dictionaries(st.sampled_from(["byday", "freq", "opens_at", "phones", "number"]), ANYTHING)),
    )
)
def test_a_feed_that_says_something_else_costs_nothing_but_what_it_says(service: dict[str, Any]) -> None:
    assert isinstance(how_to_reach(service), Reach)
