"""Each authority's own rules: dated configuration, not code.

A folder a council, and in it a file for each day on which something changed, named after that day. The first
says everything; each later one only what is new. Sources stand beside the facts.
"""

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
    Contact,
    CutOff,
    Level,
    LevelScheme,
    Limits,
    Locality,
    PanelProfile,
    Records,
    Recurrence,
    RegisterRule,
    ReviewCase,
    Reviews,
    Words,
)
from shared.authority.consent import ConsentRules, ConsentWording
from shared.authority.profile import AUTHORITIES, Profile, load_profile
from shared.authority.read import ProfileWrong
from shared.authority.triage import TRIAGE_COUNTS, Reason, TriageRules

__all__ = [
    "AUTHORITIES",
    "CUT_OFF_SHAPES",
    "INTERVAL_UNITS",
    "KEPT_FROM",
    "ON_BANK_HOLIDAY",
    "PANEL_KINDS",
    "REGISTER_ANSWERS",
    "REVIEW_CASES",
    "TRIAGE_COUNTS",
    "WEEKDAYS",
    "Authority",
    "ConsentRules",
    "ConsentWording",
    "Contact",
    "CutOff",
    "Level",
    "LevelScheme",
    "Limits",
    "Locality",
    "PanelProfile",
    "Profile",
    "ProfileWrong",
    "Reason",
    "Records",
    "Recurrence",
    "RegisterRule",
    "ReviewCase",
    "Reviews",
    "TriageRules",
    "Words",
    "load_profile",
]
