"""What a test's handlers did, as they wrote it to the database."""

from dataclasses import dataclass

import sqlalchemy as sa

from shared.database import Database


@dataclass(frozen=True)
class Noted:
    """Who was handled, in order, as a handler wrote it to the database."""

    database: Database

    def all(self) -> list[str]:
        """Return the notes, oldest first."""
        with self.database.read() as session:
            return list(session.scalars(sa.text("SELECT note FROM noted ORDER BY id")))
