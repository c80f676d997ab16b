"""What is written together is written as surely, and undone as surely, as the session's own objects."""

from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
import sqlalchemy as sa
from psycopg.errors import UniqueViolation
from psycopg.pq import PipelineStatus
from sqlalchemy.orm import Session

from shared.database import Database
from shared.rows import RowSession, Written, add_row, at_the_end

metadata = sa.MetaData()
note = sa.Table("note", metadata, sa.Column("text", sa.Text, primary_key=True))
numbered = sa.Table(
    "numbered",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("text", sa.Text),
)
WRITE, NUMBER = sa.insert(note), sa.insert(numbered)

Keep = Callable[[Session, str], None]


def now(session: Session, text: str) -> None:
    add_row(session, WRITE, {"text": text})


def last(session: Session, text: str) -> None:
    at_the_end(session, write_last, text)


def write_last(_: sa.Connection, texts: list[str]) -> list[Written]:
    return [(WRITE, [{"text": text} for text in texts])]


@pytest.fixture(params=[now, last])
def keep(request: pytest.FixtureRequest) -> Keep:
    """Give each way to have a note written."""
    way: Keep = request.param
    return way


@pytest.fixture
def database(blank_database: Database) -> Database:
    metadata.create_all(blank_database.engine)
    return blank_database


def written(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.scalars(sa.select(note.c.text)))


def test_rows_are_there_when_the_transaction_has_ended(database: Database, keep: Keep) -> None:
    with database.begin() as session:
        for text in ("first", "second"):
            keep(session, text)
    assert written(database) == ["first", "second"]


def test_a_statement_sees_the_rows_that_were_added_before_it(database: Database) -> None:
    with database.begin() as session:
        add_row(session, WRITE, {"text": "first"})
        session.execute(sa.update(note).values(text="changed"))
        add_row(session, WRITE, {"text": "second"})
        assert session.scalar(sa.select(sa.func.count()).select_from(note)) == 2
    assert written(database) == ["changed", "second"]


def test_rows_of_a_transaction_that_is_undone_are_gone(database: Database, keep: Keep) -> None:
    with suppress(ZeroDivisionError), database.begin() as session:
        keep(session, "first")
        raise ZeroDivisionError
    assert written(database) == []


def test_a_savepoint_that_is_undone_takes_its_own_rows_along_and_no_others(database: Database, keep: Keep) -> None:
    with database.begin() as session:
        keep(session, "before")
        with suppress(ZeroDivisionError), session.begin_nested():
            keep(session, "within")
            raise ZeroDivisionError
        with session.begin_nested():
            keep(session, "within another")
        keep(session, "after")
    assert written(database) == ["after", "before", "within another"]


def test_a_row_that_does_not_fit_undoes_its_savepoint_alone(database: Database, keep: Keep) -> None:
    with database.begin() as session:
        keep(session, "first")
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            keep(session, "first")
    assert written(database) == ["first"]


def test_a_session_that_is_used_again_has_forgotten_what_was_undone(database: Database, keep: Keep) -> None:
    with RowSession(database.engine) as session:
        keep(session, str(uuid4()))
        session.rollback()
        session.commit()
    assert written(database) == []


def test_a_row_with_other_columns_than_those_before_it_is_refused(database: Database) -> None:
    with database.begin() as session:
        add_row(session, WRITE, {"text": "first"})
        with pytest.raises(ValueError, match="same columns"):
            add_row(session, WRITE, {"text": "second", "more": "lost without a word"})
    assert written(database) == ["first"]


def test_a_session_that_would_forget_rows_does_not_take_them(database: Database, keep: Keep) -> None:
    with Session(database.engine) as session, pytest.raises(TypeError):
        keep(session, "lost")


def test_what_waits_for_the_end_is_written_there_at_once(database: Database) -> None:
    batches = []

    def write(connection: sa.Connection, texts: list[str]) -> list[Written]:
        batches.append(texts)
        return write_last(connection, texts)

    with database.begin() as session:
        at_the_end(session, write, "first")
        assert session.scalar(sa.select(sa.func.count()).select_from(note)) == 0
        at_the_end(session, write, "second")
    assert batches == [["first", "second"]]
    assert written(database) == ["first", "second"]


def test_who_only_reads_is_told_that_nothing_would_be_written(database: Database, keep: Keep) -> None:
    with database.read() as session, pytest.raises(TypeError):
        keep(session, "lost")


def test_what_goes_wrong_with_a_row_is_said_in_the_terms_of_every_other_statement(
    database: Database, keep: Keep
) -> None:
    with RowSession(database.engine) as session:
        for text in ("twice", "twice"):
            keep(session, text)
        with pytest.raises(sa.exc.IntegrityError) as refused:
            session.commit()
    assert isinstance(refused.value.orig, UniqueViolation)
    assert written(database) == []


def test_rows_of_many_tables_make_one_journey(database: Database) -> None:
    numbered.create(database.engine)
    waited = []

    @sa.event.listens_for(database.engine, "before_cursor_execute")
    def note_whether_it_waits(connection: sa.Connection, *_: object) -> None:
        waited.append(connection.connection.driver_connection.pgconn.pipeline_status == PipelineStatus.OFF)  # type: ignore[union-attr]

    with database.begin() as session:
        for number in range(3):
            add_row(session, WRITE, {"text": str(number)})
            add_row(session, NUMBER, {"text": str(number)})
        session.flush()
        add_row(session, WRITE, {"text": "alone"})
    assert waited == [False, False, True], "one statement alone gains nothing"
    with database.read() as session:
        assert session.scalars(sa.select(numbered.c.text).order_by(numbered.c.id)).all() == ["0", "1", "2"]
