"""Rows that are written together are written as surely, and undone as surely, as the session's own objects."""

from contextlib import suppress
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.database import Database
from shared.rows import RowSession, add_row

metadata = sa.MetaData()
note = sa.Table("note", metadata, sa.Column("text", sa.Text, primary_key=True))
WRITE = sa.insert(note)


@pytest.fixture
def database(blank_database: Database) -> Database:
    metadata.create_all(blank_database.engine)
    return blank_database


def written(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.scalars(sa.select(note.c.text)))


def test_rows_are_there_when_the_transaction_has_ended(database: Database) -> None:
    with database.begin() as session:
        for text in ("first", "second"):
            add_row(session, WRITE, {"text": text})
    assert written(database) == ["first", "second"]


def test_a_statement_sees_the_rows_that_were_added_before_it(database: Database) -> None:
    with database.begin() as session:
        add_row(session, WRITE, {"text": "first"})
        session.execute(sa.update(note).values(text="changed"))
        add_row(session, WRITE, {"text": "second"})
        assert session.scalar(sa.select(sa.func.count()).select_from(note)) == 2
    assert written(database) == ["changed", "second"]


def test_rows_of_a_transaction_that_is_undone_are_gone(database: Database) -> None:
    with suppress(ZeroDivisionError), database.begin() as session:
        add_row(session, WRITE, {"text": "first"})
        raise ZeroDivisionError
    assert written(database) == []


def test_a_savepoint_that_is_undone_takes_its_own_rows_along_and_no_others(database: Database) -> None:
    with database.begin() as session:
        add_row(session, WRITE, {"text": "before"})
        with suppress(ZeroDivisionError), session.begin_nested():
            add_row(session, WRITE, {"text": "within"})
            raise ZeroDivisionError
        with session.begin_nested():
            add_row(session, WRITE, {"text": "within another"})
        add_row(session, WRITE, {"text": "after"})
    assert written(database) == ["after", "before", "within another"]


def test_a_row_that_does_not_fit_undoes_its_savepoint_alone(database: Database) -> None:
    with database.begin() as session:
        add_row(session, WRITE, {"text": "first"})
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            add_row(session, WRITE, {"text": "first"})
    assert written(database) == ["first"]


def test_a_session_that_is_used_again_has_forgotten_what_was_undone(database: Database) -> None:
    with RowSession(database.engine) as session:
        add_row(session, WRITE, {"text": str(uuid4())})
        session.rollback()
        session.commit()
    assert written(database) == []


def test_a_row_with_other_columns_than_those_before_it_is_refused(database: Database) -> None:
    with database.begin() as session:
        add_row(session, WRITE, {"text": "first"})
        with pytest.raises(ValueError, match="same columns"):
            add_row(session, WRITE, {"text": "second", "more": "lost without a word"})
    assert written(database) == ["first"]


def test_a_session_that_would_forget_rows_does_not_take_them(database: Database) -> None:
    with Session(database.engine) as session, pytest.raises(TypeError):
        add_row(session, WRITE, {"text": "lost"})
