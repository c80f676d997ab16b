"""Who of a request may answer about consent, and whose answers count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.authority import ConsentRules


@dataclass(frozen=True)
class Someone:
    """A child or adult of a request, as far as it matters for consent. `born_on` is None when it is not known."""

    ref: str
    name: str
    is_child: bool
    holds_responsibility: bool = False
    is_born: bool = True
    born_on: date | None = None

    @property
    def is_holder(self) -> bool:
        """Say whether they are an adult who is known to hold parental responsibility."""
        return not self.is_child and self.holds_responsibility


def age_on(born_on: date, day: date) -> int:
    """Return somebody's age in years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_young_person(someone: Someone, rules: ConsentRules, today: date) -> bool:
    """Say whether a child is of the age from which the authority asks them."""
    is_born = someone.is_child and someone.is_born and someone.born_on is not None
    return is_born and age_on(someone.born_on or today, today) >= rules.young_person_from


def people_to_ask(people: Iterable[Someone], rules: ConsentRules, today: date) -> list[Someone]:
    """Return whose answers count: holders of parental responsibility, and young people of age."""
    return [one for one in people if one.is_holder or is_young_person(one, rules, today)]
