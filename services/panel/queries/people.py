"""Reads about people, agencies and services, as the directory announced them."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import KnownAgencyRow, KnownPersonRow


def names_of(session: Session, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of these people, as far as they are known."""
    rows = session.execute(
        sa.select(KnownPersonRow.person_id, KnownPersonRow.name).where(KnownPersonRow.person_id.in_(person_ids))
    )
    return {person_id: name for person_id, name in rows if name}


def stale_person(session: Session) -> UUID | None:
    """Return somebody whose name is to be asked of the directory; any, so that nobody waits behind another."""
    return session.scalar(
        sa.select(KnownPersonRow.person_id).where(KnownPersonRow.is_stale).order_by(sa.func.random()).limit(1)
    )


def agencies(session: Session) -> Sequence[KnownAgencyRow]:
    """Return the active agencies by name."""
    return session.scalars(
        sa.select(KnownAgencyRow).where(KnownAgencyRow.is_active).order_by(KnownAgencyRow.name).limit(500)
    ).all()


def names_of_agencies(session: Session) -> dict[str, str]:
    """Return the name of every agency that was ever announced, by its id as text."""
    rows = session.execute(sa.select(KnownAgencyRow.agency_id, KnownAgencyRow.name).limit(5_000))
    return {str(agency_id): name for agency_id, name in rows}


def people_of(session: Session, agency_ids: Collection[UUID] = ()) -> Sequence[KnownPersonRow]:
    """Return the active people whose name is known, by name, of these agencies or of all."""
    query = sa.select(KnownPersonRow).where(KnownPersonRow.is_active, KnownPersonRow.name != "")
    if agency_ids:
        query = query.where(KnownPersonRow.agency_id.in_(agency_ids))
    return session.scalars(query.order_by(KnownPersonRow.name).limit(1000)).all()
