"""Which figures may be published, and how each is written: nobody can work out a figure of 1 to 5 from the others.

Source: the DfE's statistics of children in need. Figures of 1 to 5 are replaced by "c", and more figures with them where
the difference to a total would tell; totals are to the nearest 10; "z" is not applicable, ":" not available.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

Key = tuple[str, ...]

LARGEST_SMALL = 5
NOT_SHOWN, NOT_APPLICABLE, NOT_AVAILABLE = "c", "z", ":"
MARKS = {
    NOT_SHOWN: "not shown: 1 to 5, or a figure that would tell one of 1 to 5",
    NOT_APPLICABLE: "not applicable",
    NOT_AVAILABLE: "not available",
}
"""What stands in place of a figure, with the words for it."""
_ROUNDED_TO = 10
_MOST_STEPS = 2_000
_MOST_MOVES = 10
NO_END = 10**9


@dataclass(frozen=True)
class Sum:
    """`total` is the sum of `parts`; where they overlap it is only no less than each, and no more than their sum."""

    total: Key
    parts: tuple[Key, ...]
    overlapping: bool = False


@dataclass(frozen=True)
class Known:
    """What a reader knows besides: the figures, each times its factor, come to no less and no more than this."""

    factors: Mapping[Key, int]
    least: int
    most: int


@dataclass(frozen=True)
class Publication:
    """Every figure of what is published together, and what a reader knows of how they hang together.

    `pairs` holds two figures that are hidden together, the first no more than the second: families and their children.
    `shares` holds what each panel has of the figures it can have a part in: who leads all others knows what they have.
    """

    values: Mapping[Key, int]
    sums: Sequence[Sum]
    pairs: Sequence[tuple[Key, Key]] = ()
    known: Sequence[Known] = ()
    shares: Sequence[Mapping[Key, int]] = ()
    totals: frozenset[Key] = field(init=False)

    def __post_init__(self) -> None:
        totals = {one.total for one in self.sums}
        for one in self.sums:
            alone = [part for part in one.parts if self.values[part]]
            # What is all there is would give the total away, and with it what other tables hide.
            totals |= set(alone) if len(alone) == 1 else set()
        object.__setattr__(self, "totals", frozenset(totals))


def rounded(total: int) -> int:
    """Return a total to the nearest 10; a five at its end goes up."""
    return (total + _ROUNDED_TO // 2) // _ROUNDED_TO * _ROUNDED_TO


def is_small(value: int) -> bool:
    """Say whether a figure may tell of a single family: 1 to 5. Nought tells of nobody."""
    return 1 <= value <= LARGEST_SMALL


def published(publication: Publication) -> dict[Key, str]:
    """Return how every figure is written where everybody may read it."""
    hidden = hidden_figures(publication)
    return {
        key: NOT_SHOWN if key in hidden else str(rounded(value) if key in publication.totals else value)
        for key, value in publication.values.items()
    }


def hidden_figures(publication: Publication) -> set[Key]:
    """Return which figures are not shown: the small ones, and as few others as it takes for each to stay unknown.

    Small is also what is 1 to 5 at one panel, but for totals, which are rounded. A figure stays unknown while there is
    another world that would be published alike, in which it is another one.
    """
    hidden = {key for key, value in publication.values.items() if is_small(value)}
    for share in publication.shares:
        hidden |= {key for key, value in share.items() if is_small(value) and key not in publication.totals}
    hidden |= set(_partners(publication, hidden))
    while more := _next_to_hide(publication, hidden):
        hidden |= {more, *_partners(publication, {more})}
    return hidden


def _partners(publication: Publication, hidden: set[Key]) -> Iterator[Key]:
    for pair in publication.pairs:
        if hidden.intersection(pair):
            yield from (key for key in pair if publication.values[key])


def _next_to_hide(publication: Publication, hidden: set[Key]) -> Key | None:
    """Return a figure to hide for the sake of one that would be told; None when none would, or nothing is left to hide."""
    told = next((found for found in _told(publication, hidden) if found), [])
    near = {key for one in publication.sums for key in _of(one) if any(each in told for each in _of(one))}
    shown = [key for key, value in publication.values.items() if value and key not in hidden] if told else []
    order = sorted(shown, key=lambda key: (key not in near, key in publication.totals, publication.values[key], key))
    return next(iter(order), None)


def _told(publication: Publication, hidden: set[Key]) -> Iterator[list[Key]]:
    """Yield what everybody is told, then of each panel what those are told who know all others."""
    bounds = {
        key: _left_open(value, is_hidden=key in hidden, is_total=key in publication.totals)
        for key, value in publication.values.items()
    }
    everybody = _Reader(publication, bounds)
    yield [key for key in sorted(hidden) if not everybody.is_unsure_of(key)]
    for share in publication.shares:
        reader = _Reader(_without_others(publication, share), _bounds_of_share(publication, share, bounds))
        yield [key for key in sorted(share) if is_small(share[key]) and not reader.is_unsure_of(key)]


def _without_others(publication: Publication, share: Mapping[Key, int]) -> Publication:
    """Return the figures of one panel as they hang together, for who takes away what all others have."""
    values = {key: share.get(key, 0) for key in publication.values}

    def of_others(one: Known) -> int:
        return sum(factor * (publication.values[key] - values[key]) for key, factor in one.factors.items())

    known = [
        replace(one, least=one.least - of_others(one), most=one.most - of_others(one)) for one in publication.known
    ]
    return replace(publication, values=values, known=known)


def _bounds_of_share(
    publication: Publication, share: Mapping[Key, int], bounds: Mapping[Key, tuple[int, int]]
) -> dict[Key, tuple[int, int]]:
    """Return what each figure of a panel can be, for who takes away what all others have."""
    found = dict.fromkeys(publication.values, (0, 0))
    for key, value in share.items():
        others, (least, most) = publication.values[key] - value, bounds[key]
        found[key] = max(least - others, 0), most - others
    return found


def _of(one: Sum) -> tuple[Key, ...]:
    return (one.total, *one.parts)


class _Reader:
    """Somebody who reads what is published, knows how it is done, and works with what it leaves open.

    Worse than any real one: told also which figures are hidden for their own sake, and which for another's.
    """

    def __init__(self, publication: Publication, bounds: Mapping[Key, tuple[int, int]]) -> None:
        self._values, self._bounds = publication.values, bounds
        self._rules_of: dict[Key, list[Known]] = {}
        for rule in _rules(publication):
            for key in rule.factors:
                self._rules_of.setdefault(key, []).append(rule)

    def is_unsure_of(self, key: Key) -> bool:
        """Say whether the reader can think of another world, in which the figure is one more or one less."""
        return any(
            self._may_be(key, by, most_moves)
            for most_moves in (1, 2, 3, 4, 6, 8, _MOST_MOVES)
            for by in (1, -1)
            if self._is_open(key, by)
        )

    def _may_be(self, key: Key, by: int, most_moves: int) -> bool:
        self._steps = _MOST_STEPS
        return self._can_mend({key: by}, most_moves)

    def _is_open(self, key: Key, by: int) -> bool:
        least, most = self._bounds[key]
        return least <= self._values[key] + by <= most

    def _can_mend(self, moved: dict[Key, int], moves_left: int) -> bool:
        """Say whether moving more figures, by one each time, makes a world that is right by every rule."""
        broken = next((rule for key in moved for rule in self._rules_of.get(key, ()) if self._off(rule, moved)), None)
        if broken is None:
            return True
        self._steps -= 1
        if not moves_left or self._steps < 0:
            return False
        way = 1 if self._off(broken, moved) < 0 else -1
        for key, factor in broken.factors.items():
            step = way if factor > 0 else -way
            by = moved.get(key, 0) + step
            # What was moved one way is not moved back: that world has been looked at.
            if (
                moved.get(key, 0) * step >= 0
                and self._is_open(key, by)
                and self._can_mend(moved | {key: by}, moves_left - 1)
            ):
                return True
        return False

    def _off(self, rule: Known, moved: Mapping[Key, int]) -> int:
        """Return by how much a rule is broken: below nought when too little, above when too much."""
        said = sum(factor * (self._values[key] + moved.get(key, 0)) for key, factor in rule.factors.items())
        return min(said - rule.least, 0) + max(said - rule.most, 0)


def _left_open(value: int, *, is_hidden: bool, is_total: bool) -> tuple[int, int]:
    """Return what a figure can be for all that is written in its place."""
    if is_hidden:
        return (1, LARGEST_SMALL) if is_small(value) else (LARGEST_SMALL + 1, NO_END)
    if is_total and value:
        middle, half = rounded(value), _ROUNDED_TO // 2
        return max(middle - half, LARGEST_SMALL + 1), middle + half - 1
    return value, value


def _rules(publication: Publication) -> Iterable[Known]:
    yield from publication.known
    for one in publication.sums:
        both = {one.total: 1} | dict.fromkeys(one.parts, -1)
        yield Known(both, -NO_END if one.overlapping else 0, 0)
        if one.overlapping:
            yield from (Known({one.total: 1, part: -1}, 0, NO_END) for part in one.parts)
    for less, more in publication.pairs:
        if publication.values[less] <= publication.values[more]:
            yield Known({more: 1, less: -1}, 0, NO_END)
