"""Files that come with a request: taken by what is in them, sealed, checked, and opened by those who may."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from urllib3.filepost import encode_multipart_formdata

from services.embedded.together import free_port
from services.referrals.jobs import check_attachments, clear_attachments, delete_drafts
from services.referrals.tables import AttachmentRow, DraftRow, RequestRow
from shared.audit import audit
from shared.events.referrals import AttachmentDestroyed
from tests.factories import a_person
from tests.given_files import EVERY_KIND, PDF, PNG, PROGRAM
from tests.integration.conftest import Running
from tests.integration.referrals.asking import ask_as_parent, begin, submit
from tests.integration.referrals.clamd import VIRUS, a_clamd

Start = Callable[..., Running]
INFECTED = PDF + VIRUS


def upload(browser: FlaskClient, content: bytes, name: str = "letter.pdf", *, do: str = "upload") -> Any:
    """Send a file as the page does."""
    # Put together here: Werkzeug's own client writes what is large into a file that it leaves open.
    body, content_type = encode_multipart_formdata({"file": (name, content), "do": do})
    return browser.post("/referrals/ask/attachments", data=body, content_type=content_type)


def rows(running: Running) -> list[AttachmentRow]:
    """Return every attachment there is, in the order in which they were added."""
    with running.database.read() as session:
        return list(session.scalars(sa.select(AttachmentRow).order_by(AttachmentRow.number)))


def stored(running: Running) -> list[Path]:
    """Return every file in the store."""
    return [path for path in Path(running.resources.settings.files_at).rglob("*") if path.is_file()]


def send(running: Running, browser: FlaskClient) -> UUID:
    """Send what was written, and return the id of the request."""
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    with running.database.read() as session:
        return session.scalars(sa.select(RequestRow.id).order_by(RequestRow.received_at.desc())).first() or uuid4()


def address(request_id: UUID, row: AttachmentRow) -> str:
    return f"/referrals/requests/{request_id}/attachments/{row.id}"


@pytest.mark.parametrize(("kind", "content"), EVERY_KIND.items(), ids=EVERY_KIND)
def test_a_file_comes_with_the_request_and_is_opened_by_the_front_door(start: Start, kind: str, content: bytes) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    assert upload(browser, content, "Brief für Ana").location == "/referrals/ask/attachments"
    assert "Brief für Ana" in browser.get("/referrals/ask/attachments").text
    assert "Brief für Ana" in browser.get("/referrals/ask/check").text
    request_id = send(running, browser)
    [row] = rows(running)
    assert (row.request_id, row.kind, row.size, row.state) == (request_id, kind, len(content), "not_checked")
    worker = running.browser(a_person("front_door"))
    assert address(request_id, row) in worker.get(f"/referrals/requests/{request_id}").text
    given = worker.get(address(request_id, row))
    assert given.data == content
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert "no-store" in given.headers["Cache-Control"]


def test_what_lies_in_the_store_is_sealed_and_has_no_name(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    upload(browser, PDF, "../../Siobhán.pdf")
    [file], [row] = stored(running), rows(running)
    assert file.name == row.id.hex
    assert b"%PDF" not in file.read_bytes()
    assert (row.name, row.key_id) == ("Siobhán.pdf", "1")
    assert file.stat().st_mode & 0o077 == 0


def test_only_the_front_door_opens_a_file_and_that_is_audited(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    ask_as_parent(browser)
    upload(browser, PDF)
    request_id = send(running, browser)
    [row] = rows(running)
    for person in (None, a_person("referrer"), a_person("practitioner"), a_person("administrator")):
        assert running.browser(person).get(address(request_id, row)).status_code in (302, 403)
    worker = a_person("front_door")
    assert running.browser(worker).get(address(request_id, row)).status_code == 200
    assert running.browser(worker).get(address(uuid4(), row)).status_code == 404
    with running.database.read() as session:
        lines = session.execute(
            sa.select(audit.c.who, audit.c.did, audit.c.details)
            .where(audit.c.subject == "attachment")
            .order_by(audit.c.id)
        ).all()
    assert [(line.who, line.did) for line in lines] == [
        ("visitor", "attached"),
        ("referrals", "attachment_not_checked"),
        (str(worker.person_id), "read"),
    ]
    assert all("letter" not in str(line.details) for line in lines)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PROGRAM, "The file must be PDF, Word (DOCX)"),
        (b"", "The file is empty"),
        (PDF.ljust(10_000_001), "10 MB or smaller"),
    ],
)
def test_what_is_not_taken_is_said_beside_the_field_and_nothing_is_kept(
    start: Start, content: bytes, words: str
) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    for do in ("upload", "continue"):
        refused = upload(browser, content, do=do)
        assert refused.status_code == 422
        assert words in refused.text
        assert "<title>Error: " in refused.text
    assert (rows(running), stored(running)) == ([], [])


def test_uploading_without_a_file_is_said_and_going_on_without_one_is_not_an_error(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    assert "Select a file" in browser.post("/referrals/ask/attachments", data={"do": "upload"}).text
    assert browser.post("/referrals/ask/attachments", data={"do": "continue"}).status_code == 302


def test_a_file_that_was_chosen_is_kept_also_when_one_goes_on_without_uploading_it(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    assert upload(browser, PNG, do="continue").location == "/referrals/ask/details"
    assert upload(browser, PDF, do="later").location == "/referrals/ask/save"
    assert [row.kind for row in rows(running)] == ["png", "pdf"]


def test_a_body_that_is_far_too_large_is_refused_and_only_this_page_takes_a_large_one(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    refused = upload(browser, b"x" * 12_000_000)
    assert refused.status_code == 413
    assert "larger than 11 MB" in refused.text
    refused = browser.post("/referrals/ask/details", data={"name": "x" * 2_000_000})
    assert "larger than 1 MB" in refused.text


def test_there_can_be_ten_files_and_one_that_is_removed_makes_room(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    for number in range(10):
        assert upload(browser, PNG, f"{number}.png").status_code == 302
    assert "There can be 10 files at most" in upload(browser, PNG).text
    first = rows(running)[0]
    submit(browser, f"/ask/attachments/{first.id}/remove", {}, leads_to="/ask/attachments")
    assert len(stored(running)) == len(rows(running)) == 9
    assert upload(browser, PNG).status_code == 302


def test_nobody_removes_a_file_of_another_draft(start: Start) -> None:
    running = start("referrals")
    browser, other = running.browser(), running.browser()
    for one in (browser, other):
        begin(one, "carer")
    upload(browser, PNG)
    [row] = rows(running)
    assert other.post(f"/referrals/ask/attachments/{row.id}/remove").status_code == 404
    assert len(stored(running)) == 1


def test_a_file_goes_with_its_draft_when_that_ends_and_stays_with_a_request(start: Start) -> None:
    running = start("referrals")
    sender, leaver = running.browser(), running.browser()
    ask_as_parent(sender)
    upload(sender, PDF)
    send(running, sender)
    begin(leaver, "carer")
    upload(leaver, PNG)
    delete_drafts(running.resources, running.clock.now().replace(year=2027))
    with running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DraftRow)) == 0
    assert clear_attachments(running.resources)
    assert not clear_attachments(running.resources)
    assert [row.kind for row in rows(running)] == ["pdf"]
    assert len(stored(running)) == 1


def test_an_upload_that_was_cut_off_is_cleared_after_an_hour(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    upload(browser, PDF)
    with running.database.begin() as session:
        session.execute(sa.update(AttachmentRow).values(state="arriving"))
    assert not clear_attachments(running.resources)
    with running.database.begin() as session:
        session.execute(sa.update(AttachmentRow).values(made_at=sa.func.now() - sa.text("interval '2 hours'")))
    assert clear_attachments(running.resources)
    assert (rows(running), stored(running)) == ([], [])


def test_a_store_that_is_away_is_said_and_leaves_nothing(start: Start, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("not a folder")
    running = start("referrals", FILES_AT=str(tmp_path / "full"))
    browser = running.browser()
    begin(browser, "carer")
    refused = upload(browser, PDF)
    assert refused.status_code == 422
    assert "could not be kept" in refused.text
    assert [row.state for row in rows(running)] == ["leaving"]


def test_a_file_is_shown_to_the_scanner_before_it_is_kept(start: Start) -> None:
    with a_clamd() as clamd:
        running = start("referrals", CLAMD_AT=clamd.at)
        browser = running.browser()
        ask_as_parent(browser)
        upload(browser, PDF)
        refused = upload(browser, INFECTED)
        assert clamd.seen == [PDF, INFECTED]
    assert refused.status_code == 422
    assert "has a virus in it, and was not kept" in refused.text
    assert [row.state for row in rows(running)] == ["checked", "infected"]
    assert len(stored(running)) == 1
    clear_attachments(running.resources)
    assert [row.state for row in rows(running)] == ["checked", "destroyed"]


def test_a_scanner_on_a_socket_of_this_machine_is_asked_too(start: Start, tmp_path: Path) -> None:
    with a_clamd(path=tmp_path / "clamd") as clamd:
        running = start("referrals", CLAMD_AT=clamd.at)
        browser = running.browser()
        begin(browser, "carer")
        upload(browser, PDF)
        assert clamd.seen == [PDF]
    assert [row.state for row in rows(running)] == ["checked"]


def test_a_file_that_the_scanner_did_not_see_waits_and_nobody_opens_it(start: Start) -> None:
    port = free_port()
    running = start("referrals", CLAMD_AT=f"tcp://127.0.0.1:{port}")
    browser = running.browser()
    ask_as_parent(browser)
    upload(browser, PDF)
    assert "Not yet checked for viruses" in browser.get("/referrals/ask/attachments").text
    request_id = send(running, browser)
    [row] = rows(running)
    worker = running.browser(a_person("front_door"))
    refused = worker.get(address(request_id, row))
    assert refused.status_code == 409
    assert "Not yet checked for viruses" in refused.text
    page = worker.get(f"/referrals/requests/{request_id}").text
    assert "Not yet checked for viruses" in page
    assert address(request_id, row) not in page
    assert not check_attachments(running.resources)
    with a_clamd(port=port):
        assert check_attachments(running.resources)
    assert worker.get(address(request_id, row)).data == PDF


def test_a_virus_that_is_found_later_is_destroyed_and_said(start: Start) -> None:
    port = free_port()
    running = start("referrals", CLAMD_AT=f"tcp://127.0.0.1:{port}")
    browser = running.browser()
    ask_as_parent(browser)
    upload(browser, INFECTED)
    upload(browser, PDF, "good.pdf")
    request_id = send(running, browser)
    with a_clamd(port=port):
        assert check_attachments(running.resources)
        assert check_attachments(running.resources)
    assert clear_attachments(running.resources)
    infected, good = rows(running)
    assert (infected.state, good.state) == ("destroyed", "checked")
    assert [path.name for path in stored(running)] == [good.id.hex]
    worker = running.browser(a_person("front_door"))
    assert "Had a virus in it and was destroyed" in worker.get(f"/referrals/requests/{request_id}").text
    assert worker.get(address(request_id, infected)).status_code == 409
    [told] = running.announced(AttachmentDestroyed)
    assert (told.request_id, told.attachment_id, told.front_door_id) == (request_id, infected.id, None)
    follower = running.browser()
    follower.post("/referrals/follow", data={"reference": told.reference, "contact": "07700 900123"})
    assert "had a virus in it and was destroyed" in follower.get("/referrals/follow/progress").text


def test_a_virus_that_is_found_while_the_request_is_half_done_is_said_on_its_page(start: Start) -> None:
    port = free_port()
    running = start("referrals", CLAMD_AT=f"tcp://127.0.0.1:{port}")
    browser = running.browser()
    begin(browser, "carer")
    upload(browser, INFECTED)
    with a_clamd(port=port):
        assert check_attachments(running.resources)
    assert clear_attachments(running.resources)
    assert "Had a virus in it and was destroyed" in browser.get("/referrals/ask/attachments").text
    assert running.announced(AttachmentDestroyed) == []


def test_a_file_that_the_scanner_cannot_read_does_not_hold_up_the_others(start: Start) -> None:
    with a_clamd() as clamd:
        running = start("referrals", CLAMD_AT=clamd.at)
        browser = running.browser()
        begin(browser, "carer")
        clamd.be_confused()
        upload(browser, PDF)
        upload(browser, PNG)
        assert not check_attachments(running.resources)
        clamd.be_confused(is_confused=False)
        assert check_attachments(running.resources)
        assert [(row.state, row.tries) for row in rows(running)] == [("unchecked", 1), ("checked", 0)]
        assert check_attachments(running.resources)
        assert not check_attachments(running.resources)


def test_files_from_before_there_was_a_scanner_are_checked_once_there_is_one(start: Start) -> None:
    running = start("referrals")
    browser = running.browser()
    begin(browser, "carer")
    upload(browser, PDF)
    assert not check_attachments(running.resources)
    assert [row.state for row in rows(running)] == ["not_checked"]
