"""What a profile must be beyond its types, each problem said with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from shared.authority.authority import (
    INTERVAL_UNITS,
    KEPT_FROM,
    REGISTER_ANSWERS,
    REVIEW_CASES,
    Authority,
    Contact,
    LevelScheme,
    Reviews,
)
from shared.authority.consent import wrong_in_consent
from shared.authority.panel_checks import unknown, wrong_in_closures, wrong_in_panel
from shared.authority.read import ProfileWrong
from shared.authority.step_down import wrong_in_step_down
from shared.authority.triage import wrong_in_triage

LEAST_DRAFT_DAYS = 30
"""Whoever saved a request half done finds it again for so many days, whatever the authority."""

_PHONE = re.compile(r"\+?[0-9][0-9 ]{2,18}")


def check(authority: Authority, where: str, *, folder: str, before: Authority | None) -> None:
    """Raise ProfileWrong with the first thing that is wrong in a profile, or with its change from the one `before`."""
    for problem in _problems(authority, folder):
        raise ProfileWrong(f"{where}: {problem}")
    for problem in _wrong_in_change(before, authority) if before else ():
        raise ProfileWrong(f"{where}: {problem}")


def _wrong_in_change(before: Authority, after: Authority) -> Iterator[str]:
    """Yield what records remember by a version or a policy that says something else now."""
    old, new = before.consent.wording, after.consent.wording
    if old != new and old.version == new.version:
        yield f"consent: wording: the words changed, so version must be another than {old.version!r}"
    if before.reviews.cases != after.reviews.cases and before.reviews.policy == after.reviews.policy:
        yield f"reviews: the intervals changed, so policy must be another than {before.reviews.policy!r}"
    said, says = before.confidentiality, after.confidentiality
    if said != says and said.version == says.version:
        yield f"confidentiality: the text changed, so version must be another than {said.version!r}"


def _problems(authority: Authority, folder: str) -> Iterator[str]:
    if authority.key != folder:
        yield f"key is that of the folder, {folder}, not {authority.key!r}"
    if not authority.level_schemes:
        yield "level_schemes: there are no levels of need"
    yield from _twice("level scheme", [f"{scheme.scheme} {scheme.version}" for scheme in authority.level_schemes])
    for scheme in authority.level_schemes:
        yield from _wrong_in_levels(scheme)
    yield from _twice("locality", [locality.key for locality in authority.localities])
    yield from _twice("panel", [panel.key for panel in authority.panels])
    localities = {locality.key for locality in authority.localities}
    for panel in authority.panels:
        yield from wrong_in_panel(panel, localities)
    yield from wrong_in_closures(authority.closures, "closures")
    yield from _wrong_in_reviews(authority.reviews)
    yield from _wrong_in_records(authority)
    yield from wrong_in_consent(authority.consent)
    yield from wrong_in_triage(authority.triage)
    yield from wrong_in_step_down(authority.step_down)
    if not authority.safeguarding_contacts:
        yield "safeguarding_contacts: there is nobody to ring about a child in danger"
    yield from _wrong_in_contacts("safeguarding contact", authority.safeguarding_contacts)
    yield from _wrong_in_contacts("early help contact", authority.early_help_contacts)
    yield from _wrong_in_limits(authority)


def _wrong_in_contacts(what: str, contacts: Iterable[Contact]) -> Iterator[str]:
    contacts = tuple(contacts)
    yield from _twice(what, [contact.name for contact in contacts])
    for contact in contacts:
        if not _PHONE.fullmatch(contact.phone):
            yield f"{what} {contact.name}: phone is a telephone number, not {contact.phone!r}"


def _wrong_in_limits(authority: Authority) -> Iterator[str]:
    for name, fewest in (("remind_days_before", 0), ("overdue_every_days", 1), ("overdue_at_most", 1)):
        if (count := getattr(authority.chasing, name)) < fewest:
            yield f"chasing: {name} must be at least {fewest}, not {count}"
    for name, days in vars(authority.limits).items():
        if days < 1:
            yield f"limits: {name} must be at least 1 working day, not {days}"


def _wrong_in_records(authority: Authority) -> Iterator[str]:
    for name in ("with_consent", "without_consent"):
        yield from unknown(f"register: {name}", getattr(authority.register, name), REGISTER_ANSWERS)
    yield from unknown("records: kept_from", authority.records.kept_from, KEPT_FROM)
    if authority.records.kept_years < 1:
        yield f"records: kept_years must be at least 1, not {authority.records.kept_years}"
    if (days := authority.records.drafts_kept_days) < LEAST_DRAFT_DAYS:
        yield f"records: drafts_kept_days must be at least {LEAST_DRAFT_DAYS}, not {days}"


def _wrong_in_levels(scheme: LevelScheme) -> Iterator[str]:
    where = f"level scheme {scheme.scheme} {scheme.version}"
    if not scheme.levels:
        yield f"{where}: there are no levels"
    yield from _twice(f"{where}: label", [level.label for level in scheme.levels])
    for place, level in enumerate(scheme.levels, 1):
        if level.number != place:
            yield f"{where}: levels are numbered from 1 on, and level {level.number} stands in place {place}"
        yield from _twice(f"{where}: level {level.number}: sign", level.signs)


def _wrong_in_reviews(reviews: Reviews) -> Iterator[str]:
    if reviews.remind_days_before < 0:
        yield f"reviews: remind_days_before must be at least 0, not {reviews.remind_days_before}"
    yield from _twice("review case", [one.case for one in reviews.cases])
    if "usual" not in [one.case for one in reviews.cases]:
        yield "reviews: there is no case 'usual'"
    for one in reviews.cases:
        where = f"reviews: {one.case}"
        yield from unknown("reviews: case", one.case, REVIEW_CASES)
        yield from unknown(f"{where}: unit", one.unit, INTERVAL_UNITS)
        for name in ("first", "later"):
            if not 1 <= (count := getattr(one, name)) <= one.never_over:
                yield f"{where}: {name} must be from 1 to never_over ({one.never_over}), not {count}"


def _twice(what: str, keys: Iterable[str]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"{what} {key} stands there {times} times"
