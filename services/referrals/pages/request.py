"""One request as the front door reads it, and what can be noted on it: the family it is about, and consent."""

from uuid import UUID

from flask import render_template

from services.referrals.actions.families import may_undo
from services.referrals.pages import pages
from services.referrals.pages.consent_shown import consent_shown
from services.referrals.queries import families
from services.referrals.queries.amendments import amendments_of
from services.referrals.queries.attachments import attachments_of
from services.referrals.queries.requests import (
    failed_notices,
    information_asked,
    whole_request,
)
from services.referrals.rules import choices
from services.referrals.rules.attachments import KINDS, OPENABLE
from services.referrals.rules.attachments import STATES as FILE_STATES
from services.referrals.rules.level_seen import level_seen_in_words
from services.referrals.rules.progress import is_back_from_plan, words_of
from services.referrals.rules.safeguarding_signs import ANSWERS, WORDS
from services.referrals.rules.stages import AT_FRONT_DOOR, OUTCOMES, STAGES, outcomes_allowed
from services.referrals.rules.triage import HOW_TOLD
from services.referrals.rules.triage_clock import colour
from services.referrals.rules.working_on import OWN_REQUEST
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today


@pages.get("/requests/<uuid:request_id>")
@needs("front_door")
def request_page(request_id: UUID) -> str:
    """Show a whole request; that it was read is kept."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
        plans = families.open_plans(session, [row.family_id])
        others = families.other_requests(session, row)
        shown = {
            "matches": families.matches(session, row),
            "plans": plans,
            "others": others,
            "may_undo": may_undo(session, row),
            "failed": failed_notices(session, request_id),
            "asked": information_asked(session, request_id),
            "amendments": amendments_of(session, request_id),
            "attachments": attachments_of(session, request_id),
        }
    return render_template(
        "referrals/request/request.html",
        row=row,
        names=row.names,
        openable=OPENABLE,
        file_kinds=KINDS,
        file_states=FILE_STATES,
        homes={address.ref: address for address in row.addresses},
        choices=choices,
        stages=STAGES,
        outcomes=OUTCOMES,
        allowed={code: OUTCOMES[code] for code in OUTCOMES if code in outcomes_allowed(row.stage)},
        is_at_front_door=row.stage in AT_FRONT_DOOR,
        is_own=current_person().person_id in row.made_by,
        own_request=OWN_REQUEST,
        is_back_from_plan=is_back_from_plan(row.stage, [step.code for step in row.progress]),
        **consent_shown(
            row,
            resources().authority.consent,
            today(),
            leading=[plan.agency for plan in plans if plan.agency],
            others=others,
        ),
        words_of=words_of,
        clock=colour(now(), amber=row.triage_amber_at, due=row.triage_due_at),
        nothing_further=resources().authority.triage.why_no_further_action,
        how_told=HOW_TOLD,
        level_label=resources().authority.level_label,
        sign_answers=ANSWERS,
        sign_label_of=WORDS.label_of,
        level_seen=level_seen_in_words(*row.level_seen, authority=resources().authority),
        panels={panel.key: panel.name for panel in resources().authority.panels},
        **shown,
    )
