"""Celery: acknowledged late, rejected when the worker is lost, confirmed, on a quorum queue."""

import sys
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from celery.worker.consumer.delayed_delivery import DelayedDelivery
from kombu import Queue

from benchmarks.peers import job

app = Celery("bench", broker=job.BROKER_URL)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue=job.QUEUE,
    task_queues=[Queue(job.QUEUE, routing_key=job.QUEUE, queue_arguments={"x-queue-type": "quorum"})],
    task_default_routing_key=job.QUEUE,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=job.PREFETCH // job.THREADS,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_enable_remote_control=False,
)
# For tasks with a time, of which there are none here, Celery would leave 28 queues on the broker.
DelayedDelivery.include_if = lambda *_: False


@app.task(name="bench.keep")
def keep(fact: dict[str, Any]) -> None:
    """Write the row."""
    job.keep(fact)


def publish() -> None:
    """Send every fact, each when the one before is confirmed."""
    with app.producer_pool.acquire(block=True) as producer:
        producer.connection.ensure_connection()
        job.ready_then_go()
        for number in job.paced():
            keep.apply_async((job.a_fact(number),), producer=producer)
    sys.stdin.read()


def work() -> None:
    """Consume in this process, in as many threads as asked for."""
    worker_ready.connect(lambda **_: job.say_ready(), weak=False)
    job.leave_when_told()
    pool = ["-P", "solo" if job.THREADS == 1 else "threads", "-c", str(job.THREADS)]
    quiet = ["-l", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(["worker", *pool, *quiet])


if __name__ == "__main__":
    {"publish": publish, "work": work}[sys.argv[1]]()
