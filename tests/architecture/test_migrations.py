"""The migrations make exactly the tables that the code has."""

from collections.abc import Callable

import pytest

from services.embedded.postgres import PrivatePostgres
from shared.migrations import drift
from shared.service import SERVICES
from tests.integration.conftest import migrated, postgres

__all__ = ["migrated", "postgres"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_migrated_database_is_what_the_code_expects(
    service: str, postgres: PrivatePostgres, migrated: Callable[[str], str]
) -> None:
    assert drift(service, postgres.url(migrated(service))) == []
