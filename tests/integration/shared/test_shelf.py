"""The databases that tests leave for each other are as new."""

from collections.abc import Callable
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask

from services.embedded.postgres import PrivatePostgres
from shared.service import Resources
from tests.integration.databases import Place, Shelf

_KEEP = "INSERT INTO audit (at, who, did, subject, subject_id) VALUES (now(), gen_random_uuid(), 'read', 'plan', gen_random_uuid())"


@pytest.fixture
def emptied(postgres: PrivatePostgres, migrated: Callable[[str], str]) -> Shelf:
    return Shelf(postgres, migrated)


def test_a_database_given_back_is_given_again_empty_and_numbers_begin_anew(
    emptied: Shelf,
) -> None:
    first = _numbers_after_use(emptied)
    assert _numbers_after_use(emptied) == first


def test_a_database_whose_tables_a_test_changed_is_not_given_again(emptied: Shelf) -> None:
    place = emptied.take("directory")
    _run(place, "ALTER TABLE audit RENAME COLUMN did TO done")
    emptied.give_back(place)
    assert emptied.take("directory").name != place.name


def test_an_app_is_used_again_unless_a_test_changed_it(emptied: Shelf) -> None:
    place, held = emptied.take("directory"), cast("Resources", object())
    first = place.app(held, lambda _: Flask("an app"))
    assert place.app(held, lambda _: Flask("another")) is first
    first.config["CHANGED"] = True
    assert place.app(held, lambda _: Flask("another")) is not first


def _numbers_after_use(emptied: Shelf) -> tuple[str, list[int]]:
    place = emptied.take("directory")
    _run(place, _KEEP)
    with place.database.read() as session:
        numbers = list(session.scalars(sa.text("SELECT id FROM audit")))
    emptied.give_back(place)
    return place.name, numbers


def _run(place: Place, statement: str) -> None:
    with place.database.begin() as session:
        session.execute(sa.text(statement))
