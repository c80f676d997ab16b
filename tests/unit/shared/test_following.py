"""What a page that follows hears, also while nothing happens."""

from itertools import islice

from shared.web.following import Follower, stream


def test_a_page_hears_while_nothing_happens_that_the_connection_is_not_lost() -> None:
    events = stream(Follower("meeting", "person"), 3, lambda: 3, beat_seconds=0.001, length_seconds=60)
    assert list(islice(events, 3))[1:] == ["event: here\ndata: here\n\n"] * 2


def test_a_sign_of_life_leaves_the_version_that_a_browser_has_seen() -> None:
    follower = Follower("meeting", "person")
    events = stream(follower, 3, lambda: 4, beat_seconds=0.001, length_seconds=60)
    next(events)
    assert "id:" not in next(events)
    follower.tell(4, "item")
    assert next(events) == "id: 4\nevent: moved\ndata: item\n\n"
