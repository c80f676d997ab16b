"""A program of the front door lists and opens the files of a request, by the rules of the page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from shared.audit import audit
from shared.identity import Person
from tests.factories import a_person
from tests.given_files import PDF
from tests.integration.conftest import Running
from tests.integration.referrals.documents import PORTAL, sent
from tests.integration.referrals.test_files_for_panels import has_file

Start = Callable[..., Running]
HANNAH = a_person("front_door", name="Hannah Whitcombe")


def ask(running: Running, path: str, person: Person = HANNAH) -> Any:
    """Ask as a program of somebody."""
    return running.app.test_client().get(f"/referrals/api/v1/requests/{path}", headers=running.bearer(person))


def content(request_id: UUID, attachment_id: UUID) -> str:
    """Return where the content of a file is."""
    return f"{request_id}/attachments/{attachment_id}/content"


def test_a_file_is_listed_and_given_with_its_name_and_that_is_audited(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    attachment_id = has_file(running, request_id)
    [listed] = ask(running, str(request_id)).json["attachments"]
    assert (listed["attachment_id"], listed["name"], listed["size"], listed["may_be_opened"]) == (
        str(attachment_id), "Brief an Ana.pdf", len(PDF), True,
    )  # fmt: skip
    given = ask(running, content(request_id, attachment_id))
    assert (given.status_code, given.data, given.mimetype) == (200, PDF, "application/pdf")
    assert given.headers["Content-Disposition"] == 'attachment; filename="Brief an Ana.pdf"'
    assert given.headers["Cache-Control"] == "no-store"
    with running.database.read() as session:
        [line] = session.execute(sa.select(audit).where(audit.c.subject == "attachment")).all()
    assert (line.did, line.who, line.subject_id) == ("read", str(HANNAH.person_id), str(attachment_id))


@pytest.mark.parametrize("state", ["unchecked", "infected", "destroyed"])
def test_what_may_not_be_opened_is_listed_with_why_and_not_given(start: Start, state: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    attachment_id = has_file(running, request_id, state=state)
    [listed] = ask(running, str(request_id)).json["attachments"]
    assert listed["may_be_opened"] is False
    refused = ask(running, content(request_id, attachment_id))
    assert (refused.status_code, refused.json["detail"]) == (409, f"{listed['state_label']}.")


def test_nobody_else_is_given_it_and_what_is_not_there_is_not_found(start: Start) -> None:
    running = start("referrals")
    request_id, other = sent(running), sent(running)
    attachment_id = has_file(running, request_id)
    for person in (a_person("referrer"), a_person("practitioner"), a_person("administrator")):
        assert ask(running, content(request_id, attachment_id), person).status_code == 403
    path = f"/referrals/api/v1/requests/{content(request_id, attachment_id)}"
    assert running.app.test_client().get(path, headers=PORTAL).status_code == 401
    assert running.browser(HANNAH).get(path).status_code == 401, "a cookie is not enough for a program"
    assert ask(running, content(other, attachment_id)).status_code == 404
    assert ask(running, content(request_id, uuid4())).status_code == 404
