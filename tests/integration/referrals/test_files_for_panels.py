"""Which files of a request a panel is told of, and which of them its readers are given."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.referrals.files import files_of
from services.referrals.tables import AttachmentRow
from shared.audit import audit
from tests.given_files import PDF
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, sent

Start = Callable[..., Running]
READER = uuid4()


def has_file(running: Running, request_id: UUID, *, state: str = "not_checked", name: str = "Brief an Ana.pdf") -> UUID:
    """Let a file lie with a request, sealed as an upload leaves it."""
    attachment_id = uuid4()
    key_id = files_of(running.resources.settings).keep(attachment_id, request_id, PDF)
    with running.database.begin() as session:
        session.add(
            AttachmentRow(
                id=attachment_id,
                request_id=request_id,
                name=name,
                kind="pdf",
                size=len(PDF),
                sha256="",
                state=state,
                key_id=key_id,
                added_by="visitor",
                added_at=running.clock.at,
            )
        )
    return attachment_id


def ask(running: Running, path: str, neighbour: str = "panel") -> Any:
    address = f"/referrals/api/v1/requests/{path}"
    return running.app.test_client().get(address, headers=running.as_neighbour(neighbour))


def test_a_paper_says_of_which_kinds_files_came_and_never_their_names(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    shown = [has_file(running, request_id), has_file(running, request_id, state="unchecked")]
    for state in ("arriving", "infected", "destroyed", "leaving"):
        has_file(running, request_id, state=state)
    answer = ask(running, f"{request_id}/paper")
    assert [(one["id"], one["label"], one["ending"]) for one in answer.json["attachments"]] == [
        (str(one), "PDF", ".pdf") for one in shown
    ]
    assert "Brief" not in answer.text
    assert answer.json["attachments_stay"] is False


def test_the_level_that_a_professional_sees_is_in_the_paper_with_its_label(start: Start) -> None:
    running = start("referrals")
    said = {"scheme": "bathnes", "version": "2024", "number": 3}
    paper = ask(running, f"{sent(running, a_document(level_seen=said))}/paper").json
    assert paper["level_seen"] == said | {"label": "More than one need, more than one agency"}
    assert ask(running, f"{sent(running)}/paper").json["level_seen"] is None


def test_a_file_is_given_for_one_reader_whom_the_audit_keeps(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    attachment_id = has_file(running, request_id)
    given = ask(running, f"{request_id}/attachments/{attachment_id}?reader={READER}")
    assert (given.status_code, given.data, given.mimetype) == (200, PDF, "application/pdf")
    assert given.headers["Cache-Control"] == "no-store"
    with running.database.read() as session:
        line = session.execute(sa.select(audit).where(audit.c.subject_id == str(attachment_id))).mappings().one()
    assert (line["who"], line["did"], line["details"]["through"]) == (str(READER), "read", "panel")


def test_without_a_reader_or_for_another_neighbour_or_request_nothing_is_given(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    attachment_id = has_file(running, request_id)
    assert ask(running, f"{request_id}/attachments/{attachment_id}").status_code == 422
    asked = f"attachments/{attachment_id}?reader={READER}"
    assert ask(running, f"{request_id}/{asked}", "notifications").status_code == 403
    assert ask(running, f"{sent(running)}/{asked}").status_code == 404


@pytest.mark.parametrize("state", ["unchecked", "infected"])
def test_what_may_not_be_opened_is_not_given(start: Start, state: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    attachment_id = has_file(running, request_id, state=state)
    assert ask(running, f"{request_id}/attachments/{attachment_id}?reader={READER}").status_code == 409


@pytest.mark.parametrize("address", [{"may_write": False}, {"not_disclosed_to": ["Karl"]}])
def test_files_of_a_family_with_an_undisclosed_address_stay_with_the_front_door(
    start: Start, address: dict[str, Any]
) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(address=address))
    attachment_id = has_file(running, request_id)
    assert ask(running, f"{request_id}/paper").json["attachments_stay"] is True
    refused = ask(running, f"{request_id}/attachments/{attachment_id}?reader={READER}")
    assert refused.status_code == 409
    assert PDF not in refused.data
