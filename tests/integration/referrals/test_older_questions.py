"""What was asked before questions had entries of their own, brought over."""

from uuid import uuid4

import sqlalchemy as sa

from shared.database import Database
from shared.migrations import migrate
from tests.integration.referrals.test_older_answers import REQUEST

_CHILD = sa.text(
    "INSERT INTO child (id, request_id, ref, position, given_name, family_name, also_known_as, lives_at, sex, ethnicity,"
    " disabilities, nhs_number, upn, school_name, first_language, first_language_missing, fingerprints)"
    " VALUES (gen_random_uuid(), :request_id, :ref, 0, '', '', '{}', '{}', 'F', :ethnicity, '{}', '', '', '', :language,"
    " :missing, '{}')"
)
_KEPT = sa.text("SELECT ref, answers, missing FROM child ORDER BY ref")
_BEFORE = [
    {"ref": "c1", "ethnicity": "WBRI", "language": "Polish", "missing": ""},
    {"ref": "c2", "ethnicity": "REFU", "language": "", "missing": "not_asked"},
    {"ref": "c3", "ethnicity": "NOBT", "language": "", "missing": ""},
]


def test_a_language_and_an_ethnic_group_say_what_they_said_before(blank_database: Database) -> None:
    migrate("referrals", blank_database.url, to="0006")
    request_id, family_id = uuid4(), uuid4()
    with blank_database.engine.begin() as connection:
        family = sa.text("INSERT INTO family (id, created_at, known_as) VALUES (:id, now(), :id)")
        connection.execute(family, {"id": family_id})
        connection.execute(REQUEST, {"id": request_id, "family_id": family_id})
        for child in _BEFORE:
            connection.execute(_CHILD, child | {"request_id": request_id})
    migrate("referrals", blank_database.url, to="0007")
    with blank_database.engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(_KEPT)] == [
            ("c1", {"first_language": "Polish"}, {}),
            ("c2", {}, {"first_language": "not_asked", "ethnicity": "refused"}),
            ("c3", {}, {"ethnicity": "not_yet_obtained"}),
        ]
