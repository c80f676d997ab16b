"""What migrations make of the plans that had ended before."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from shared.database import Database
from shared.migrations import migrate

_ALLOCATION = sa.text(
    "INSERT INTO allocation (id, request_id, family_id, reference, kind, agency_id, service_id, urgency, received_on,"
    " children, level_scheme, level_version, level_number, state, offered_at, answer_due_on) VALUES (:id, :request_id,"
    " gen_random_uuid(), 'EH7K-3QWD', 'request', gen_random_uuid(), gen_random_uuid(), 'soon', '2026-10-01', 1,"
    " 'bathnes', '2024', 3, 'accepted', '2026-10-01', '2026-10-08')"
)
_PLAN = sa.text(
    "INSERT INTO plan (id, request_id, family_id, reference, kind, allocation_id, agency_id, service_id,"
    " practitioner_id, opened_on, closed_on) VALUES (:id, :request_id, gen_random_uuid(), 'EH7K-3QWD', 'request', :id,"
    " gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '2026-10-01', :closed_on)"
)
_JOINED = sa.text(
    "INSERT INTO plan_request (id, plan_id, request_id, family_id, reference, joined_on)"
    " VALUES (:id, :plan_id, :request_id, gen_random_uuid(), 'EH7K-3QWE', '2026-10-05')"
)
_PAPER = sa.text(
    "INSERT INTO paper (id, request_id, fetched_at, asked_at, content) VALUES (:id, :request_id, :at, :at, '{}')"
)


def there_is(database: sa.Engine, row: sa.TextClause, **values: Any) -> UUID:
    values = {"id": uuid4()} | values
    with database.begin() as connection:
        connection.execute(row, values)
    key: UUID = values["id"]
    return key


def last_paper(database: sa.Engine, table: str, key: UUID) -> UUID | None:
    with database.connect() as connection:
        found: UUID | None = connection.scalar(
            sa.select(sa.column("last_paper_id")).select_from(sa.table(table)).where(sa.column("id") == key)
        )
    return found


def test_a_plan_that_had_ended_keeps_the_newest_paper_of_the_day_on_which_it_ended(blank_database: Database) -> None:
    database = blank_database.engine
    migrate("panel", blank_database.url, to="0005")
    plans = {}
    for closed_on in (date(2026, 10, 20), None):
        request_id = uuid4()
        plan_id = there_is(database, _ALLOCATION, request_id=request_id)
        there_is(database, _PLAN, id=plan_id, request_id=request_id, closed_on=closed_on)
        joined_id = there_is(database, _JOINED, plan_id=plan_id, request_id=request_id)
        papers = [
            there_is(database, _PAPER, request_id=request_id, at=at)
            # British Summer Time ends on 25 October: the second one is of the 20th in London, the third of the 21st.
            for at in ("2026-10-10 12:00+00", "2026-10-20 22:30+00", "2026-10-20 23:30+00")
        ]
        plans[closed_on] = plan_id, joined_id, papers[1]
    migrate("panel", blank_database.url)
    plan_id, joined_id, had = plans[date(2026, 10, 20)]
    assert last_paper(database, "plan", plan_id) == last_paper(database, "plan_request", joined_id) == had
    plan_id, joined_id, _ = plans[None]
    assert last_paper(database, "plan", plan_id) is last_paper(database, "plan_request", joined_id) is None
