"""Which services fit a family: those that meet what it was asked for come first."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

ALL, SOME, OTHER = "Meet every need in the request", "Meet some of the needs", "Other open services"


@dataclass(frozen=True)
class ServiceOnOffer:
    """A service as a panel chooses it: its id as text, what it is called, and the codes of the needs it meets."""

    key: str
    label: str
    needs: frozenset[str]


def services_by_fit(services: Iterable[ServiceOnOffer], wanted: Collection[str]) -> Mapping[str, dict[str, str]]:
    """Return the services in groups, best fit first, each group in the order that was given but for how many needs it meets.

    While the family's needs are not known every service is in the last group.
    """
    groups: dict[str, dict[str, str]] = {ALL: {}, SOME: {}, OTHER: {}}
    needs = frozenset(wanted)
    for service in sorted(services, key=lambda service: -len(service.needs & needs)):
        met = service.needs & needs
        group = OTHER if not met else ALL if met == needs else SOME
        groups[group][service.key] = service.label
    return groups
