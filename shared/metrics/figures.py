"""Every figure that the code counts as it goes; what can be read from the database is in `waiting.py`."""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# The library would add to each figure when it was first counted, which nobody asks for and doubles what is sent.
disable_created_metrics()  # type: ignore[no-untyped-call]

_HANDLING = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_DELAYS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 7200)
_ANSWERING = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

PUBLISH_SECONDS = Histogram(
    "early_help_publish_seconds",
    "From reading a batch of facts out of the outbox until it was marked as sent.",
    ["service"],
    buckets=_HANDLING,
)
FACTS_SENT = Counter("early_help_facts_sent_total", "Facts that the broker confirmed.", ["service"])
FACTS_RETURNED = Counter("early_help_facts_returned_total", "Facts that no queue took, each time anew.", ["service"])

HANDLE_SECONDS = Histogram(
    "early_help_handle_seconds", "One run of a fact's handler.", ["service", "topic"], buckets=_HANDLING
)
DELAY_SECONDS = Histogram(
    "early_help_delay_seconds", "From a fact's announcement until it was handled.", ["service"], buckets=_DELAYS
)
FAILURES = Counter(
    "early_help_handle_failures_total", "Facts that a handler failed on or refused.", ["service", "topic"]
)
RETRIES = Counter("early_help_retries_total", "Further attempts at facts that failed before.", ["service"])
REDELIVERIES = Counter("early_help_redeliveries_total", "Facts that came again after they were taken.", ["service"])
UNREADABLE = Counter("early_help_unreadable_messages_total", "Messages sent to the dead letters unread.", ["service"])

INTERRUPTIONS = Counter(
    "early_help_interruptions_total",
    "Times that a role had to begin anew, as after the loss of the broker or the database.",
    ["service", "role"],
)
LEADS = Gauge("early_help_leader", "1 where this process holds the role, 0 where it waits for it.", ["service", "role"])

# Prometheus itself calls what it reads from a job.
JOB_SECONDS = Histogram(
    "early_help_job_seconds", "One run of a timed job.", ["service", "job_name"], buckets=(0.01, 0.1, 1, 10, 60, 600)
)
JOB_FAILURES = Counter(
    "early_help_job_failures_total", "Runs of a timed job that did not finish.", ["service", "job_name"]
)

REQUESTS = Counter("early_help_requests_total", "Requests answered.", ["service", "method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "early_help_request_seconds",
    "From a request's beginning to its answer.",
    ["service", "method", "route"],
    buckets=_ANSWERING,
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ANY_OTHER = "other"
"""The method of whoever made one up, and the route of an address that there is none for."""


def count_request(service: str, method: str, route: str | None, status: int, seconds: float) -> None:
    """Count an answered request under its route's template, never under the address that was asked for."""
    where = (service, method if method in _METHODS else ANY_OTHER, route or ANY_OTHER)
    REQUESTS.labels(*where, str(status)).inc()
    REQUEST_SECONDS.labels(*where).observe(seconds)
