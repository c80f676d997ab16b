"""What became of each family of the story, and the table at its end."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rich.table import Table

from services.embedded.progress import console, say


@dataclass
class Family:
    """One sample request and its way."""

    name: str
    request_id: str
    reference: str
    document: dict[str, Any]
    way: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    agency_id: str = ""
    plan_id: str = ""
    due: str = ""

    @property
    def not_with(self) -> list[str]:
        """Return the agencies that the family excludes."""
        return [name for answer in self.document["consent"]["to_share"] for name in answer.get("not_with", [])]

    def ages(self, today: date) -> list[float]:
        """Return the children's ages in years; an unborn child is 0."""
        born = [child.get("date_of_birth") for child in self.document["children"]]
        return [max((today - date.fromisoformat(day)).days / 365.25, 0) if day else 0.0 for day in born]

    def went(self, step: str) -> None:
        """Note a step of the family's way."""
        self.way.append(step)


class Ledger:
    """Every family of the story."""

    def __init__(self) -> None:
        self.families: list[Family] = []

    def add(self, family: Family) -> None:
        """Note a family whose request was received."""
        self.families.append(family)

    def of_request(self, request_id: str) -> Family:
        """Return the family of a request."""
        return next(family for family in self.families if family.request_id == request_id)

    def show(self, authority: str, *, left_over: int) -> None:
        """Print the table: each family, where it went, who was told, what is due; and what no service has handled."""
        table = Table(title=f"{authority}: what became of {len(self.families)} requests")
        for heading in ("reference", "family", "where it went", "told", "next review"):
            table.add_column(heading, overflow="fold")
        for family in self.families:
            told = ", ".join(f"{count} {channel}" for channel, count in sorted(family.told.items()))
            table.add_row(family.reference, family.name[3:], "; ".join(family.way), told, family.due)
        console.print(table)
        total = Counter[str]()
        for family in self.families:
            total += family.told
        say(
            f"{len(self.families)} requests, {sum(bool(family.plan_id) for family in self.families)} plans opened,"
            f" {sum(total.values())} messages about families"
            f" ({', '.join(f'{count} {channel}' for channel, count in sorted(total.items()))}), {left_over} facts left unhandled."
        )
