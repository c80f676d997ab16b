"""FastStream on aio-pika: confirmed and persistent, acknowledged when done, on a quorum queue."""

import asyncio
import sys
from typing import Any

from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue
from psycopg_pool import AsyncConnectionPool

from benchmarks.peers import job

queue = RabbitQueue(job.QUEUE, queue_type=QueueType.QUORUM, durable=True)
channel = Channel(prefetch_count=job.PREFETCH, publisher_confirms=True)
broker = RabbitBroker(job.BROKER_URL, default_channel=channel, logger=None)
pool = AsyncConnectionPool(job.DATABASE, min_size=job.THREADS, open=False, kwargs={"autocommit": True})


async def publish() -> None:
    """Send every fact, each when the one before is confirmed."""
    async with broker:
        await broker.declare_queue(queue)
        job.ready_then_go()
        for number in job.paced():
            await broker.publish(job.a_fact(number), queue=queue, persist=True, mandatory=True)
        sys.stdin.read()


async def work() -> None:
    """Consume in this process, as many facts at a time as asked for."""
    subscriber = broker.subscriber(queue, ack_policy=AckPolicy.NACK_ON_ERROR)
    one_at_a_time = asyncio.Semaphore(job.THREADS)

    @subscriber
    async def keep(fact: dict[str, Any]) -> None:
        async with one_at_a_time, pool.connection() as connection:
            await connection.execute(job.INSERT, job.values_of(fact))

    await pool.open(wait=True)
    job.leave_when_told()
    async with broker:
        await broker.start()
        job.say_ready()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run({"publish": publish, "work": work}[sys.argv[1]]())
