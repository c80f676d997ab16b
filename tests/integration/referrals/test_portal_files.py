"""Files that a portal sends with a request: the checks and limits of the pages, once however often it tries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from urllib3.filepost import encode_multipart_formdata

from services.referrals.jobs import check_attachments, clear_attachments
from services.referrals.rules.attachments import MOST
from services.referrals.tables import AttachmentRow, RequestRow
from tests.factories import a_person
from tests.given_files import EVERY_KIND, PDF, PNG, PROGRAM
from tests.integration.conftest import PORTAL_TOKEN, Running
from tests.integration.referrals.clamd import VIRUS, a_clamd
from tests.integration.referrals.documents import sent, triaged

Start = Callable[..., Running]


def attach(
    running: Running, request_id: UUID, content: bytes, name: str = "letter.pdf", *, token: str = PORTAL_TOKEN
) -> Any:
    """Send a file as a portal does."""
    body, content_type = encode_multipart_formdata({"file": (name, content)})
    return running.app.test_client().post(
        f"/referrals/api/v1/requests/{request_id}/attachments",
        data=body,
        content_type=content_type,
        headers={"Authorization": f"Bearer {token}"},
    )


def listed(running: Running, request_id: UUID) -> Any:
    """Return what the portal is told of the files of a request."""
    path = f"/referrals/api/v1/requests/{request_id}/attachments"
    return running.app.test_client().get(path, headers={"Authorization": f"Bearer {PORTAL_TOKEN}"})


@pytest.mark.parametrize(("kind", "content"), EVERY_KIND.items(), ids=EVERY_KIND)
def test_a_file_comes_with_a_request_and_is_opened_by_the_front_door(start: Start, kind: str, content: bytes) -> None:
    running = start("referrals")
    request_id = sent(running)
    response = attach(running, request_id, content, "Brief für Ana")
    assert response.status_code == 201, response.text
    assert {"name": "Brief für Ana", "kind": kind, "size": len(content), "state": "not_checked"}.items() <= (
        response.json.items()
    )
    worker = running.browser(a_person("front_door"))
    address = f"/referrals/requests/{request_id}/attachments/{response.json['attachment_id']}"
    assert address in worker.get(f"/referrals/requests/{request_id}").text
    assert worker.get(address).data == content
    assert listed(running, request_id).json["attachments"] == [response.json]


def test_the_same_file_sent_twice_is_kept_once_also_at_the_same_moment(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: attach(running, request_id, PDF), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert attach(running, request_id, PDF, "another name.pdf").status_code == 201
    assert attach(running, request_id, PNG).status_code == 201
    assert len(listed(running, request_id).json["attachments"]) == 3
    triaged(running, request_id)
    assert attach(running, request_id, PDF).status_code == 200


def test_what_was_cut_off_is_kept_by_sending_it_again(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    first = attach(running, request_id, PDF).json
    with running.database.begin() as session:
        session.execute(sa.update(AttachmentRow).values(state="arriving", key_id=""))
    for file in Path(running.resources.settings.files_at).rglob("*"):
        if file.is_file():
            file.unlink()
    again = attach(running, request_id, PDF)
    assert (again.status_code, again.json) == (200, first)
    address = f"/referrals/requests/{request_id}/attachments/{first['attachment_id']}"
    assert running.browser(a_person("front_door")).get(address).data == PDF


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PROGRAM, "The file must be PDF, Word (DOCX), JPEG, PNG or HEIC. What is in it is not, whatever its name"),
        (b"", "The file is empty"),
        (PDF.ljust(10_000_001), "The file must be 10 MB or smaller"),
    ],
    ids=["program", "empty", "large"],
)
def test_what_is_not_taken_is_said_as_a_problem_at_the_file(start: Start, content: bytes, words: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    refused = attach(running, request_id, content)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    [error] = refused.json["errors"]
    assert error["pointer"] == "/file"
    assert error["detail"].startswith(words)
    assert listed(running, request_id).json["attachments"] == []


def test_a_body_that_is_much_too_large_is_refused_before_it_is_read(start: Start) -> None:
    running = start("referrals")
    assert attach(running, sent(running), PDF.ljust(12_000_000)).status_code == 413


def test_a_call_without_a_file_is_told_how_to_send_one(start: Start) -> None:
    running = start("referrals")
    path = f"/referrals/api/v1/requests/{sent(running)}/attachments"
    headers = {"Authorization": f"Bearer {PORTAL_TOKEN}"}
    refused: Any = running.app.test_client().post(path, data={}, headers=headers)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["detail"] == "Send the file as the part `file` of a form"


def test_there_are_ten_files_at_most(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    for number in range(MOST):
        assert attach(running, request_id, PDF, f"{number}.pdf").status_code == 201
    refused = attach(running, request_id, PDF, "one more.pdf")
    assert refused.status_code == 422
    assert "10 files at most" in refused.json["detail"]
    assert attach(running, request_id, PDF, "0.pdf").status_code == 200


def test_only_the_portal_that_sent_the_request_adds_to_it(start: Start) -> None:
    other = "another-portal-token-that-only-the-tests-know"
    running = start("referrals", PORTAL_TOKENS=f"portal:{PORTAL_TOKEN},other:{other}")
    request_id = sent(running)
    assert attach(running, request_id, PDF, token=other).status_code == 404
    assert attach(running, uuid4(), PDF).status_code == 404
    assert attach(running, request_id, PDF, token="x" * 40).status_code == 401
    assert listed(running, uuid4()).status_code == 404


def test_after_the_front_door_has_decided_nothing_is_added(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    refused = attach(running, request_id, PDF)
    assert refused.status_code == 409
    assert "Ring them" in refused.json["detail"]


def test_whoever_decides_at_that_moment_is_told_of_the_file(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    attach(running, request_id, PDF)
    with running.database.read() as session:
        assert session.get_one(RequestRow, request_id).version == 2
    typed = {"outcome": "withdraw", "version": "1", "reason": "They rang."}
    second = running.browser(a_person("front_door")).post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert second.status_code == 409
    assert "A file was added" in second.text


def test_a_virus_is_told_at_once_or_when_it_is_found(start: Start) -> None:
    with a_clamd() as clamd:
        running = start("referrals", CLAMD_AT=clamd.at)
        request_id = sent(running)
        refused = attach(running, request_id, PDF + VIRUS)
        assert (refused.status_code, refused.json["detail"]) == (422, "The file has a virus in it, and was not kept")
        assert attach(running, request_id, PDF + VIRUS).status_code == 422
        clamd.be_confused()
        assert attach(running, request_id, PNG + VIRUS).json["state"] == "unchecked"
        clamd.be_confused(is_confused=False)
        assert check_attachments(running.resources)
    while clear_attachments(running.resources):
        pass
    assert [file["state"] for file in listed(running, request_id).json["attachments"]] == ["destroyed", "destroyed"]
    assert attach(running, request_id, PNG + VIRUS).status_code == 422


def test_a_store_that_is_away_is_said_and_the_file_can_be_sent_again(start: Start, tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.write_text("a file where the folder should be")
    running = start("referrals", FILES_AT=str(place))
    request_id = sent(running)
    away = attach(running, request_id, PDF)
    assert (away.status_code, away.mimetype) == (503, "application/problem+json")
    assert "Send it again" in away.json["detail"]
    place.unlink()
    assert attach(running, request_id, PDF).status_code == 201
