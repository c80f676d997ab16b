"""How like two people are, with the reasons in plain words. A person decides; the system only orders and explains."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.referrals.rules.register.fingerprints import Marks, swapped
from services.referrals.rules.register.spelling import closeness, fold, parts_of, sound

_WORTH_SHOWING = 30

WORTH_OFFERING = 55
"""At triage, where nobody asked: a name alone, however alike, is not enough."""

_SPELT_ALIKE = 0.9
_SPELT_ALIKE_TO_BE_THE_SAME_PERSON = 0.75


class Reason(NamedTuple):
    """Why two people may be one, or one family, and how much that says."""

    weight: int
    words: str


def worth_showing(asked: Marks) -> int:
    """Return how like whom was asked about somebody must be to be shown: all that could be, where little was asked."""
    return min(_WORTH_SHOWING, likeness(asked, asked).weight)


@dataclass(frozen=True)
class Likeness:
    """How like somebody is to whom was asked about. A twin is of the same family, and another child."""

    weight: int
    reasons: tuple[str, ...]
    is_twin: bool = False


def likeness(asked: Marks, known: Marks) -> Likeness:
    """Return how like somebody known is to whom was asked about: the strongest reasons first, what speaks against it last."""
    reasons = [*_numbers(asked, known), *_names(asked, known), *_births(asked, known), *_homes(asked, known)]
    is_twin = _is_twin(asked, known)
    if is_twin:
        words = "Same last name and date of birth, another first name: a twin?"
        reasons = [one for one in reasons if one.words not in (_SAME_BIRTH, _SAME_LAST)] + [Reason(45, words)]
    ordered = sorted(reasons, key=lambda one: -one.weight)
    return Likeness(sum(one.weight for one in reasons), tuple(one.words for one in ordered), is_twin)


_SAME_BIRTH = "Same date of birth"
_SAME_LAST = "Same last name"


def _numbers(asked: Marks, known: Marks) -> Iterator[Reason]:
    for one, other, name in (
        (asked.nhs_number, known.nhs_number, "NHS number"),
        (asked.upn, known.upn, "UPN"),
    ):
        if one and other:
            yield Reason(100, f"Same {name}") if one == other else Reason(-30, f"But another {name}")


def _names(asked: Marks, known: Marks) -> Iterator[Reason]:
    given, family = _best(asked.given_name, _given(known)), _best(asked.family_name, _family(known))
    turned = min(_best(asked.given_name, [known.family_name]), _best(asked.family_name, [known.given_name]))
    if given == family == _SAME:
        yield Reason(40, "Same name" if _is_whole(asked, known) else f"Known by this name too: {_called(known)}")
    elif given and family:
        yield Reason(32 if min(given, family) >= _SOUNDS else 26, f"{_ALIKE[min(given, family)]}: {_called(known)}")
    elif turned:
        yield Reason(30, "First and last name the other way round")
    elif given:
        yield Reason(
            14 if given == _SAME else 10,
            "Same first name, another last name" if asked.family_name else "Same first name",
        )
    elif family:
        yield Reason(14 if family == _SAME else 10, _SAME_LAST)


_SAME, _SOUNDS, _NEAR = 3, 2, 1
_ALIKE = {_SOUNDS: "The name sounds the same", _NEAR: "The name is spelt nearly the same"}


def _best(asked: str, known: list[str]) -> int:
    """Return how like a name is to the most like of those somebody is known by: 0 for not at all."""
    return max((_like(asked, name) for name in known if name), default=0) if asked else 0


def _like(one: str, other: str) -> int:
    if fold(one) == fold(other):
        return _SAME
    parts, others = parts_of(one), parts_of(other)
    if set(parts) & set(others):
        return _SAME
    if {sound(part) for part in parts} & {sound(part) for part in others}:
        return _SOUNDS
    return _NEAR if closeness(one, other) >= _SPELT_ALIKE else 0


def _given(known: Marks) -> list[str]:
    return [known.given_name, *known.also_known_as]


def _family(known: Marks) -> list[str]:
    return [known.family_name, *known.also_known_as]


def _is_whole(asked: Marks, known: Marks) -> bool:
    return _like(asked.given_name, known.given_name) == _like(asked.family_name, known.family_name) == _SAME


def _called(known: Marks) -> str:
    also = f" ({', '.join(known.also_known_as)})" if known.also_known_as else ""
    return f"{known.given_name} {known.family_name}".strip() + also


def _births(asked: Marks, known: Marks) -> Iterator[Reason]:
    one, other = asked.date_of_birth, known.date_of_birth
    if one is None or other is None:
        return
    if one == other:
        yield Reason(30, _SAME_BIRTH)
    elif swapped(one) == other:
        yield Reason(24, "Day and month of birth the other way round")
    elif _differs_in_one_part(one, other):
        yield Reason(10, "Date of birth differs in one part")
    else:
        yield Reason(-20, "But another date of birth")


def _differs_in_one_part(one: date, other: date) -> bool:
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return sum(first == second for first, second in pairs) == 2


def _homes(asked: Marks, known: Marks) -> Iterator[Reason]:
    best: Reason | None = None
    for here in asked.homes:
        for there in known.homes:
            found = _home(here.postcode, here.first_line, there.postcode, there.first_line, there.left_on is not None)
            if found and (best is None or found.weight > best.weight):
                best = found
    if best:
        yield best


def _home(postcode: str, line: str, known_postcode: str, known_line: str, has_left: bool) -> Reason | None:
    if not postcode or postcode != known_postcode:
        return None
    if line and line == known_line:
        return Reason(16, "Lived at this address before") if has_left else Reason(20, "Same address")
    return Reason(8, "Same postcode")


def _is_twin(asked: Marks, known: Marks) -> bool:
    return bool(
        asked.given_name
        and known.given_name
        and asked.date_of_birth
        and asked.date_of_birth == known.date_of_birth
        and _best(asked.family_name, _family(known)) >= _SOUNDS
        and not _best(asked.given_name, _given(known))
        and closeness(asked.given_name, known.given_name) < _SPELT_ALIKE_TO_BE_THE_SAME_PERSON
        and not (asked.nhs_number and asked.nhs_number == known.nhs_number)
    )
