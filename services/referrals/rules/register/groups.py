"""Families that people said are one: which of them belong together while their mergers stand."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

Family = TypeVar("Family")


def groups_of(families: Iterable[Family], mergers: Iterable[tuple[Family, Family]]) -> Mapping[Family, Family]:
    """Return for each family the one under which its group is known.

    `mergers` are (from, into) in the order in which they were made, those that were undone left out. A group is
    known under the family into which its others went.
    """
    known_as = {family: family for family in families}
    for from_family, into_family in mergers:
        from_group, into_group = known_as[from_family], known_as[into_family]
        if from_group != into_group:
            known_as = {family: into_group if group == from_group else group for family, group in known_as.items()}
    return known_as
