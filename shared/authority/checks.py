"""What a profile must be beyond its types, each problem said with its place."""

from collections import Counter
from collections.abc import Iterable, Iterator

from shared.authority.authority import (
    CUT_OFF_SHAPES,
    INTERVAL_UNITS,
    KEPT_FROM,
    ON_BANK_HOLIDAY,
    PANEL_KINDS,
    REGISTER_ANSWERS,
    REVIEW_CASES,
    WEEKDAYS,
    Authority,
    LevelScheme,
    PanelProfile,
    Reviews,
)
from shared.authority.consent import wrong_in_consent
from shared.authority.read import ProfileWrong
from shared.authority.triage import wrong_in_triage

LEAST_DRAFT_DAYS = 30
"""Whoever saved a request half done finds it again for so many days, whatever the authority."""


def check(authority: Authority, where: str) -> None:
    """Raise ProfileWrong with the first thing that is wrong in a profile."""
    for problem in _problems(authority):
        raise ProfileWrong(f"{where}: {problem}")


def _problems(authority: Authority) -> Iterator[str]:
    if not authority.level_schemes:
        yield "level_schemes: there are no levels of need"
    yield from _twice("level scheme", [f"{scheme.scheme} {scheme.version}" for scheme in authority.level_schemes])
    for scheme in authority.level_schemes:
        yield from _wrong_in_levels(scheme)
    yield from _twice("locality", [locality.key for locality in authority.localities])
    yield from _twice("panel", [panel.key for panel in authority.panels])
    localities = {locality.key for locality in authority.localities}
    for panel in authority.panels:
        yield from _wrong_in_panel(panel, localities)
    yield from _wrong_in_reviews(authority.reviews)
    yield from _wrong_in_records(authority)
    yield from wrong_in_consent(authority.consent)
    yield from wrong_in_triage(authority.triage)
    if not authority.safeguarding_contacts:
        yield "safeguarding_contacts: there is nobody to ring about a child in danger"
    for name, days in vars(authority.limits).items():
        if days < 1:
            yield f"limits: {name} must be at least 1 working day, not {days}"


def _wrong_in_records(authority: Authority) -> Iterator[str]:
    for name in ("with_consent", "without_consent"):
        yield from _unknown(f"register: {name}", getattr(authority.register, name), REGISTER_ANSWERS)
    yield from _unknown("records: kept_from", authority.records.kept_from, KEPT_FROM)
    if authority.records.kept_years < 1:
        yield f"records: kept_years must be at least 1, not {authority.records.kept_years}"
    if (days := authority.records.drafts_kept_days) < LEAST_DRAFT_DAYS:
        yield f"records: drafts_kept_days must be at least {LEAST_DRAFT_DAYS}, not {days}"


def _wrong_in_levels(scheme: LevelScheme) -> Iterator[str]:
    where = f"level scheme {scheme.scheme} {scheme.version}"
    for place, level in enumerate(scheme.levels, 1):
        if level.number != place:
            yield f"{where}: levels are numbered from 1 on, and level {level.number} stands in place {place}"
        if not level.label.strip():
            yield f"{where}: level {level.number} has no label"
        if not level.about.strip():
            yield f"{where}: level {level.number}: about is empty"
        if not all(sign.strip() for sign in level.signs):
            yield f"{where}: level {level.number} has an empty sign"
        yield from _twice(f"{where}: level {level.number}: sign", level.signs)


def _wrong_in_panel(panel: PanelProfile, localities: set[str]) -> Iterator[str]:
    where = f"panel {panel.key}"
    yield from _unknown(f"{where}: kind", panel.kind, PANEL_KINDS)
    yield from _unknown(f"{where}: on_bank_holiday", panel.on_bank_holiday, ON_BANK_HOLIDAY)
    yield from _unknown(f"{where}: cut_off: shape", panel.cut_off.shape, CUT_OFF_SHAPES)
    if panel.cut_off.shape == "last_weekday":
        yield from _unknown(f"{where}: cut_off: weekday", panel.cut_off.weekday, WEEKDAYS)
    if panel.locality and panel.locality not in localities:
        yield f"{where}: there is no locality {panel.locality!r}"
    for name in ("capacity", "slot_minutes"):
        if getattr(panel, name) < 1:
            yield f"{where}: {name} must be at least 1"
    if panel.recurrence.weeks < 1:
        yield f"{where}: recurrence: weeks must be at least 1"


def _wrong_in_reviews(reviews: Reviews) -> Iterator[str]:
    yield from _twice("review case", [one.case for one in reviews.cases])
    if "usual" not in [one.case for one in reviews.cases]:
        yield "reviews: there is no case 'usual'"
    for one in reviews.cases:
        where = f"reviews: {one.case}"
        yield from _unknown("reviews: case", one.case, REVIEW_CASES)
        yield from _unknown(f"{where}: unit", one.unit, INTERVAL_UNITS)
        for name in ("first", "later"):
            if not 1 <= (count := getattr(one, name)) <= one.never_over:
                yield f"{where}: {name} must be from 1 to never_over ({one.never_over}), not {count}"


def _twice(what: str, keys: Iterable[str]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"{what} {key} stands there {times} times"


def _unknown(what: str, value: str, known: Iterable[str]) -> Iterator[str]:
    if value not in known:
        yield f"{what} is {' or '.join(known)}, not {value!r}"
