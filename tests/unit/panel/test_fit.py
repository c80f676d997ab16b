"""Which services come first for a family."""

from services.panel.rules.fit import ALL, OTHER, SOME, ServiceOnOffer, services_by_fit


def a_service(label: str, *needs: str) -> ServiceOnOffer:
    return ServiceOnOffer(label.lower(), label, frozenset(needs))


def test_services_that_meet_every_need_come_before_those_that_meet_some_and_the_rest() -> None:
    services = [a_service("Debt", "10"), a_service("Some", "1", "7"), a_service("Whole", "1", "5", "9")]
    groups = services_by_fit(services, ["1", "5"])
    assert {title: list(group) for title, group in groups.items()} == {ALL: ["whole"], SOME: ["some"], OTHER: ["debt"]}
    assert list(groups) == [ALL, SOME, OTHER]


def test_among_those_that_meet_some_the_one_that_meets_more_comes_first() -> None:
    services = [a_service("One", "1"), a_service("Other", "5"), a_service("Two", "1", "5")]
    assert list(services_by_fit(services, ["1", "5", "9"])[SOME]) == ["two", "one", "other"]


def test_every_service_can_still_be_chosen_when_the_needs_are_not_known() -> None:
    services = [a_service("B", "1"), a_service("A")]
    assert services_by_fit(services, []) == {ALL: {}, SOME: {}, OTHER: {"b": "B", "a": "A"}}
