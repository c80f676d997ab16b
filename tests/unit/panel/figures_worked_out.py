"""Somebody who tries to work out what is not shown, from nothing but what is written and which figures make a total.

Written by itself: it tries every value that fits, and shares nothing with the rules that hide figures.
"""

from collections.abc import Mapping

from services.panel.rules.suppression import Key, Known, Publication, Sum

_ENOUGH = 2
_MOST = 400
Domains = dict[Key, tuple[int, int]]


def possible_values(
    key: Key, written: Mapping[Key, str], publication: Publication, others: Mapping[Key, int] | None = None
) -> set[int]:
    """Return up to two values that a hidden figure can have in a world that is published like this one.

    `others` are the exact figures of panels that somebody leads, who takes them away: no figure can be below those.
    """
    domains = {name: _domain(text, is_total=name in publication.totals) for name, text in written.items()}
    for name, least in (others or {}).items():
        _cut(domains, name, least, _MOST)
    narrow = _narrowed(domains, publication)
    assert narrow is not None, "what is published contradicts itself"
    found: set[int] = set()
    least, most = narrow[key]
    for value in range(least, min(most, least + 30) + 1):
        if _has_world(narrow | {key: (value, value)}, publication):
            found.add(value)
        if len(found) == _ENOUGH:
            break
    return found


def _domain(text: str, *, is_total: bool) -> tuple[int, int]:
    if text == "c":
        return 1, _MOST
    number = int(text)
    return (max(6, number - 5), number + 4) if is_total and number else (number, number)


def _has_world(domains: Domains, publication: Publication) -> bool:
    narrow = _narrowed(domains, publication)
    if narrow is None:
        return False
    key = min(
        (one for one, (a, b) in narrow.items() if a != b), key=lambda one: narrow[one][1] - narrow[one][0], default=None
    )
    if key is None:
        return True
    least, most = narrow[key]
    return any(_has_world(narrow | {key: (value, value)}, publication) for value in range(least, most + 1))


def _narrowed(given: Domains, publication: Publication) -> Domains | None:
    """Return what each figure can be at the least and the most; None when nothing fits."""
    domains = dict(given)
    before: Domains = {}
    while domains != before:
        before = dict(domains)
        for one in publication.sums:
            _narrow_sum(domains, one)
        for fact in publication.known:
            _narrow_fact(domains, fact)
        for less, more in publication.pairs:
            if publication.values[less] <= publication.values[more]:
                _cut(domains, less, 0, domains[more][1])
                _cut(domains, more, domains[less][0], _MOST)
        if any(least > most for least, most in domains.values()):
            return None
    return domains


def _narrow_sum(domains: Domains, one: Sum) -> None:
    fewest = sum(domains[part][0] for part in one.parts)
    most = sum(domains[part][1] for part in one.parts)
    if one.overlapping:
        _cut(domains, one.total, max(domains[part][0] for part in one.parts), most)
    else:
        _cut(domains, one.total, fewest, most)
    least_total, most_total = domains[one.total]
    for part in one.parts:
        others_least, others_most = fewest - domains[part][0], most - domains[part][1]
        upper = most_total if one.overlapping else most_total - others_least
        _cut(domains, part, least_total - others_most, upper)
        fewest, most = others_least + domains[part][0], others_most + domains[part][1]


def _narrow_fact(domains: Domains, fact: Known) -> None:
    ends = {key: sorted(factor * end for end in domains[key]) for key, factor in fact.factors.items()}
    least, most = sum(low for low, _ in ends.values()), sum(high for _, high in ends.values())
    for key, factor in fact.factors.items():
        low = fact.least - (most - ends[key][1])
        high = fact.most - (least - ends[key][0])
        if factor > 0:
            _cut(domains, key, -(-low // factor), high // factor)
        elif factor < 0:
            _cut(domains, key, -(high // -factor), -low // -factor)


def _cut(domains: Domains, key: Key, least: int, most: int) -> None:
    low, high = domains[key]
    domains[key] = max(low, least), min(high, most)
