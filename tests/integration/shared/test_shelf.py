"""The databases that tests leave for each other are as new."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from services.embedded.postgres import PrivatePostgres
from shared.database import Database
from tests.integration.databases import Shelf

_KEEP = "INSERT INTO audit (at, who, did, subject, subject_id) VALUES (now(), gen_random_uuid(), 'read', 'plan', gen_random_uuid())"


@pytest.fixture
def emptied(postgres: PrivatePostgres, migrated: Callable[[str], str]) -> Shelf:
    return Shelf(postgres, migrated)


def test_a_database_given_back_is_given_again_empty_and_numbers_begin_anew(
    emptied: Shelf, postgres: PrivatePostgres
) -> None:
    first = _numbers_after_use(emptied, postgres)
    assert _numbers_after_use(emptied, postgres) == first


def test_a_database_whose_tables_a_test_changed_is_not_given_again(emptied: Shelf, postgres: PrivatePostgres) -> None:
    name = emptied.take("directory")
    _run(postgres, name, "ALTER TABLE audit RENAME COLUMN did TO done")
    emptied.give_back("directory", name)
    assert emptied.take("directory") != name


def _numbers_after_use(emptied: Shelf, postgres: PrivatePostgres) -> tuple[str, list[int]]:
    name = emptied.take("directory")
    _run(postgres, name, _KEEP)
    database = Database(postgres.url(name))
    with database.read() as session:
        numbers = list(session.scalars(sa.text("SELECT id FROM audit")))
    database.close()
    emptied.give_back("directory", name)
    return name, numbers


def _run(postgres: PrivatePostgres, name: str, statement: str) -> None:
    database = Database(postgres.url(name))
    with database.begin() as session:
        session.execute(sa.text(statement))
    database.close()
