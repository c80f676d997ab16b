"""Brings a file and its row together, so that no row speaks of a file that is not there and no file lacks its row.

The row is first and last: it is made before the file is kept, and goes after the file went. What is cut off
between is found by its row, and cleared by a job.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from werkzeug.datastructures import FileStorage

from services.referrals.actions.attachments import Given, count_try, forget_file, settle_attachment, tell_of_virus
from services.referrals.files import CannotOpen, Files, StoreAway, Verdict
from services.referrals.queries.attachments import next_to_check, next_to_clear, openable_attachment
from services.referrals.rules.attachments import KINDS, LARGEST, download_name, kind_of, shown_name
from shared.audit import record
from shared.database import Database

_STATE_AFTER = {
    Verdict.CLEAN: "checked",
    Verdict.INFECTED: "infected",
    Verdict.SILENT: "unchecked",
    None: "not_checked",
}

log = structlog.get_logger()


def given_file(sent: FileStorage) -> Given:
    """Return a file as it was sent, of the kind that its content says; raises NotTaken."""
    sent.stream.seek(0)  # A view that the database undid is asked once more, and reads the file again.
    content = sent.stream.read(LARGEST + 1)
    return Given(shown_name(sent.filename or ""), kind_of(content), content)


def keep_file(database: Database, files: Files, attachment_id: UUID, request_id: UUID, content: bytes) -> str:
    """Keep the file of a row that says it is arriving, and return the state that it has then; raises StoreAway.

    A file with a virus is not kept.
    """
    verdict = files.verdict_on(content)
    state = _STATE_AFTER[verdict]
    key_id = "" if verdict is Verdict.INFECTED else _kept(database, files, attachment_id, request_id, content)
    with database.begin() as session:
        settle_attachment(session, attachment_id, state, key_id=key_id)
    return state


@dataclass(frozen=True)
class Opened:
    """A file that somebody opens: its content as bytes, its media type, and the name under which it is saved."""

    content: bytes
    media_type: str
    name: str


def open_file(
    database: Database, files: Files, request_id: UUID, attachment_id: UUID, *, who: UUID, **more: str
) -> Opened:
    """Give a file that came with a request to somebody who may read it; that it was opened is kept, with who and `more`.

    Raises NotFound and NotToBeOpened.
    """
    with database.begin() as session:
        row = openable_attachment(session, request_id, attachment_id)
        record(
            session, who=who, did="read", subject="attachment", subject_id=row.id, of_request=str(request_id), **more
        )
    content = files.read(row.id, row.request_id, row.key_id)
    return Opened(content, KINDS[row.kind].media_type, download_name(row.name, row.kind))


def check_one(database: Database, files: Files, *, now: datetime) -> bool:
    """Have one file checked that was not yet, and tell of a virus in what was sent; say whether the scanner answered."""
    if not files.has_scanner:
        return False
    with database.read() as session:
        row = next_to_check(session)
    if row is None:
        return False
    verdict = _verdict_on(files, row.id, row.request_id, row.key_id)
    with database.begin() as session:
        if verdict is Verdict.SILENT:
            count_try(session, row.id)
        else:
            settle_attachment(session, row.id, _STATE_AFTER[verdict])
            if verdict is Verdict.INFECTED:
                tell_of_virus(session, row, now=now)
    return verdict is not Verdict.SILENT


def clear_one(database: Database, files: Files) -> bool:
    """Remove one file that has to go, and say whether there was one."""
    with database.read() as session:
        row = next_to_clear(session)
    if row is None:
        return False
    try:
        files.remove(row.id)
    except StoreAway:
        log.warning("attachment_not_removed", attachment_id=str(row.id))
        return False
    with database.begin() as session:
        forget_file(session, row.id)
    return True


def _kept(database: Database, files: Files, attachment_id: UUID, request_id: UUID, content: bytes) -> str:
    try:
        return files.keep(attachment_id, request_id, content)
    except StoreAway:
        with database.begin() as session:
            settle_attachment(session, attachment_id, "leaving")
        raise


def _verdict_on(files: Files, attachment_id: UUID, request_id: UUID, key_id: str) -> Verdict | None:
    try:
        return files.verdict_on(files.read(attachment_id, request_id, key_id))
    except (StoreAway, CannotOpen) as error:
        log.error("attachment_unreadable", attachment_id=str(attachment_id), why=str(error))
        return Verdict.SILENT
