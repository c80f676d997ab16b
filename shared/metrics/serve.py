"""Serves the figures of a `work` process on a port of its own, which nothing from outside reaches."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, start_http_server

from shared.metrics.figures import JOB_FAILURES
from shared.metrics.waiting import WaitingCollector
from shared.service import Resources, Service


@contextmanager
def serving_metrics(service: Service, resources: Resources) -> Iterator[None]:
    """Answer Prometheus while the block runs, where METRICS_PORT says so; raises SystemExit when the port is taken."""
    settings = resources.settings
    if settings.metrics_port is None:
        yield
        return
    collector = WaitingCollector(service.name, resources.database, [job.name for job in service.timetable])
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_bind)
    except OSError as error:
        raise SystemExit(f"Cannot start: METRICS_PORT {settings.metrics_port}: {error.strerror}.") from None
    for job in service.timetable:
        # Said to be none from the start on, or Prometheus would see no increase when the first comes.
        JOB_FAILURES.labels(service.name, job.name)
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
        server.shutdown()
        server.server_close()
        thread.join()
