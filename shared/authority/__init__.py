"""Each authority's own rules: dated configuration, not code.

A folder a council, and in it a file for each day on which something changed, named after that day. The first
says everything; each later one only what is new. Sources stand beside the facts.
"""

from shared.authority.authority import (
    INTERVAL_UNITS,
    KEPT_FROM,
    REGISTER_ANSWERS,
    REVIEW_CASES,
    Authority,
    Chasing,
    Contact,
    Level,
    LevelScheme,
    Limits,
    Locality,
    Records,
    RegisterRule,
    ReviewCase,
    Reviews,
    Words,
)
from shared.authority.consent import ConsentRules, ConsentWording
from shared.authority.panels import (
    CUT_OFF_SHAPES,
    ON_BANK_HOLIDAY,
    PANEL_KINDS,
    PAPERS_GO_OUT,
    WEEKDAYS,
    WEEKS_OF_MONTH,
    Closure,
    Confidentiality,
    CutOff,
    PanelProfile,
    Papers,
    Quorum,
    Recurrence,
    closed_days,
    is_closed,
)
from shared.authority.profile import AUTHORITIES, Profile, load_profile
from shared.authority.read import ProfileWrong
from shared.authority.step_down import FROM_PLANS, PAPER_KINDS, StepDownRules, paper_in_words
from shared.authority.triage import TRIAGE_COUNTS, Reason, TriageRules

__all__ = [
    "AUTHORITIES",
    "CUT_OFF_SHAPES",
    "FROM_PLANS",
    "INTERVAL_UNITS",
    "KEPT_FROM",
    "ON_BANK_HOLIDAY",
    "PANEL_KINDS",
    "PAPERS_GO_OUT",
    "PAPER_KINDS",
    "REGISTER_ANSWERS",
    "REVIEW_CASES",
    "TRIAGE_COUNTS",
    "WEEKDAYS",
    "WEEKS_OF_MONTH",
    "Authority",
    "Chasing",
    "Closure",
    "Confidentiality",
    "ConsentRules",
    "ConsentWording",
    "Contact",
    "CutOff",
    "Level",
    "LevelScheme",
    "Limits",
    "Locality",
    "PanelProfile",
    "Papers",
    "Profile",
    "ProfileWrong",
    "Quorum",
    "Reason",
    "Records",
    "Recurrence",
    "RegisterRule",
    "ReviewCase",
    "Reviews",
    "StepDownRules",
    "TriageRules",
    "Words",
    "closed_days",
    "is_closed",
    "load_profile",
    "paper_in_words",
]
