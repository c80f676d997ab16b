"""An authority's rules in words, for pages and documents, and what two versions of them say differently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.authority.authority import (
    INTERVAL_UNITS,
    KEPT_FROM,
    REGISTER_ANSWERS,
    REVIEW_CASES,
    Authority,
    Chasing,
    Contact,
    Level,
    Records,
    ReviewCase,
)
from shared.authority.consent import consent_in_words
from shared.authority.panel_words import closures_in_words, panel_in_words, working_days
from shared.authority.panels import PanelProfile
from shared.authority.step_down import step_down_in_words
from shared.authority.triage import triage_in_words

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
            "Papers are marked": authority.words.marking,
        },
        "Levels of need": {f"Level {level.number}": _level(level) for level in scheme.levels},
        "Localities": _localities(authority),
        "Panels": {panel.name: panel_in_words(panel, _locality_of(panel, authority)) for panel in authority.panels},
        "Meetings": {
            "No meetings": closures_in_words(authority.closures),
            "Said at the start": f"{authority.confidentiality.text} (version {authority.confidentiality.version})",
        },
        "Reviews": {
            **{REVIEW_CASES[one.case]: review_case_in_words(one) for one in authority.reviews.cases},
            "Reminder": _days(authority.reviews.remind_days_before) + " before",
        },
        "Actions": {
            "Reminder": _days(authority.chasing.remind_days_before) + " before",
            "While overdue": _chased(authority.chasing),
        },
        "Time limits": {
            "An agency's answer": working_days(authority.limits.allocation_answer_working_days),
            "More information": working_days(authority.limits.more_information_working_days),
        },
        "Triage": triage_in_words(authority.triage),
        "Step-down": step_down_in_words(authority.step_down),
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


def _locality_of(panel: PanelProfile, authority: Authority) -> str:
    return authority.locality_name(panel.locality) if panel.locality else ""


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _contacts(contacts: Iterable[Contact]) -> dict[str, str]:
    return {contact.name: f"{contact.phone}, {contact.when}" for contact in contacts}


def _interval(count: int, unit: str) -> str:
    return f"{count} {INTERVAL_UNITS[unit] if count == 1 else unit}"


def _chased(chasing: Chasing) -> str:
    every = "every day" if chasing.overdue_every_days == 1 else f"every {chasing.overdue_every_days} days"
    times = "once" if chasing.overdue_at_most == 1 else f"{every}, {chasing.overdue_at_most} times at most"
    return f"{_sentence(times)}; the agency's managers and the coordinator from the second time on"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
