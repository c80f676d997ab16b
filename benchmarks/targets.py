"""What each benchmark is, and what its figures must reach. The names stand in the issues; a figure without a target only tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A bound: at least or at most."""

    bound: float
    is_least: bool

    def is_met_by(self, value: float) -> bool:
        """Say whether a figure reaches it."""
        return value >= self.bound if self.is_least else value <= self.bound

    def __str__(self) -> str:
        return f"at {'least' if self.is_least else 'most'} {self.bound:,g}"


def _least(bound: float) -> Target:
    return Target(bound, is_least=True)


def _most(bound: float) -> Target:
    return Target(bound, is_least=False)


TARGETS = {
    "pipeline.events_per_second": _least(4000),
    "pipeline.ratio_to_best_peer": _least(5),
    "pipeline.ratio_to_limit": _least(0.5),
    "latency.p50_ms": _most(6),
    "latency.p95_ms": _most(12),
    "latency.embedded_p95_ms": _most(5),
    "history.slowdown_at_1m": _most(1.2),
    "history.slowdown_at_10m": _most(1.2),
    "intake.ratio_to_bare_insert": _least(0.6),
    "register.search_1m.p95_ms": _most(100),
    "agenda.close_10k.seconds": _most(5),
    "agenda.page_60.p95_ms": _most(150),
    "live.delay_60.p95_ms": _most(1000),
    "idle.cpu_percent": _most(1),
    "idle.rss_mb": _most(120),
    "idle.make_run_mb": _most(350),
}

BENCHMARKS = {
    "pipeline": (
        "Events a second, end to end",
        "An outbox in PostgreSQL holds 20,000 committed facts of about 1 KB, four of each of 5,000 families. The clock"
        " starts when the publishing and the consuming process are released, and stops at the commit of the last row that a"
        " handler wrote in another database. Then every fact must be there once, in its family's order, or the run does not"
        " count. Everything shares this machine: both processes, PostgreSQL with fsync on, and RabbitMQ with a quorum queue.\n\n"
        "The peers publish the same facts, each confirmed and persistent, and one worker process writes the same row before"
        " it acknowledges; there is no outbox and no inbox. Each runs one at a time and with eight threads first, and then in"
        " whichever was faster, although eight threads give up a family's order. The limit is bare pika and psycopg:"
        " publishing with 1,000 messages on their way, and rows written 50 in a transaction.",
    ),
    "real_handler": (
        "The same with a real handler",
        "The panel's own handler: a request that is ready for panel joins the queue and gets its place on an agenda, in a"
        " migrated panel database. The shares say where the consuming process's time goes; they come from a run of their own,"
        " because the stopwatches cost time.",
    ),
    "latency": (
        "From commit to handled",
        "Twenty facts a second at random moments. PostgreSQL notes the time of each commit: the figure is the time from the"
        " commit of the announcing transaction to the commit of the handler's. A peer has no announcing transaction: there it"
        " is from just before it publishes to the commit of its row. Embedded is one process with kombu's memory instead of"
        " RabbitMQ, as `make run` is.",
    ),
    "history": (
        "As the history grows",
        "The time that an event takes when the outbox and the inbox hold a million and ten million rows of the past, divided"
        " by what it takes when they are empty. The runs alternate.",
    ),
    "intake": (
        "Requests taken in",
        "The sample requests sent again and again by eight connections to the portal's API, as one worker of gunicorn serves"
        " it: checked field by field, kept in its tables, audited, acknowledged, and put into the outbox, in one transaction."
        " Beside it the least that could do it, under the same gunicorn and on the same PostgreSQL: Flask, the same"
        " validation, and two INSERTs by SQLAlchemy in one commit, of the document as it came and of what is to be announced.",
    ),
    "register": (
        "The register asked",
        "People are asked about by name with a date of birth, or by name and address, a fifth of them misspelt, a fifth with"
        " day and month the other way round; a fifth of all are in no register. A search is the whole of it: candidates by"
        " their fingerprints, their likeness, plans and requests, and the audit, in one transaction of one connection. The"
        " register grows from 10,000 people to a million, and the people asked about stay the same. The peer finds names by"
        " the trigrams of PostgreSQL's own extension, without dates, addresses or audit; the limit is one row by its key.",
    ),
    "agenda": (
        "A queue of 10,000 families, and an agenda of 60",
        "A panel's planned meetings are full and 10,000 families wait. The next meeting gets 25 places: they are given to"
        " the first in the line, the agenda closes, each paper is asked of a running referrals service over HTTP, numbered,"
        " frozen and announced, and one member's own pack is made as a PDF. Then the page of an agenda with 60 items is"
        " asked for, one after the other, from one worker of gunicorn, by its coordinator. Everything shares this machine.",
    ),
    "live": (
        "A meeting followed by 60",
        "Twelve families are on the agenda, and 60 people with a seat follow from as many connections to `panel-live`, as"
        " browsers do: told by an event, each fetches from `panel-web` what their page shows, which is made for them alone."
        " The chair takes up one item after the other at random moments. The delay is from just before the commit to the"
        " last byte of what a screen shows. Everything shares this machine, those 60 too.",
    ),
    "idle": (
        "At rest",
        "The busiest and the largest of a service's `web` and `work` processes while nobody does anything (resident memory),"
        " and everything that `make run` starts, PostgreSQL included (what processes share is divided among them).",
    ),
}
"""Each benchmark's title and what it does, in the order of the page."""
