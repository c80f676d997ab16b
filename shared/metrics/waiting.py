"""What a service's database says at the moment it is asked: what waits, who was silent, which job ran when."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from shared.database import Database
from shared.messaging.backlog import OPEN, Backlog, backlog

_ANSWER_WITHIN = "2s"
"""A scrape that takes longer would itself be a load; monitoring asks again soon."""

# Each by the end of its part of the primary key; a maximum over the table would read ninety days of slots.
_LAST_RUNS = sa.text(
    "SELECT job, ran_at FROM unnest(CAST(:jobs AS text[])) AS job, LATERAL"
    " (SELECT ran_at FROM schedule_run WHERE schedule_run.job = job.job ORDER BY slot_at DESC LIMIT 1) AS last_run"
)

log = structlog.get_logger()


class WaitingCollector(Collector):
    """Gauges of one service; a database that does not answer is a gauge too, never a failed scrape."""

    def __init__(self, service: str, database: Database, jobs: Sequence[str]) -> None:
        self._service = service
        self._database = database
        self._jobs = jobs

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: to be registered must not cost a question to the database."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Yield every gauge, or only that the database is away."""
        try:
            with self._database.read() as session:
                session.execute(sa.text(f"SET LOCAL statement_timeout = '{_ANSWER_WITHIN}'"))
                waiting, ran_at = backlog(session), self._jobs_ran_at(session)
        except sa.exc.SQLAlchemyError as away:
            log.warning("metrics_without_database", service=self._service, error=type(away).__name__)
            yield self._gauge("early_help_database_answers", "1 when the database answered just now.", 0)
            return
        yield self._gauge("early_help_database_answers", "1 when the database answered just now.", 1)
        yield from self._gauges_of(waiting)
        ran = GaugeMetricFamily(
            "early_help_job_last_run_timestamp_seconds",
            "When a timed job last finished.",
            labels=["service", "job_name"],
        )
        for job, at in ran_at:
            ran.add_metric([self._service, job], at)
        yield ran

    def _gauges_of(self, waiting: Backlog) -> Iterator[Metric]:
        yield self._gauge("early_help_outbox_facts", "Facts on their way to the broker.", waiting.unsent)
        age = waiting.oldest_unsent
        yield self._gauge(
            "early_help_outbox_age_seconds", "Age of the oldest of them.", age.total_seconds() if age else 0
        )
        yield self._gauge("early_help_unroutable_facts", "Facts that no queue takes.", waiting.unroutable)
        held = GaugeMetricFamily(
            "early_help_inbox_facts", "Facts received and not yet handled.", labels=["service", "state"]
        )
        for state in OPEN:
            held.add_metric([self._service, state], waiting.unhandled.get(state, 0))
        yield held
        age = waiting.oldest_unhandled
        yield self._gauge(
            "early_help_inbox_age_seconds",
            "Age of the oldest of them that waits for another attempt.",
            age.total_seconds() if age else 0,
        )
        silent = waiting.broker_silent
        yield self._gauge(
            "early_help_broker_silent_seconds",
            "Since the broker last answered the publisher.",
            silent.total_seconds() if silent is not None else float("inf"),
        )

    def _gauge(self, name: str, meaning: str, value: float) -> Metric:
        gauge = GaugeMetricFamily(name, meaning, labels=["service"])
        gauge.add_metric([self._service], value)
        return gauge

    def _jobs_ran_at(self, session: Session) -> list[tuple[str, float]]:
        rows = session.execute(_LAST_RUNS, {"jobs": list(self._jobs)})
        return [(row.job, row.ran_at.timestamp()) for row in rows]
