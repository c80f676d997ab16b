"""Answers about consent from before each person had their own, brought over."""

from uuid import uuid4

import sqlalchemy as sa

from shared.database import Database
from shared.migrations import migrate

REQUEST = sa.text(
    "INSERT INTO request (id, reference, family_id, kind, locality, urgency, source, referrer_name, referrer_role,"
    " referrer_organisation, referrer_email, referrer_phone, taken_by, arrived_by, portal, idempotency_key, body_hash,"
    " received_at, triage_due_on, stage, version, contact_adult_ref, contact_notes, needs, working_well, worried_about,"
    " needs_to_happen, already_tried) VALUES (:id, 'EH7K-3QWD', :family_id, 'request', '', 'routine', '2A', '', '', '',"
    " '', '', '', 'page', '', 'key', 'hash', '2026-11-02 09:00+00', '2026-11-03', 'received', 1, 'a1', '', '{}', '',"
    " '', '', '')"
)
_ANSWER = sa.text(
    'INSERT INTO consent (id, request_id, kind, given, "by", how, obtained_by, not_with, recorded_by, recorded_at)'
    " VALUES (gen_random_uuid(), :request_id, :kind, :given, :by, 'signed', 'Megan', :not_with, 'portal',"
    " '2026-11-02 09:00+00')"
)
_NOW = sa.text("SELECT kind, by_ref, answer, not_with FROM consent ORDER BY number")


def test_every_person_has_their_own_rows_and_a_later_no_is_a_withdrawal_of_all_who_had_agreed(
    blank_database: Database,
) -> None:
    migrate("referrals", blank_database.url, to="0004")
    request_id, family_id = uuid4(), uuid4()
    before = [
        ("to_ask", True, ["a1", "c1"], []),
        ("to_share", False, [], []),
        ("to_research", False, ["a2"], []),
        ("to_ask", False, [], []),
        ("to_share", True, ["a1"], ["Riverside"]),
    ]
    with blank_database.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO family (id, created_at) VALUES (:id, now())"), {"id": family_id})
        connection.execute(REQUEST, {"id": request_id, "family_id": family_id})
        for kind, given, by, not_with in before:
            row = {"request_id": request_id, "kind": kind, "given": given, "by": by, "not_with": not_with}
            connection.execute(_ANSWER, row)
    migrate("referrals", blank_database.url)
    with blank_database.engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(_NOW)]
    assert found == [
        ("to_ask", "a1", "given", []),
        ("to_ask", "c1", "given", []),
        ("to_share", "a1", "not_asked", []),
        ("to_research", "a2", "refused", []),
        ("to_ask", "a1", "withdrawn", []),
        ("to_ask", "c1", "withdrawn", []),
        ("to_share", "a1", "given", ["Riverside"]),
    ]
