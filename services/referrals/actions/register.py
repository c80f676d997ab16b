"""Ask the register whether a family is known and who leads its plan; every question is kept with its purpose.

It is asked by somebody who wants to know, and by the check page of a request on behalf of whoever writes it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.queries.consent import left_out_of
from services.referrals.queries.families import Match, Plan, families_like, plans_of_groups, requests_of_groups
from services.referrals.queries.register import MOST_PEOPLE, KnownPerson, people_with
from services.referrals.rules.register.answer import scope
from services.referrals.rules.register.fingerprints import Marks, asked_fingerprints
from services.referrals.rules.register.likeness import Likeness, likeness, worth_showing
from services.referrals.tables import RequestRow
from shared.agencies import is_excluded
from shared.audit import record
from shared.authority import RegisterRule
from shared.errors import Invalid
from shared.identity import Person

MOST_SHOWN = 20
_TOO_LITTLE = "Enter more: a first and a last name, a name with a date of birth or postcode, or a number."


@dataclass(frozen=True)
class Question:
    """Whom somebody asks about, what for, and whether the family agreed that they ask."""

    about: Marks
    purpose: str
    has_consent: bool


@dataclass(frozen=True)
class Hit:
    """A family that may be the one, by its person who is the most like whom was asked about."""

    family_id: UUID
    person: KnownPerson
    likeness: Likeness
    plans: tuple[Plan, ...]
    requests: tuple[RequestRow, ...]


@dataclass(frozen=True)
class Answer:
    """What the register found. `scope` is how much of it the asker may know; `is_too_wide` when there is more."""

    scope: str
    hits: tuple[Hit, ...]
    is_too_wide: bool

    @property
    def has_open_plan(self) -> bool:
        """Say whether a plan is open for any of the families found."""
        return any(hit.plans for hit in self.hits)


def ask_register(session: Session, question: Question, *, by: Person, rule: RegisterRule) -> Answer:
    """Return the families that may be meant, the likeliest first, 20 at most; raises Invalid for too little to go by."""
    fingerprints = asked_fingerprints(question.about)
    if not fingerprints:
        raise Invalid(_TOO_LITTLE, {"family_name": _TOO_LITTLE})
    people = people_with(session, fingerprints)
    ranked = _ranked(people, question.about)
    shown = list(ranked)[:MOST_SHOWN]
    plans, requests = plans_of_groups(session, shown), requests_of_groups(session, shown)
    hits = tuple(
        Hit(family_id, *ranked[family_id], tuple(plans.get(family_id, ())), tuple(requests.get(family_id, ())))
        for family_id in shown
    )
    may_know = scope(by, has_consent=question.has_consent, rule=rule)
    answer = Answer(
        may_know,
        hits if may_know == "all" else _not_left_out(session, hits, by),
        is_too_wide=len(people) > MOST_PEOPLE or len(ranked) > MOST_SHOWN,
    )
    _note(session, question.purpose, question.has_consent, may_know, answer.hits, by)
    return answer


@dataclass(frozen=True)
class KnownAlready:
    """Families that may be the one of a request that is being written; `scope` is how much of them its writer may know."""

    scope: str
    families: tuple[Match, ...]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Return the open plans of these families."""
        return tuple(plan for family in self.families for plan in family.plans)


def known_already(
    session: Session, asked: Sequence[tuple[str, Marks]], *, by: Person, has_consent: bool, rule: RegisterRule
) -> KnownAlready:
    """Return families that may be that of the people of a request, each of whom is given as they are called.

    Where its writer may know nothing, nothing is looked for.
    """
    may_know = scope(by, has_consent=has_consent, rule=rule)
    if may_know == "nothing":
        return KnownAlready(may_know, ())
    found = families_like(session, asked)
    families = tuple(found) if may_know == "all" else _not_left_out(session, found, by)
    _note(session, "new_request", has_consent, may_know, families, by)
    return KnownAlready(may_know, families)


_Found = TypeVar("_Found", Hit, Match)


def _not_left_out(session: Session, hits: Sequence[_Found], by: Person) -> tuple[_Found, ...]:
    """Return the families that do not leave out the agency of whoever asks: to it they are not known."""
    left_out = left_out_of(session, [request.id for hit in hits for request in hit.requests])
    return tuple(
        hit
        for hit in hits
        if not any(is_excluded(by.agency_name, left_out.get(request.id, ())) for request in hit.requests)
    )


def _ranked(people: list[KnownPerson], about: Marks) -> Mapping[UUID, tuple[KnownPerson, Likeness]]:
    least = worth_showing(about)
    by_family: dict[UUID, list[tuple[KnownPerson, Likeness]]] = defaultdict(list)
    for person in people:
        like = likeness(about, person.marks)
        if like.weight >= least:
            by_family[person.family_id].append((person, like))
    best = {family_id: max(several, key=_weight) for family_id, several in by_family.items()}
    return dict(sorted(best.items(), key=lambda item: -_weight(item[1])))


def _weight(found: tuple[KnownPerson, Likeness]) -> int:
    return found[1].weight


def _note(
    session: Session, purpose: str, has_consent: bool, answered: str, found: Sequence[Hit | Match], by: Person
) -> None:
    families = [str(hit.family_id) for hit in found] if answered != "nothing" else []
    record(
        session, who=by.person_id, did="asked_register", subject="register", subject_id="register",
        purpose=purpose, has_consent=has_consent, answered=answered, families=families,
    )  # fmt: skip
