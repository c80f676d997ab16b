"""The link to a request half done: mailed to whom its owner says, and never kept."""

from datetime import date
from uuid import UUID, uuid4

from services.notifications.tables import NoticeRow
from shared.events.referrals import DraftLinkAsked
from tests.integration.notifications.conftest import Post

PATH = "/referrals/return/7K3Q-WD9M-2XHT-4CFG"


def asked(post: Post, draft_id: UUID, number: int, *, email: str) -> DraftLinkAsked:
    link = {"email": email, "path": PATH if email else ""}
    post.running.neighbours.answers[("referrals", f"/drafts/{draft_id}/links/{number}")] = link
    return DraftLinkAsked(draft_id, number, date(2026, 12, 2))


def test_the_link_is_mailed_and_the_notice_does_not_hold_it(post: Post) -> None:
    post.running.hears(asked(post, uuid4(), 1, email="me@post.example"))
    post.sends()
    [message] = post.messages()
    assert message.to_address == "me@post.example"
    assert message.subject == "Your link"
    assert PATH in message.body
    assert "2 December 2026" in message.body
    notice: NoticeRow = post.notice("draft_link")
    assert notice.state == "delivered"
    assert "7K3Q" not in str(vars(notice))


def test_a_link_that_ended_is_not_mailed_and_nobody_has_to_act(post: Post) -> None:
    post.running.hears(asked(post, uuid4(), 1, email=""))
    post.sends()
    assert post.messages() == []
    notice = post.notice("draft_link")
    assert (notice.state, notice.needs_person) == ("not_sent", False)


def test_a_second_link_is_a_second_message(post: Post) -> None:
    draft_id = uuid4()
    for number in (1, 2):
        post.running.hears(asked(post, draft_id, number, email="me@post.example"))
    post.sends()
    assert len(post.messages()) == 2
