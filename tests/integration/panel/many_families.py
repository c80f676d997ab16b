"""A hundred thousand families on the agendas of a period, written by PostgreSQL itself."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

_MEETINGS = """
INSERT INTO meeting (id, panel_id, held_on, starts_at, ends_at, agenda_closes_at, place, places, state, sequence)
SELECT gen_random_uuid(), p.id, :first + d, (:first + d)::timestamptz, (:first + d)::timestamptz,
       (:first + d)::timestamptz, 'x', :families, 'ended', 0
FROM panel p, generate_series(0, :meetings - 1) d ON CONFLICT DO NOTHING
"""
_FAMILIES = """
CREATE TEMP TABLE one ON COMMIT DROP AS
SELECT m.id AS meeting_id, m.panel_id, m.held_on, n, gen_random_uuid() AS request_id, gen_random_uuid() AS family_id,
       gen_random_uuid() AS entry_id, gen_random_uuid() AS item_id, gen_random_uuid() AS decision_id,
       gen_random_uuid() AS paper_id,
       (ARRAY['allocate','allocate','signpost','recommend','step_up','carry_over'])[1 + floor(random() * 6)::int] AS outcome,
       1 + floor(random() * 4)::int AS children, floor(random() * 90)::int AS waited
FROM meeting m, generate_series(1, :families) n WHERE m.place = 'x' AND m.held_on >= :first
"""
_ROWS = (
    "INSERT INTO queue_entry (id, request_id, family_id, reference, kind, panel_id, urgency, received_on, queued_at,"
    " children, level_scheme, level_version, level_number, why, times_carried, state)"
    " SELECT entry_id, request_id, family_id, left(entry_id::text, 8), 'request', panel_id, 'routine', held_on - waited,"
    " now(), children, 'bathnes', '2024', 2 + n % 3, 'new', 0, 'heard' FROM one",
    "INSERT INTO paper (id, request_id, fetched_at, asked_at, content) SELECT paper_id, request_id, now(), now(),"
    " jsonb_build_object('locality', 'place-' || n % 7, 'story', repeat(md5(item_id::text), 100)) FROM one",
    "INSERT INTO agenda_item (id, meeting_id, queue_entry_id, request_id, family_id, reference, number, paper_id, state)"
    " SELECT item_id, meeting_id, entry_id, request_id, family_id, left(entry_id::text, 8), n, paper_id,"
    " CASE outcome WHEN 'carry_over' THEN 'carried_over' ELSE 'heard' END FROM one",
    "INSERT INTO decision (id, agenda_item_id, meeting_id, request_id, family_id, outcome, reasons, details, dissent,"
    " agreed_outside, decided_at, recorded_by) SELECT decision_id, item_id, meeting_id, request_id, family_id, outcome, 'x',"
    " CASE outcome WHEN 'allocate' THEN jsonb_build_object('needs', jsonb_build_array((1 + n % 10)::text, '5'))"
    " ELSE '{}'::jsonb END, '', '', now(), gen_random_uuid() FROM one",
    "INSERT INTO allocation (id, request_id, family_id, reference, kind, decision_id, meeting_id, agency_id, service_id,"
    " urgency, received_on, children, level_scheme, level_version, level_number, offered_at, answer_due_on, state, answered_at)"
    " SELECT gen_random_uuid(), request_id, family_id, 'x', 'request', decision_id, meeting_id,"
    " md5((n % 30)::text)::uuid, gen_random_uuid(), 'routine', held_on - waited, children, 'bathnes', '2024', 3, now(),"
    " held_on, CASE WHEN n % 5 = 0 THEN 'declined' ELSE 'accepted' END, held_on + interval '5 days' FROM one"
    " WHERE outcome = 'allocate'",
)


def write_many(session: Session, *, first: date, meetings: int, families: int) -> int:
    """Write so many meetings of each panel from a day on, with so many families each; return how many families."""
    session.execute(sa.text(_MEETINGS), {"first": first, "meetings": meetings, "families": families})
    session.execute(sa.text(_FAMILIES), {"first": first, "families": families})
    for statement in _ROWS:
        session.execute(sa.text(statement))
    return int(session.execute(sa.text("SELECT count(*) FROM one")).scalar_one())
