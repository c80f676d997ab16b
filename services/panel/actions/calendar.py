"""Panels as the authority's profile has them, and what their rules make of a date."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.rules.cut_off import agenda_closes_at, meeting_instants
from services.panel.tables import PanelRow
from shared.authority import Closure, CutOff, PanelProfile, Recurrence


def keep_panels(session: Session, profiles: Sequence[PanelProfile]) -> None:
    """Make or update the panels of the authority's profile; one that left it stays as it was, and is marked."""
    for profile in profiles:
        values = _panel_values(profile)
        statement = insert(PanelRow).values(key=profile.key, **values)
        session.execute(statement.on_conflict_do_update(index_elements=[PanelRow.key], set_=values))
    left = sa.update(PanelRow).where(PanelRow.key.not_in([profile.key for profile in profiles]))
    session.execute(left.values(is_in_profile=False))


def cut_off_of(panel: PanelRow) -> CutOff:
    """Return a panel's cut-off as the rules read it."""
    return CutOff(panel.cut_off_rule, panel.cut_off_days, panel.cut_off_weekday, panel.cut_off_at)


def _panel_values(profile: PanelProfile) -> dict[str, Any]:
    return {
        "is_in_profile": True,
        "name": profile.name,
        "kind": profile.kind,
        "locality": profile.locality,
        "place": profile.place,
        "capacity": profile.capacity,
        "slot_minutes": profile.slot_minutes,
        "weeks": profile.recurrence.weeks,
        "first_on": profile.recurrence.first_on,
        "starts": profile.recurrence.starts,
        "minutes": profile.recurrence.minutes,
        "cut_off_rule": profile.cut_off.shape,
        "cut_off_days": profile.cut_off.count,
        "cut_off_weekday": profile.cut_off.weekday,
        "cut_off_at": profile.cut_off.at,
        "on_bank_holiday": profile.on_bank_holiday,
        "monthly": profile.recurrence.monthly,
        "video_link": profile.video_link,
        "papers_go_out": profile.papers.go_out,
        "papers_working_days": profile.papers.working_days,
        "papers_at": profile.papers.at,
        "papers_stay_days": profile.papers.stay_days,
        "minutes_within": profile.minutes_within_working_days,
        "told_within": profile.referrer_told_within_working_days,
        "quorum_agencies": profile.quorum.agencies,
        "quorum_roles": list(profile.quorum.roles),
        "quorum_chair": profile.quorum.chair,
    }


def recurrence_of(panel: PanelRow) -> Recurrence:
    """Return when a panel meets, as the words for it need it."""
    return Recurrence(panel.first_on, panel.starts, panel.minutes, panel.weeks, panel.monthly)


def times_of(panel: PanelRow, held_on: date, starts: time, minutes: int, closures: Sequence[Closure]) -> dict[str, Any]:
    """Return a meeting's instants on a London date, its agenda closing by the panel's rule; raises CutOffWrong."""
    starts_at, ends_at = meeting_instants(held_on, starts, minutes)
    closes_at = agenda_closes_at(held_on, starts, cut_off_of(panel), closures)
    return {"held_on": held_on, "starts_at": starts_at, "ends_at": ends_at, "agenda_closes_at": closes_at}
