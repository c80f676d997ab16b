"""Statistics of a hundred thousand families answer while somebody waits."""

from collections.abc import Callable
from datetime import date
from time import perf_counter

import pytest
import sqlalchemy as sa

from services.panel.queries.statistics import figures_of
from services.panel.rules.periods import Period
from services.panel.tables import PanelRow
from tests.integration.conftest import Running
from tests.integration.panel.many_families import write_many

_SECONDS = 10
"""Far above the two that it takes on a busy machine of two cores: the test finds a query that grows with the square."""


@pytest.mark.slow
def test_a_hundred_thousand_families_are_counted_at_once(start: Callable[..., Running]) -> None:
    running = start("panel", AUTHORITY="gloucestershire")
    with running.database.begin() as session:
        panels = list(session.scalars(sa.select(PanelRow.id)))
        written = write_many(session, first=date(2026, 1, 1), meetings=300, families=100_000 // 300 // len(panels) + 1)
    with running.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    begun = perf_counter()
    with running.database.read() as session:
        figures = figures_of(session, panels, Period(date(2026, 1, 1), date(2026, 12, 31)))
    seconds = perf_counter() - begun
    print(f"{written} families counted in {seconds:.2f} s")  # noqa: T201  What `make bench` would want to know.
    assert written >= 100_000
    assert figures.of("on_agendas").families == written
    assert seconds < _SECONDS
