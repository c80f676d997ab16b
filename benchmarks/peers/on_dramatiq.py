"""dramatiq: confirmed, acknowledged when done; its queues are classic ones, since it offers no others."""

import os
import sys
from typing import Any

os.environ.setdefault("dramatiq_queue_prefetch", "200")

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from benchmarks.peers import job

broker = RabbitmqBroker(url=job.BROKER_URL_OF_PIKA, confirm_delivery=True)
dramatiq.set_broker(broker)


@dramatiq.actor(queue_name=job.QUEUE)
def keep(fact: dict[str, Any]) -> None:
    """Write the row."""
    job.keep(fact)


def publish() -> None:
    """Send every fact, each when the one before is confirmed."""
    broker.declare_queue(job.QUEUE, ensure=True)
    job.ready_then_go()
    for number in job.paced():
        keep.send(job.a_fact(number))
    sys.stdin.read()


def work() -> None:
    """Consume in this process, in as many threads as asked for."""
    broker.declare_queue(job.QUEUE, ensure=True)
    worker = dramatiq.Worker(broker, worker_threads=job.THREADS)
    worker.start()
    job.ready_then_go()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    {"publish": publish, "work": work}[sys.argv[1]]()
