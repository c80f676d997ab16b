"""Whether the answers to one question of consent are enough, by the authority's rules, and why not.

Only holders of parental responsibility count, young people of the authority's age, and a younger child whom
somebody judged competent. The newest answer of each person counts. Nobody who is not born answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.referrals.rules.consent_people import Someone, is_young_person
from shared.authority import ConsentRules

_SAYS_NO = frozenset({"refused", "withdrawn"})
_IN_WRITING = frozenset({"signed", "online"})


@dataclass(frozen=True)
class Answer:
    """What somebody answered to one of the questions. `is_competent`: a child judged to understand enough."""

    kind: str
    by: str
    answer: str
    how: str = ""
    is_competent: bool = False
    with_agencies: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether the answers to one question are enough, why not, and whether they are enough in writing."""

    is_given: bool
    why_not: tuple[str, ...] = ()
    is_in_writing: bool = False


def verdict(
    kind: str, people: Sequence[Someone], answers: Iterable[Answer], rules: ConsentRules, *, today: date
) -> Verdict:
    """Return whether the answers to one question are enough; they are in the order in which they were recorded."""
    asked = [answer for answer in answers if answer.kind == kind]
    why_not = tuple(_why_not(_Heard(people, asked, rules, today)))
    written = list(_in_writing(asked))
    is_in_writing = not why_not and not any(_why_not(_Heard(people, written, rules, today)))
    return Verdict(not why_not, why_not, is_in_writing)


@dataclass(frozen=True)
class _Heard:
    """Who said what to one question."""

    people: Sequence[Someone]
    answers: Sequence[Answer]
    rules: ConsentRules
    today: date

    @cached_property
    def newest(self) -> dict[str, str]:
        return {answer.by: answer.answer for answer in self.answers}

    @cached_property
    def holders(self) -> list[Someone]:
        return [one for one in self.people if one.is_holder]

    @cached_property
    def young(self) -> list[Someone]:
        return [one for one in self.people if is_young_person(one, self.rules, self.today)]

    @cached_property
    def alone(self) -> list[Someone]:
        """Return the children whose own agreement is enough for them."""
        competent = {answer.by for answer in self.answers if answer.is_competent and self.rules.gillick}
        judged = [one for one in self.people if one.is_child and one.is_born and one.ref in competent]
        return judged + (self.young if self.rules.young_person == "instead" else [])

    def agrees(self, one: Someone) -> bool:
        return self.newest.get(one.ref) == "given"

    def says_no(self, one: Someone) -> bool:
        return self.newest.get(one.ref) in _SAYS_NO


def _why_not(heard: _Heard) -> Iterator[str]:
    yield from _refusals(heard)
    children = [one for one in heard.people if one.is_child]
    if not (children and all(one in heard.alone and heard.agrees(one) for one in children)):
        yield from _missing_holders(heard)
    if heard.rules.young_person == "too":
        yield from _missing(heard, heard.young, "is old enough to be asked, and has not been asked")


def _refusals(heard: _Heard) -> Iterator[str]:
    if not heard.rules.one_refusal_stops:
        return
    counting = {one.ref: one for one in (*heard.holders, *heard.young, *heard.alone)}
    for one in counting.values():
        if heard.says_no(one):
            is_refusal = heard.newest[one.ref] == "refused"
            yield f"{one.name} {'has not agreed' if is_refusal else 'no longer agrees'}."


def _missing_holders(heard: _Heard) -> Iterator[str]:
    if not heard.holders:
        yield "Nobody is known to hold parental responsibility. Find out who does, and ask them."
    elif heard.rules.who == "every_holder":
        yield from _missing(heard, heard.holders, "holds parental responsibility, and has not been asked")
    elif not any(heard.agrees(one) for one in heard.holders) and not list(_refusals(heard)):
        yield "Nobody who holds parental responsibility has agreed."


def _missing(heard: _Heard, needed: Iterable[Someone], not_asked: str) -> Iterator[str]:
    for one in needed:
        if not heard.agrees(one) and not heard.says_no(one):
            yield f"{one.name} {not_asked}."
        elif heard.says_no(one) and not heard.rules.one_refusal_stops:
            yield f"{one.name} has not agreed."


def _in_writing(asked: Iterable[Answer]) -> Iterator[Answer]:
    """Yield the answers without the agreements that are only spoken; one that repeats a written one is as good as it."""
    standing: dict[str, bool] = {}
    for answer in asked:
        is_agreement = answer.answer == "given"
        standing[answer.by] = is_agreement and (answer.how in _IN_WRITING or standing.get(answer.by, False))
        if standing[answer.by] or not is_agreement:
            yield answer
