"""Is this a family we know? Reasons to think so, for a person to confirm; never decided by the system."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe", "ð": "d"})


@dataclass(frozen=True)
class ChildMarks:
    """By what a child is recognised."""

    name: str
    folded_names: frozenset[str]
    date_of_birth: date | None
    nhs_number: str
    upn: str


def fold(name: str) -> str:
    """Return a name as the register compares it: without case, accents, hyphens, spaces; any script is kept."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if letter.isalnum())


def folded_names(given_name: str, family_name: str, also_known_as: Iterable[str]) -> list[str]:
    """Return every way in which a child's whole name may be written, folded and sorted."""
    whole = [f"{given_name} {family_name}"]
    for alias in also_known_as:
        whole += [alias, f"{alias} {family_name}"]
    return sorted({folded for name in whole if (folded := fold(name))})


def reasons_to_match(new: Sequence[ChildMarks], known: Sequence[ChildMarks]) -> list[str]:
    """Return why two sets of children may be one family, strongest first; empty when nothing says so."""
    pairs = [(one, other) for one in new for other in known]
    reasons = [f"{one.name} has the same NHS number" for one, other in pairs if _same(one.nhs_number, other.nhs_number)]
    reasons += [f"{one.name} has the same UPN" for one, other in pairs if _same(one.upn, other.upn)]
    reasons += [
        f"{one.name} has the same name and date of birth"
        for one, other in pairs
        if one.date_of_birth
        and one.date_of_birth == other.date_of_birth
        and one.folded_names.intersection(other.folded_names)
    ]
    return list(dict.fromkeys(reasons))


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other
