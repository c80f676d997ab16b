"""Stand-ins for what a test does not own: a clock that is told the time, neighbours that answer from a list."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.neighbours import GivenFile, NeighbourAway, NeighbourRefused


@dataclass
class FakeClock:
    """A clock that shows what the test says."""

    at: datetime
    is_training: bool = False

    def now(self) -> datetime:
        """Return the time that the test set."""
        return self.at


@dataclass
class FakeNeighbours:
    """Neighbouring services that answer from `answers`, keyed by `(service, path)`; what is not there is a 404."""

    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    is_away: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def get(self, neighbour: str, path: str) -> Any:
        """Return the answer that the test prepared."""
        self.asked.append((neighbour, path))
        if self.is_away:
            raise NeighbourAway("the test says so")
        try:
            return self.answers[(neighbour, path)]
        except KeyError:
            raise NeighbourRefused(404) from None

    def get_file(self, neighbour: str, path: str) -> GivenFile:
        """Return the file that the test prepared; a number is the status of a refusal."""
        answer = self.get(neighbour, path)
        if isinstance(answer, int):
            raise NeighbourRefused(answer)
        return GivenFile(*answer)

    def readiness(self, neighbour: str) -> Any:
        """Return the readiness that the test prepared; who has none is away."""
        try:
            return self.answers[(neighbour, "/health/ready")]
        except KeyError:
            raise NeighbourAway("the test says so") from None
