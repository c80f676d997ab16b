"""Several tabs with one draft: nothing is overwritten that the tab which does so never showed."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.referrals.rules import journey
from services.referrals.rules.tabs import (
    Opening,
    Written,
    fingerprint,
    is_adding,
    is_removing,
    open_page,
    part_of,
    place_of,
    unseen,
    was_removed,
)

NOBODY_WROTE = Written({}, {})
PAGES = ("story", "needs", "children/c1", "children/c1/more", "children/c2", "children/add", "children/c1/remove")
FIELDS = {"story": ("well", "worried"), "needs": ("needs",), "more": ("school", "gp"), "": ("given_name", "sex")}


def keep(content: dict[str, Any], page: str, values: dict[str, Any], ref: str = "") -> dict[str, Any]:
    """Return the content as the page's view would keep it."""
    group, _, rest = page.partition("/")
    if not rest:
        return journey.with_step(content, group, values)
    if is_removing(page):
        return journey.without_item(content, group, rest.partition("/")[0])
    ref = ref if is_adding(page) else rest.partition("/")[0]
    return journey.with_item(content, group, ref, {**(part_of(content, f"{group}/{ref}") or {}), **values})


def test_another_tab_that_wrote_on_the_page_is_not_overwritten_silently() -> None:
    before = {"story": {"well": "a", "worried": "b"}}
    mine = open_page(before, "story", "mine")
    theirs = {"story": {"well": "a", "worried": "c"}}
    assert unseen(mine, theirs, {"story": {"well": "a", "worried": "d"}}, NOBODY_WROTE) == ["worried"]
    assert unseen(mine, theirs, {"story": {"well": "d", "worried": "c"}}, NOBODY_WROTE) == []


def test_what_somebody_typed_on_the_same_page_before_pressing_back_is_theirs_to_change() -> None:
    mine = open_page({}, "story", "mine")
    kept = {"story": {"well": "a"}}
    written = NOBODY_WROTE.by(mine, "story")
    assert unseen(mine, kept, {"story": {"well": "b"}}, written) == []


def test_two_pages_about_one_child_do_not_disturb_each_other() -> None:
    content = {"children": [{"ref": "c1", "given_name": "Ana"}]}
    first = open_page(content, "children/c1", "first")
    with_more = keep(content, "children/c1/more", {"school": "St Mary"})
    after = keep(with_more, "children/c1", {"given_name": "Anna"})
    assert unseen(first, with_more, after, NOBODY_WROTE) == []


def test_a_double_click_says_the_same_again_and_another_name_is_asked_about() -> None:
    adding = open_page({"children": []}, "children/add", "adding")
    content = keep({"children": []}, "children/add", {"given_name": "Ana"})
    written = NOBODY_WROTE.by(adding, "children/c1")
    assert place_of(adding, written) == "children/c1"
    assert unseen(adding, content, content, written) == []
    assert unseen(adding, content, keep(content, "children/c1", {"given_name": "Ben"}), written) == ["given_name"]


def test_what_was_removed_in_another_tab_is_said_to_be() -> None:
    content = {"children": [{"ref": "c1", "given_name": "Ana"}]}
    assert was_removed(open_page(content, "children/c1", "mine"), {"children": []})
    assert not was_removed(open_page(content, "children/c1/remove", "mine"), {"children": []})
    assert not was_removed(open_page(content, "consents/a1", "mine"), content)


@given(st.one_of(st.none(), st.text(), st.booleans(), st.lists(st.text()), st.integers()))
def test_no_answer_and_an_empty_one_are_alike_and_no_is_an_answer(value: Any) -> None:
    assert (fingerprint(value) == fingerprint(None)) == (not value and value is not False)


class TwoTabs(RuleBasedStateMachine):
    """A person with several tabs, each of which opens pages, presses back to them, and saves them again.

    For each opening the machine remembers every value that it ever showed or kept itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.content: dict[str, Any] = {"children": [{"ref": "c1", "given_name": "Ana", "sex": "F"}]}
        self.written = NOBODY_WROTE
        self.openings: list[tuple[Opening, set[tuple[str, str, str]]]] = []
        self.lost: list[str] = []
        self.disturbed: list[str] = []

    @rule(page=st.sampled_from(PAGES))
    def opens(self, page: str) -> None:
        opening = open_page(self.content, page, f"opening {len(self.openings)}")
        part = part_of(self.content, page) or {}
        self.openings.append((opening, {self._value(page, name, value) for name, value in part.items()}))

    @rule(data=st.data())
    def saves(self, data: st.DataObject) -> None:
        if not self.openings:
            return
        opening, shown = data.draw(st.sampled_from(self.openings))
        if was_removed(opening, self.content):
            return
        place = place_of(opening, self.written)
        if is_adding(opening.page) and part_of(self.content, place) is None:
            place = opening.page
        elif opening.page.endswith("/c2") and part_of(self.content, opening.page) is None:
            return
        fields = FIELDS.get(opening.page.rpartition("/")[2], FIELDS[""])
        values = {name: data.draw(st.sampled_from(("x", "y"))) for name in fields}
        ref = place.partition("/")[2] if is_adding(opening.page) and not is_adding(place) else ""
        after = keep(self.content, opening.page, values, ref)
        if unseen(opening, self.content, after, self.written):
            return
        self._check(opening, shown, after, place)
        place = f"children/{after['children'][-1]['ref']}" if is_adding(place) else place
        self.content, self.written = after, self.written.by(opening, place)
        shown |= {self._value(opening.page, name, value) for name, value in values.items()}

    def _check(self, opening: Opening, shown: set[tuple[str, str, str]], after: dict[str, Any], place: str) -> None:
        before = part_of(self.content, place) or {}
        now = part_of(after, place) or {}
        for name, value in before.items():
            if now.get(name) != value and self._value(opening.page, name, value) not in shown:
                self.lost.append(f"{opening.page} {name}")
        for page in PAGES:
            other = page.split("/")[:2] != opening.page.split("/")[:2] and not is_adding(opening.page)
            if other and part_of(self.content, page) != part_of(after, page):
                self.disturbed.append(page)

    @staticmethod
    def _value(page: str, name: str, value: Any) -> tuple[str, str, str]:
        return page, name, fingerprint(value)

    @invariant()
    def nothing_unseen_was_overwritten(self) -> None:
        assert self.lost == []

    @invariant()
    def pages_did_not_disturb_each_other(self) -> None:
        assert self.disturbed == []


TwoTabs.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestTwoTabs = TwoTabs.TestCase
