"""Each authority's own rules: dated configuration, not code.

A folder a council, and in it a file for each day on which something changed, named after that day. The first
says everything; each later one only what is new. Sources stand beside the facts.
"""

from shared.authority.authority import (
    CUT_OFF_SHAPES,
    ON_BANK_HOLIDAY,
    PANEL_KINDS,
    WEEKDAYS,
    Authority,
    Contact,
    CutOff,
    Level,
    LevelScheme,
    Limits,
    Locality,
    PanelProfile,
    Recurrence,
    Reviews,
    Words,
)
from shared.authority.profile import AUTHORITIES, Profile, load_profile
from shared.authority.read import ProfileWrong

__all__ = [
    "AUTHORITIES",
    "CUT_OFF_SHAPES",
    "ON_BANK_HOLIDAY",
    "PANEL_KINDS",
    "WEEKDAYS",
    "Authority",
    "Contact",
    "CutOff",
    "Level",
    "LevelScheme",
    "Limits",
    "Locality",
    "PanelProfile",
    "Profile",
    "ProfileWrong",
    "Recurrence",
    "Reviews",
    "Words",
    "load_profile",
]
