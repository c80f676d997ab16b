"""How the whole story ends, wherever it was played."""

from collections.abc import Sequence
from typing import Any

from services.demo.ledger import Family

_STEPS = ("door: safeguarding", "door: more information", "allocate", "accepted", "review held", "overdue")


def assert_every_family_got_somewhere(families: Sequence[Family], authority: str) -> None:
    """Fail when a request went nowhere, when nobody was told, or when the story left a step out."""
    assert len(families) >= 30
    for family in families:
        assert family.way, f"{family.name} went nowhere"
        can_be_told = family.document["referrer"].get("email") or "sms" in _channels(family.document)
        assert family.told.total() >= 1 or not can_be_told, f"nobody was told about {family.name}"
    ways = [" ".join(family.way) for family in families]
    for step in _STEPS:
        assert any(step in way for way in ways), f"nobody's way has {step}"
    if authority == "bathnes":
        assert any("add to plan" in way for way in ways), "no second request went to whoever leads the plan"
    assert all(family.due for family in families if family.plan_id)


def _channels(document: dict[str, Any]) -> list[str]:
    contact = document["contact"]["adult"]
    return next(adult.get("safe_channels", []) for adult in document["adults"] if adult["ref"] == contact)
