"""A service with a slow handler and a clock, for tests that stop or kill it: `python -m tests.integration.work.slow_service work`.

SECONDS says how long the handler takes, HEARTBEAT how often the broker hears of its connection.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import Mock

import sqlalchemy as sa
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import Session

from shared.events.referrals import RequestReceived
from shared.main import main
from shared.messaging.reader import EventReader
from shared.messaging.transport import rabbitmq
from shared.service import Resources, Service, ServiceSettings
from shared.settings import setting
from shared.timetable import Job

NAME = "panel"
slow = EventReader(NAME)


@dataclass(frozen=True, kw_only=True)
class Settings(ServiceSettings):
    """The settings of every service, and this one's database."""

    database_url: str = setting("DATABASE_URL_SLOW")


@slow.handles(RequestReceived)
def note_slowly(fact: RequestReceived, session: Session, _now: datetime) -> None:
    """Say at once that the fact is in hand, whatever becomes of the transaction; note it in the end."""
    # A connection of its own: the batch has only one.
    with sa.create_engine(os.environ["DATABASE_URL_SLOW"]).begin() as beside:
        beside.execute(sa.text("INSERT INTO begun (note) VALUES (:note)"), {"note": fact.reference})
    time.sleep(float(os.environ["SECONDS"]))
    session.execute(sa.text("INSERT INTO noted (note) VALUES (:note)"), {"note": fact.reference})


def tick(resources: Resources, slot: datetime) -> None:
    """Say which process ran which slot, and when."""
    row = {"slot": slot, "process": os.getpid()}
    with resources.database.begin() as session:
        session.execute(sa.text("INSERT INTO ticked (slot_at, process) VALUES (:slot, :process)"), row)


EVERY_SECOND = Job(tick, CronTrigger(second="*", start_date=datetime.now(UTC)))


if __name__ == "__main__":
    rabbitmq.HEARTBEAT = int(os.environ["HEARTBEAT"])
    main(Service(NAME, Settings, create_app=Mock(), events=slow, timetable=[EVERY_SECOND]))
