"""A deadlock is not the person's problem."""

import threading

import pytest
import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session

from shared.database import Database
from shared.web.repeating import RepeatingFlask

ONE, OTHER = 1, 2


@pytest.fixture
def database(blank_database: Database) -> Database:
    with blank_database.begin() as session:
        session.execute(sa.text("CREATE TABLE decision (words text)"))
    return blank_database


def hold(session: Session, row: int) -> None:
    session.execute(sa.text("SELECT pg_advisory_xact_lock(:row)"), {"row": row})


def test_what_a_deadlock_undid_is_done_again_and_only_once(database: Database) -> None:
    app = RepeatingFlask(__name__)
    person_holds, somebody_waits = threading.Event(), threading.Event()
    tries: list[str] = []

    @app.post("/decision")
    def decide() -> str:
        tries.append(request.form["words"])
        with database.begin() as session:
            hold(session, ONE)
            session.execute(sa.text("INSERT INTO decision VALUES (:words)"), {"words": request.form["words"]})
            person_holds.set()
            assert somebody_waits.wait(10)
            hold(session, OTHER)
        return "recorded"

    def stand_in_the_way() -> None:
        with database.begin() as session:
            # The one who looks for a deadlock first is the one who is undone; here that is the person.
            session.execute(sa.text("SET LOCAL deadlock_timeout = '30s'"))
            hold(session, OTHER)
            assert person_holds.wait(10)
            somebody_waits.set()
            hold(session, ONE)

    other = threading.Thread(target=stand_in_the_way)
    other.start()
    answer = app.test_client().post("/decision", data={"words": "what was typed"})
    other.join(30)
    assert (answer.status_code, tries) == (200, ["what was typed"] * 2)
    with database.read() as session:
        assert session.scalars(sa.text("SELECT words FROM decision")).all() == ["what was typed"]


def test_any_other_fault_is_not_tried_again(database: Database) -> None:
    app = RepeatingFlask(__name__)
    tries: list[int] = []

    @app.get("/")
    def fail() -> str:
        tries.append(1)
        with database.begin() as session:
            session.execute(sa.text("SET LOCAL statement_timeout = 1"))
            session.execute(sa.text("SELECT pg_sleep(5)"))
        return ""

    assert app.test_client().get("/").status_code == 500
    assert len(tries) == 1
