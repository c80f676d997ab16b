"""The built-in inbox of a training system: what each person would have got, as they would see it and raw."""

from email import message_from_bytes, policy
from uuid import UUID

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from services.notifications import queries
from services.notifications.access import INBOX_IS_OPEN
from services.notifications.pages import pages
from services.notifications.pages.filters import NOTHING, InboxFilter, read_filter
from services.notifications.rules.invitation import read_invitation
from services.notifications.rules.templates import TEMPLATES
from services.notifications.tables import DeliveredMessageRow
from shared.errors import NotFound
from shared.paging import LONG_PAGE_SIZE
from shared.web.access import open_to_everyone
from shared.web.app import database, resources
from shared.web.paging import page_asked_for, shown


@pages.get("/inbox")
@open_to_everyone(INBOX_IS_OPEN)
def inbox() -> ResponseReturnValue:
    """Show the messages, newest first."""
    _only_in_training()
    form, number = read_filter(InboxFilter()), page_asked_for()
    if form.errors:
        return render_template("notifications/inbox/list.html", form=form, found=NOTHING), 422
    filters = {"reference": form.values["reference"], "to": form.values["to"]}
    with database().read() as session:
        found = shown(queries.inbox(session, **filters, number=number, size=LONG_PAGE_SIZE))
    return render_template("notifications/inbox/list.html", form=form, found=found, templates=TEMPLATES)


@pages.get("/inbox/<uuid:notice_id>")
@open_to_everyone(INBOX_IS_OPEN)
def inbox_message(notice_id: UUID) -> str:
    """Show a message as its recipient would see it, and its raw text."""
    _only_in_training()
    with database().read() as session:
        message, notice = queries.delivered(session, notice_id)
    calendar = _calendar_file(message)
    return render_template(
        "notifications/inbox/message.html",
        message=message,
        notice=notice,
        title=TEMPLATES[notice.template].title,
        raw=message.raw.decode("utf-8", "replace").replace("\r\n", "\n"),
        meeting=read_invitation(calendar) if calendar else None,
        download=url_for("pages.inbox_invitation", notice_id=notice_id),
    )


@pages.get("/inbox/<uuid:notice_id>/invitation.ics")
@open_to_everyone(INBOX_IS_OPEN)
def inbox_invitation(notice_id: UUID) -> Response:
    """Give the calendar file that is attached to a message; raises NotFound."""
    _only_in_training()
    with database().read() as session:
        message, _notice = queries.delivered(session, notice_id)
    calendar = _calendar_file(message)
    if calendar is None:
        raise NotFound("This message has no invitation.")
    headers = {"Content-Disposition": 'attachment; filename="invitation.ics"'}
    return Response(calendar, content_type="text/calendar; charset=utf-8", headers=headers)


def _only_in_training() -> None:
    if not resources().settings.is_training:
        raise NotFound("Only a training system has an inbox.")


def _calendar_file(message: DeliveredMessageRow) -> bytes | None:
    if message.channel != "email":
        return None
    email = message_from_bytes(message.raw, policy=policy.default)
    for part in email.iter_attachments():
        if part.get_filename() == "invitation.ics":
            return bytes(part.get_content())
    return None
