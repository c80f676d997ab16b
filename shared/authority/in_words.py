"""An authority's rules in words, for pages and documents, and what two versions of them say differently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.authority.authority import (
    INTERVAL_UNITS,
    KEPT_FROM,
    ON_BANK_HOLIDAY,
    PANEL_KINDS,
    REGISTER_ANSWERS,
    REVIEW_CASES,
    WEEKDAYS,
    Authority,
    Contact,
    CutOff,
    Level,
    PanelProfile,
    Records,
    Recurrence,
    ReviewCase,
)
from shared.authority.consent import consent_in_words
from shared.authority.triage import triage_in_words
from shared.london import time_in_words

Sections = Mapping[str, Mapping[str, str]]
"""What an authority decides: section by section, each rule's name with its words."""


@dataclass(frozen=True)
class Difference:
    """A rule that says something else than before; empty where there was, or is, none."""

    section: str
    rule: str
    before: str
    after: str


def in_words(authority: Authority) -> Sections:
    """Return what an authority decides for itself, section by section."""
    scheme = authority.level_scheme
    return {
        "Words": {
            "Lead practitioner": authority.words.lead_practitioner,
            "Plan": authority.words.plan,
            "Assessment": authority.words.assessment,
            "Team": authority.words.team,
            "Safeguarding referral": authority.words.safeguarding_referral,
            "Front door": authority.front_door,
        },
        "Levels of need": {f"Level {level.number}": _level(level) for level in scheme.levels},
        "Localities": _localities(authority),
        "Panels": {panel.name: _panel(panel, authority) for panel in authority.panels},
        "Reviews": {
            **{REVIEW_CASES[one.case]: review_case_in_words(one) for one in authority.reviews.cases},
            "Reminder": _days(authority.reviews.remind_days_before) + " before",
        },
        "Time limits": {
            "An agency's answer": _working_days(authority.limits.allocation_answer_working_days),
            "More information": _working_days(authority.limits.more_information_working_days),
        },
        "Triage": triage_in_words(authority.triage),
        "Register": {
            "Others are told with the family's agreement": _sentence(REGISTER_ANSWERS[authority.register.with_consent]),
            "Without it": _sentence(REGISTER_ANSWERS[authority.register.without_consent]),
        },
        "Records": {
            "Used because": authority.records.lawful_basis,
            "Kept": kept_in_words(authority.records),
            "A request half done": f"{_days(authority.records.drafts_kept_days)} from its last change",
        },
        "Consent": consent_in_words(authority.consent),
        "Safeguarding contacts": _contacts(authority.safeguarding_contacts),
        "Early help contacts": _contacts(authority.early_help_contacts),
    }


def differences(before: Authority, after: Authority) -> list[Difference]:
    """Return what the later rules say differently, in the order of `in_words`."""
    old, new = in_words(before), in_words(after)
    return [
        Difference(section, rule, old[section].get(rule, ""), new[section].get(rule, ""))
        for section in new
        for rule in _all_of(old[section], new[section])
        if old[section].get(rule) != new[section].get(rule)
    ]


def review_case_in_words(case: ReviewCase) -> str:
    """Return how often plans are reviewed: `First after 6 weeks, then every 12 weeks, never over 12 weeks`."""
    first, later, never_over = (_interval(count, case.unit) for count in (case.first, case.later, case.never_over))
    often = f"Every {later}" if case.first == case.later else f"First after {first}, then every {later}"
    return f"{often}, never over {never_over}"


def kept_in_words(records: Records) -> str:
    """Return how long records are kept: `25 years after the birth of the youngest child`."""
    years = "1 year" if records.kept_years == 1 else f"{records.kept_years} years"
    return f"{years} {KEPT_FROM[records.kept_from]}"


def cut_off_in_words(cut_off: CutOff) -> str:
    """Return the rule as people say it: `4:30pm on the last Friday before the meeting`."""
    at = time_in_words(cut_off.at)
    count = cut_off.count
    if cut_off.shape == "last_weekday":
        return f"{at} on the last {cut_off.weekday.capitalize()} before the meeting"
    if cut_off.shape == "hours":
        return f"{count} {'hour' if count == 1 else 'hours'} before the meeting"
    unit = {"days": "day", "working_days": "working day"}[cut_off.shape]
    return f"{at}, {count} {unit if count == 1 else unit + 's'} before the meeting" if count else f"{at} on the day"


def _all_of(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*new, *old]))


def _level(level: Level) -> str:
    signs = f" Signs: {' '.join(level.signs)}" if level.signs else ""
    return f"{level.label}. {level.about}{signs}"


def _localities(authority: Authority) -> dict[str, str]:
    """Return which meetings each locality has."""
    return {
        locality.name: ", ".join(panel.name for panel in authority.panels if panel.locality == locality.key)
        or "No meeting of its own"
        for locality in authority.localities
    }


def _panel(panel: PanelProfile, authority: Authority) -> str:
    where = f" for {authority.locality_name(panel.locality)}" if panel.locality else ""
    return (
        f"{PANEL_KINDS[panel.kind]}{where}: {_meets(panel.recurrence)}, {panel.capacity} families,"
        f" {panel.slot_minutes} minutes each. Cut-off: {cut_off_in_words(panel.cut_off)}. {panel.place}."
        f" A meeting that falls on a bank holiday is held {ON_BANK_HOLIDAY[panel.on_bank_holiday]}."
    )


def _meets(recurrence: Recurrence) -> str:
    weekday = WEEKDAYS[recurrence.first_on.weekday()].capitalize()
    every = f"every {weekday}" if recurrence.weeks == 1 else f"every {recurrence.weeks} weeks on {weekday}"
    return f"{every} at {time_in_words(recurrence.starts)} for {recurrence.minutes} minutes"


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _contacts(contacts: Iterable[Contact]) -> dict[str, str]:
    return {contact.name: f"{contact.phone}, {contact.when}" for contact in contacts}


def _interval(count: int, unit: str) -> str:
    return f"{count} {INTERVAL_UNITS[unit] if count == 1 else unit}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _working_days(count: int) -> str:
    return "1 working day" if count == 1 else f"{count} working days"
