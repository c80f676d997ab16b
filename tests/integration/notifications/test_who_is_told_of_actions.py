"""Who is told of actions: one by its reference and its page, several in one message."""

from datetime import date
from uuid import uuid4

import pytest

from shared.events.panel import ActionsDue, ActionsOverdue
from tests.integration.notifications.conftest import Post

DAY = date(2026, 11, 19)


def test_one_action_is_named_by_its_familys_reference_and_leads_to_its_page(post: Post) -> None:
    person, action_id = post.knows_person(email="worker@agency.example"), uuid4()
    post.running.hears(ActionsDue("person", person, (action_id,), "EH7K-3QWQ", DAY))
    post.sends()
    (message,) = post.messages()
    assert (message.to_address, message.subject) == (
        "worker@agency.example",
        "EH7K-3QWQ: an action is due by 19 Nov 2026",
    )
    assert f"/panel/actions/{action_id}" in message.body


def test_several_are_one_message_that_says_how_many(post: Post) -> None:
    person = post.knows_person(email="worker@agency.example")
    post.running.hears(ActionsOverdue("person", person, "owner", (uuid4(), uuid4(), uuid4()), "", DAY))
    post.sends()
    (message,) = post.messages()
    assert message.subject == "Actions are overdue"
    assert "Actions: 3" in message.body
    assert "/panel/actions?state=overdue" in message.body


@pytest.mark.parametrize("told_as", ["owner", "agency", "panel"])
def test_each_is_told_in_words_of_their_own(post: Post, told_as: str) -> None:
    person = post.knows_person(email="somebody@agency.example")
    post.running.hears(ActionsOverdue("person", person, told_as, (uuid4(),), "EH7K-3QWQ", DAY))
    post.sends()
    (message,) = post.messages()
    said = {"owner": "gave you or your agency", "agency": "somebody in your agency", "panel": "your panel agreed"}
    assert said[told_as] in message.body


def test_an_agency_is_told_through_each_of_its_managers(post: Post) -> None:
    agency = post.knows_agency(*[post.knows_person(email=f"{name}@agency.example") for name in ("a", "b")])
    post.running.hears(ActionsDue("agency", agency, (uuid4(),), "EH7K-3QWQ", DAY))
    post.sends()
    post.sends()
    assert {message.to_address for message in post.messages()} == {"a@agency.example", "b@agency.example"}
