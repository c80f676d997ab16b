"""What was recorded after a month had been counted: its figures then beside those of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.panel.rules.decisions import ALLOCATE, CARRY_OVER
from services.panel.rules.periods import month_in_words
from services.panel.rules.statistics import Count, Figures

COMPARED = {"heard": "Heard", "allocated": "Allocated", "carried_over": "Carried over"}
"""The figures of a month that are set beside each other, with the words for them."""


@dataclass(frozen=True)
class ThenAndNow:
    """One figure of a month, as it was counted when the month was over, and as it is today."""

    then: Count
    now: Count

    @property
    def differs(self) -> bool:
        """Say whether something was recorded late."""
        return self.then != self.now


@dataclass(frozen=True)
class CountedMonth:
    """A month that was counted at `made_at`, with its figures by the codes of COMPARED."""

    key: str
    made_at: datetime
    figures: Mapping[str, ThenAndNow]

    @property
    def in_words(self) -> str:
        """Return the month in words."""
        return month_in_words(self.key)

    @property
    def differs(self) -> bool:
        """Say whether any of its figures is another one today."""
        return any(figure.differs for figure in self.figures.values())


def counted_month(key: str, made_at: datetime, then: Figures, today: Figures) -> CountedMonth:
    """Return a month's figures beside each other; `today` may hold other months too."""
    codes = {
        "heard": ("month", key),
        "allocated": ("outcome_in_month", f"{ALLOCATE}|{key}"),
        "carried_over": ("outcome_in_month", f"{CARRY_OVER}|{key}"),
    }
    figures = {name: ThenAndNow(then.of(*codes[name]), today.of(*codes[name])) for name in COMPARED}
    return CountedMonth(key, made_at, figures)
