"""What migrations make of the notices that were there before."""

from uuid import UUID, uuid4

import sqlalchemy as sa

from shared.database import Database
from shared.migrations import migrate

_OLD_NOTICE = sa.text(
    "INSERT INTO notice (id, template, fact_id, recipient_kind, recipient_id, request_id, family_id, reference, path,"
    " data, state, attempts, waits, last_error, created_at) VALUES (gen_random_uuid(), :template, :fact_id, :kind, :request_id,"
    " :request_id, gen_random_uuid(), 'EH7K-3QWD', '/referrals/follow', '{}', :state, 1, 0, '', now())"
)
_NOW = sa.text("SELECT template, needs_person, is_held_back FROM notice WHERE request_id = :request_id")


def there_is(database: sa.Engine, request_id: UUID, template: str, kind: str, state: str) -> None:
    row = {"template": template, "fact_id": uuid4().hex, "kind": kind, "request_id": request_id, "state": state}
    with database.begin() as connection:
        connection.execute(_OLD_NOTICE, row)


def found(database: sa.Engine, request_id: UUID) -> dict[str, tuple[bool, bool]]:
    with database.connect() as connection:
        rows = connection.execute(_NOW, {"request_id": request_id}).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def test_nobody_is_asked_to_ring_a_family_whose_request_had_gone_to_social_care(blank_database: Database) -> None:
    database = blank_database.engine
    migrate("notifications", blank_database.url, to="0002")
    request_id, other = uuid4(), uuid4()
    there_is(database, request_id, "request_received_to_family", "family", "failed")
    there_is(database, request_id, "more_information_asked", "referrer", "unknown")
    there_is(database, request_id, "safeguarding_raised", "referrer", "failed")
    there_is(database, other, "request_received_to_family", "family", "failed")
    migrate("notifications", blank_database.url)
    assert found(database, request_id) == {
        "request_received_to_family": (False, True),
        "more_information_asked": (False, False),
        "safeguarding_raised": (True, False),
    }
    assert found(database, other) == {"request_received_to_family": (True, False)}
