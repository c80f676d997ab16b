"""A trial: the product at work under load while something is broken, and the reckoning at its end."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import sqlalchemy as sa

from services.embedded.waiting import wait_until
from tests.faults import gaps, results
from tests.faults.deployed import Deployed
from tests.faults.load import Load
from tests.faults.queues import left_over
from tests.faults.reckoning import Reckoning, settled


class Trial:
    """A load on the product whose work processes run, and the moments at which something was broken."""

    def __init__(self, product: Deployed, load: Load) -> None:
        self.product, self.load = product, load
        self.broken_at: list[datetime] = []
        self.mended_at: list[datetime] = []

    def breaks(self) -> None:
        """Note that something breaks now."""
        self.broken_at.append(datetime.now(UTC))

    def is_mended(self) -> None:
        """Note that what was broken is whole again, from here on."""
        self.mended_at.append(datetime.now(UTC))

    def goes_on(self) -> None:
        """Return when a fact that was announced after the last break has been handled."""
        wait_until(lambda: self._handled_since(self.broken_at[-1]), "facts are handled again", seconds=90)

    def ends(self, fault: str) -> Reckoning:
        """Stop the load, let everything arrive, and return what was found; fails on anything lost, doubled or parked."""
        entries = self.load.stop().entries
        found = settled(self.product.databases, entries, tend=self.product.tend)
        way = gaps.of_facts(found.facts)
        gap, to_recover = ([gaps.gap_after(at, way) for at in moments] for moments in (self.broken_at, self.mended_at))
        if self.broken_at:
            results.note(fault, found, gap, to_recover)
        assert found.problems == {}
        assert left_over(self.product) == {}
        return found

    def unsent(self) -> int:
        """Return how many facts wait in the outbox of referrals."""
        return len(self._ask("referrals", "SELECT id FROM outbox WHERE sent_at IS NULL"))

    def _handled_since(self, moment: datetime) -> bool:
        self.product.tend()
        handled = "SELECT count(*) FROM inbox WHERE status = 'done' AND message_id = ANY(:ids)"
        with suppress(sa.exc.OperationalError):
            ids = self._ask("referrals", "SELECT message_id FROM outbox WHERE announced_at > :moment", moment=moment)
            return bool(self._ask("notifications", handled, ids=list(ids))[0])
        return False

    def _ask(self, service: str, question: str, **values: object) -> Sequence[object]:
        with self.product.databases[service].read() as session:
            return session.scalars(sa.text(question), values).all()
