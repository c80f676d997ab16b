"""What an authority decides for itself: its words, levels of need, panels, reviews, limits and contacts."""

from dataclasses import dataclass

from shared.authority.consent import ConsentRules
from shared.authority.panels import Closure, Confidentiality, PanelProfile
from shared.authority.step_down import StepDownRules
from shared.authority.triage import TriageRules

REVIEW_CASES = {
    "usual": "Usually",
    "step_down": "After a step-down",
    "short_breaks": "For a disabled child who has short breaks",
}
"""The cases in which plans may be reviewed at intervals of their own, with the words for them."""

INTERVAL_UNITS = {"weeks": "week", "months": "month"}
"""In what an interval is counted, with the word for one of it."""

REGISTER_ANSWERS = {
    "nothing": "nothing",
    "whether_a_plan_is_open": "whether a plan is open",
    "who_leads": "whether a plan is open, and who leads it",
}
"""What the register answers to people outside the front door, with the words for it."""

KEPT_FROM = {
    "youngest_child_born": "after the birth of the youngest child",
    "last_closed": "after the last request or plan of the family was closed",
}
"""From when the years are counted for which a family's records are kept, with the words for it."""


@dataclass(frozen=True)
class Level:
    """One level of need; `number` means nothing without its scheme.

    `about` and `signs` help to choose it, in the authority's own words.
    """

    number: int
    label: str
    about: str
    signs: tuple[str, ...]


@dataclass(frozen=True)
class LevelScheme:
    """The levels of need as one published version of the authority's threshold document has them."""

    scheme: str
    version: str
    levels: tuple[Level, ...]

    def label_of(self, number: int) -> str:
        """Return the label of a level; raises KeyError."""
        return {level.number: level.label for level in self.levels}[number]


@dataclass(frozen=True)
class Locality:
    """A part of the authority's area with a meeting of its own."""

    key: str
    name: str


@dataclass(frozen=True)
class ReviewCase:
    """How often plans of a case are reviewed: `first`, `later` and `never_over` count weeks or months, by `unit`."""

    case: str
    unit: str
    first: int
    later: int
    never_over: int


@dataclass(frozen=True)
class Reviews:
    """When plans are reviewed, by case; a due date remembers `policy`."""

    policy: str
    remind_days_before: int
    cases: tuple[ReviewCase, ...]

    def of(self, case: str) -> ReviewCase:
        """Return how often plans of a case are reviewed: as usual, where it has no interval of its own."""
        by_case = {one.case: one for one in self.cases}
        return by_case.get(case, by_case["usual"])


@dataclass(frozen=True)
class Limits:
    """The authority's own time limits, in working days."""

    allocation_answer_working_days: int
    more_information_working_days: int


@dataclass(frozen=True)
class Chasing:
    """When actions are chased: once some days before they are due, then while they are overdue, at most so often.

    The agency's managers and the coordinator are told from the second time on.
    """

    remind_days_before: int = 7
    overdue_every_days: int = 7
    overdue_at_most: int = 4


@dataclass(frozen=True)
class RegisterRule:
    """What the register answers to people outside the front door, with the family's agreement and without."""

    with_consent: str
    without_consent: str


@dataclass(frozen=True)
class Records:
    """Why the authority may keep records of a family without asking, and how long it does: years from an anchor.

    A request half done is kept for `drafts_kept_days` from its last change.
    """

    lawful_basis: str
    kept_from: str
    kept_years: int
    drafts_kept_days: int


@dataclass(frozen=True)
class Words:
    """The authority's words, as every page shows them; with `marking` its papers are marked on every page."""

    lead_practitioner: str
    plan: str
    assessment: str
    team: str
    safeguarding_referral: str
    marking: str = "OFFICIAL-SENSITIVE"


@dataclass(frozen=True)
class Contact:
    """Whom to ring, and when; one that is not `for_families` is not named to a family that is told of its request."""

    name: str
    phone: str
    when: str
    for_families: bool = True


@dataclass(frozen=True)
class Authority:
    """What an authority decides for itself, as it is at one time. `level_schemes` has the earlier ones too."""

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
    triage: TriageRules
    step_down: StepDownRules
    register: RegisterRule
    records: Records
    consent: ConsentRules
    safeguarding_contacts: tuple[Contact, ...]
    early_help_contacts: tuple[Contact, ...]
    assumptions: tuple[str, ...]
    closures: tuple[Closure, ...] = ()
    confidentiality: Confidentiality = Confidentiality()
    chasing: Chasing = Chasing()

    @property
    def level_scheme(self) -> LevelScheme:
        """Return the levels of need in force."""
        return self.level_schemes[-1]

    def level_label(self, scheme: str, version: str, number: int) -> str:
        """Return the label that a recorded level had in its own scheme; raises KeyError."""
        for candidate in self.level_schemes:
            if (candidate.scheme, candidate.version) == (scheme, version):
                return candidate.label_of(number)
        raise KeyError(f"{scheme} {version}")

    def has_level(self, scheme: str, version: str, number: int) -> bool:
        """Say whether there is, or was, such a level."""
        try:
            self.level_label(scheme, version, number)
        except KeyError:
            return False
        return True

    def locality_name(self, key: str) -> str:
        """Return the name of a locality; raises KeyError."""
        return {locality.key: locality.name for locality in self.localities}[key]
