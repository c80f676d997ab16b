"""The migrations make what the code expects."""

import pytest
import sqlalchemy as sa

from shared.migrations import drift
from tests.integration.notifications.conftest import Post


def test_the_migrated_database_is_what_the_code_expects(post: Post) -> None:
    assert drift("notifications", post.running.database.url) == []


def test_the_audit_cannot_be_changed(post: Post) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), post.running.database.begin() as session:
        session.execute(sa.text("DELETE FROM audit"))
