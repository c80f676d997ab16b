"""nameko on eventlet: confirmed and persistent by default, acknowledged when done; its queues are classic ones."""

import eventlet
import eventlet.tpool

eventlet.monkey_patch()

import sys
from typing import Any

from nameko.containers import ServiceContainer
from nameko.events import event_handler
from nameko.standalone.events import event_dispatcher

from benchmarks.peers import job

_CONFIG = {"AMQP_URI": job.BROKER_URL, "max_workers": job.THREADS, "prefetch_count": job.PREFETCH}


class Notes:
    """The service that reads."""

    name = f"{job.QUEUE}.reader"

    @event_handler(job.QUEUE, "noted", requeue_on_error=True)
    def keep(self, fact: dict[str, Any]) -> None:
        """Write the row."""
        job.keep(fact)


def publish() -> None:
    """Send every fact, each when the one before is confirmed."""
    dispatch = event_dispatcher(_CONFIG, mandatory=True)
    job.ready_then_go()
    for number in job.paced():
        dispatch(job.QUEUE, "noted", job.a_fact(number))
    sys.stdin.read()


def work() -> None:
    """Consume in this process, as many facts at a time as asked for."""
    container = ServiceContainer(Notes, config=_CONFIG)
    container.start()
    job.say_ready()
    eventlet.tpool.execute(sys.stdin.read)
    container.stop()


if __name__ == "__main__":
    {"publish": publish, "work": work}[sys.argv[1]]()
