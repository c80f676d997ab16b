"""Each authority's own rules: dated configuration, not code. One TOML profile a council, with sources beside the facts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from shared.authority.read import ProfileWrong, read_record

_FOLDER = Path(__file__).parent

__all__ = [
    "Authority",
    "CutOff",
    "Level",
    "LevelScheme",
    "PanelProfile",
    "ProfileWrong",
    "Recurrence",
    "load_authority",
]


@dataclass(frozen=True)
class Level:
    """One level of need; `number` means nothing without its scheme."""

    number: int
    label: str


@dataclass(frozen=True)
class LevelScheme:
    """The levels of need as one published version of the authority's threshold document has them."""

    scheme: str
    version: str
    in_force_from: date
    levels: tuple[Level, ...]

    def label_of(self, number: int) -> str:
        """Return the label of a level; raises KeyError."""
        return {level.number: level.label for level in self.levels}[number]


@dataclass(frozen=True)
class Recurrence:
    """Every `weeks` weeks, counted from the week of `first_on` (a London date whose weekday is the panel's)."""

    weeks: int
    first_on: date
    starts: time
    minutes: int


@dataclass(frozen=True)
class CutOff:
    """When an agenda closes: so many days or working days before, or the last named weekday before, at a London time."""

    rule: str
    days: int
    weekday: str
    at: time


@dataclass(frozen=True)
class PanelProfile:
    """A panel as the authority has it."""

    key: str
    name: str
    kind: str
    locality: str
    place: str
    capacity: int
    slot_minutes: int
    on_bank_holiday: str
    recurrence: Recurrence
    cut_off: CutOff
    invitation_note: str = ""


@dataclass(frozen=True)
class Locality:
    """A part of the authority's area with a meeting of its own."""

    key: str
    name: str


@dataclass(frozen=True)
class Reviews:
    """When plans are reviewed, in weeks; a due date remembers `policy`."""

    policy: str
    first_weeks: int
    later_weeks: int
    after_step_down_weeks: int
    never_over_weeks: int
    remind_days_before: int


@dataclass(frozen=True)
class Limits:
    """The authority's own time limits, in working days."""

    triage_working_days: int
    allocation_answer_working_days: int
    more_information_working_days: int


@dataclass(frozen=True)
class Words:
    """The authority's words, as every page shows them."""

    lead_practitioner: str
    plan: str
    assessment: str
    team: str
    safeguarding_referral: str


@dataclass(frozen=True)
class Contact:
    """Whom to ring, and when."""

    name: str
    phone: str
    when: str


@dataclass(frozen=True)
class Authority:
    """The profile in force."""

    key: str
    name: str
    short_name: str
    front_door: str
    words: Words
    level_schemes: tuple[LevelScheme, ...]
    localities: tuple[Locality, ...]
    panels: tuple[PanelProfile, ...]
    reviews: Reviews
    limits: Limits
    safeguarding_contacts: tuple[Contact, ...]
    early_help_contacts: tuple[Contact, ...]
    assumptions: tuple[str, ...]

    def levels_on(self, day: date) -> LevelScheme:
        """Return the levels of need in force on a London date."""
        in_force = [scheme for scheme in self.level_schemes if scheme.in_force_from <= day]
        return max(in_force, key=lambda scheme: scheme.in_force_from)

    def level_label(self, scheme: str, version: str, number: int) -> str:
        """Return the label that a recorded level had in its own scheme; raises KeyError."""
        for candidate in self.level_schemes:
            if (candidate.scheme, candidate.version) == (scheme, version):
                return candidate.label_of(number)
        raise KeyError(f"{scheme} {version}")

    def locality_name(self, key: str) -> str:
        """Return the name of a locality; raises KeyError."""
        return {locality.key: locality.name for locality in self.localities}[key]


def load_authority(key: str) -> Authority:
    """Return the profile `key`; raises ProfileWrong, naming the file, the place and what is wrong there."""
    path = _FOLDER / f"{key}.toml"
    if not path.exists():
        raise ProfileWrong(f"there is no authority profile {key!r}")
    profile: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    authority = read_record(Authority, profile, where=path.name)
    _check_panels(authority, path.name)
    return authority


def _check_panels(authority: Authority, where: str) -> None:
    localities = {locality.key for locality in authority.localities}
    for panel in authority.panels:
        if panel.locality and panel.locality not in localities:
            raise ProfileWrong(f"{where}: panel {panel.key}: there is no locality {panel.locality!r}")
        if panel.kind not in ("allocation", "step_down"):
            raise ProfileWrong(f"{where}: panel {panel.key}: kind is allocation or step_down, not {panel.kind!r}")
