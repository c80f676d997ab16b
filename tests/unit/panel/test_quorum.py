"""Whether enough people are there to decide."""

from uuid import uuid4

from services.panel.rules.quorum import There, missing_for_quorum
from shared.authority import Quorum

_POLICE, _HEALTH = uuid4(), uuid4()


def test_without_a_rule_nothing_is_missing() -> None:
    assert not Quorum().is_on
    assert missing_for_quorum(Quorum(), []) == []


def test_several_people_of_one_agency_are_one_agency() -> None:
    there = [There(_POLICE, "member"), There(_POLICE, "member"), There(None, "member")]
    assert missing_for_quorum(Quorum(agencies=3), there) == ["2 more agencies"]
    assert missing_for_quorum(Quorum(agencies=2), there) == ["1 more agency"]
    assert missing_for_quorum(Quorum(agencies=2), [*there, There(_HEALTH, "member")]) == []


def test_roles_and_the_chair_are_missing_until_somebody_has_them() -> None:
    quorum = Quorum(roles=("Health visiting",), chair=True)
    assert missing_for_quorum(quorum, [There(_POLICE, "member")]) == ["Health visiting", "the chair or a deputy"]
    assert missing_for_quorum(quorum, [There(_HEALTH, "deputy", "health visiting")]) == []
