"""Letters from the chair: to whom, when they may be printed, and that nothing goes twice or to an unsafe address."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from services.panel.jobs.decisions import make_letters
from services.panel.rules.decisions import OUTCOMES
from services.panel.tables import LetterRow
from shared.events.notifications import ReferrerTold
from shared.events.panel import LetterCheckAsked
from shared.london import london_date
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_consent import answers_anew, is_fetched


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def a_home(ref: str = "home", *adults: str, **changes: Any) -> dict[str, Any]:
    return {
        "home_ref": ref,
        "adults": [{"ref": adult, "name": f"Name of {adult}"} for adult in adults or ("a1",)],
        "lines": [f"14 {ref.title()} Close"],
        "town": "Bath",
        "postcode": "BA2 1XX",
        "because": [],
        "not_disclosed_to": [],
    } | changes


def may_be_written_to(sitting: Sitting, request_id: UUID, *homes: dict[str, Any], **changes: Any) -> None:
    answer = {"reference": "", "locality": "", "is_held": False, "with_social_care": False, "homes": list(homes)}
    sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/letters")] = answer | changes


def letters(sitting: Sitting) -> list[LetterRow]:
    while make_letters(sitting.running.resources):
        pass
    with sitting.running.database.read() as session:
        return list(session.scalars(sa.select(LetterRow).order_by(LetterRow.made_at, LetterRow.home_ref)))


def decided(
    sitting: Sitting, outcome: str, *homes: dict[str, Any], children: Sequence[dict[str, str]] = (), **changes: Any
) -> tuple[UUID, UUID]:
    """Let a meeting decide about a family with these homes; return the request and the item."""
    request_id = sitting.asks()
    may_be_written_to(sitting, request_id, *homes, **changes)
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    sitting.decides(item_id, outcome, children=list(children))
    return request_id, item_id


def confirms(sitting: Sitting, letter_id: UUID, status: int = 204, **given: Any) -> Any:
    shown = sitting.get(sitting.coordinator, f"/letters/{letter_id}")
    body = {"confirmed": ["addressee", "address", "copies"], "seen": shown["seen"], "version": shown["version"]}
    return sitting.post(sitting.coordinator, f"/letters/{letter_id}/confirmation", body | given, status)


def prints(sitting: Sitting, letter_id: UUID) -> Any:
    return sitting.running.browser(sitting.coordinator).post(f"/panel/letters/{letter_id}/letter.pdf")


def sends(sitting: Sitting, letter_id: UUID, status: int = 204) -> Any:
    version = sitting.get(sitting.coordinator, f"/letters/{letter_id}")["version"]
    on = london_date(sitting.running.clock.at).isoformat()
    body = {"how": "post", "on": on, "version": version}
    return sitting.post(sitting.coordinator, f"/letters/{letter_id}/sent", body, status)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_family_that_was_discussed_gets_a_letter_whatever_was_decided(sitting: Sitting, outcome: str) -> None:
    decided(sitting, outcome, a_home())
    [letter] = letters(sitting)
    assert letter.state == ("held" if outcome == "step_up" else "to_check")
    text = sitting.get(sitting.coordinator, f"/letters/{letter.id}")["text"]
    assert text["paragraphs"]
    assert text["chair"] == "Ana Chair"
    assert text["role"].startswith("Chair of the ")


def test_a_letter_is_held_where_only_one_child_goes_to_social_care(sitting: Sitting) -> None:
    child = {"child_ref": "c1", "outcome": "step_up", "note": "She was hurt."}
    decided(sitting, "signpost", a_home(), children=[child])
    [letter] = letters(sitting)
    assert (letter.state, letter.held_because) == ("held", ["step_up"])


def test_two_homes_get_two_letters_with_an_address_each(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home("home", "a1"), a_home("second", "a2"))
    found = letters(sitting)
    assert [(one.home_ref, one.adult_refs) for one in found] == [("home", ["a1"]), ("second", ["a2"])]
    texts = [sitting.get(sitting.coordinator, f"/letters/{one.id}")["text"] for one in found]
    assert [text["names"] for text in texts] == [["Name of a1"], ["Name of a2"]]
    assert "14 Second Close" not in str(texts[0])


def test_no_address_is_kept_here(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    confirms(sitting, letter.id)
    prints(sitting, letter.id)
    with sitting.running.database.read() as session:
        kept = session.scalars(sa.text("SELECT row_to_json(letter)::text FROM letter")).one()
    assert "Close" not in kept
    assert "Name of" not in kept


def test_a_letter_is_confirmed_printed_and_sent_once(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    assert prints(sitting, letter.id).status_code == 409
    sends(sitting, letter.id, 409)
    confirms(sitting, letter.id, 422, confirmed=["addressee", "copies"])
    confirms(sitting, letter.id)
    sends(sitting, letter.id, 409)
    pdf = prints(sitting, letter.id)
    said = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages)
    for words in ("Name of a1", "14 Home Close", "BA2 1XX", "library", "Ana Chair", letter.reference):
        assert words in said
    marks: Any = PdfReader(BytesIO(pdf.data)).trailer["/Root"]
    assert marks["/MarkInfo"]["/Marked"]
    sends(sitting, letter.id)
    sends(sitting, letter.id, 409)
    assert prints(sitting, letter.id).status_code == 409
    [sent] = letters(sitting)
    assert (sent.state, sent.settled_how, sent.settled_by) == ("sent", "post", sitting.coordinator.person_id)
    assert len(sent.digest or "") == 64


def test_a_program_prints_a_letter_under_the_same_conditions_as_the_page(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    address = f"/letters/{letter.id}/letter.pdf"
    sitting.post(sitting.coordinator, address, None, 409)
    confirms(sitting, letter.id)
    sitting.post(sitting.member, address, None, 404)
    answer = sitting.running.app.test_client().post(
        f"/panel/api/v1{address}", headers=sitting.running.bearer(sitting.coordinator)
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert letter.reference in PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    sends(sitting, letter.id)


def test_an_address_that_changed_since_it_was_confirmed_is_not_printed(sitting: Sitting) -> None:
    request_id, _ = decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    confirms(sitting, letter.id)
    may_be_written_to(sitting, request_id, a_home(lines=["1 New Street"]))
    assert prints(sitting, letter.id).status_code == 409
    may_be_written_to(sitting, request_id)
    assert prints(sitting, letter.id).status_code == 409
    sitting.running.neighbours.is_away = True
    assert prints(sitting, letter.id).status_code == 409


def test_an_address_that_changed_while_it_was_looked_at_is_not_confirmed(sitting: Sitting) -> None:
    request_id, _ = decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    seen = sitting.get(sitting.coordinator, f"/letters/{letter.id}")["seen"]
    may_be_written_to(sitting, request_id, a_home(lines=["1 New Street"]))
    confirms(sitting, letter.id, 409, seen=seen)
    assert letters(sitting)[0].state == "to_check"


def test_a_sensitive_address_is_checked_by_the_person_who_is_named(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home(because=["not_disclosed"], not_disclosed_to=["Dan"]))
    [letter] = letters(sitting)
    assert (letter.state, letter.held_because) == ("held", ["not_disclosed"])
    confirms(sitting, letter.id, 422)
    named = {"checker_id": str(sitting.deputy.person_id), "version": 1}
    sitting.post(sitting.coordinator, f"/letters/{letter.id}/words", named, 204)
    sitting.post(sitting.chair, f"/letters/{letter.id}/words", named | {"version": 2}, 204)
    [asked] = sitting.running.announced(LetterCheckAsked)
    assert (asked.letter_id, asked.checker_id) == (letter.id, sitting.deputy.person_id)
    confirms(sitting, letter.id, 403)
    shown = sitting.get(sitting.deputy, f"/letters/{letter.id}")
    body = {"confirmed": ["addressee", "address", "copies"], "seen": shown["seen"], "version": shown["version"]}
    sitting.post(sitting.deputy, f"/letters/{letter.id}/confirmation", body, 422)
    body["check_note"] = "Asked the school today"
    sitting.post(sitting.deputy, f"/letters/{letter.id}/confirmation", body, 204)
    assert letters(sitting)[0].checked_by == sitting.deputy.person_id
    assert prints(sitting, letter.id).status_code == 200


def test_news_about_safe_contact_holds_a_letter_that_was_confirmed(sitting: Sitting) -> None:
    request_id, _ = decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    confirms(sitting, letter.id)
    may_be_written_to(sitting, request_id, a_home(), is_held=True)
    assert prints(sitting, letter.id).status_code == 409
    held = letters(sitting)[0]
    assert (held.state, held.held_because) == ("held", ["not_read_yet"])


def test_a_family_that_nobody_may_write_to_is_told_in_another_way(sitting: Sitting) -> None:
    decided(sitting, "carry_over")
    [letter] = letters(sitting)
    assert (letter.state, letter.home_ref) == ("to_tell", "")
    on = london_date(sitting.running.clock.at).isoformat()
    body = {"how": "Rung by the school", "on": on, "version": letter.version}
    sitting.post(sitting.coordinator, f"/letters/{letter.id}/told", body, 204)
    sitting.post(sitting.coordinator, f"/letters/{letter.id}/told", body, 409)
    assert letters(sitting)[0].state == "told"


def test_a_superseded_decision_withdraws_what_was_not_sent_and_a_new_letter_is_made(sitting: Sitting) -> None:
    _, item_id = decided(sitting, "signpost", a_home("home", "a1"), a_home("second", "a2"))
    first, second = letters(sitting)
    confirms(sitting, first.id)
    prints(sitting, first.id)
    sends(sitting, first.id)
    sitting.decides(item_id, "not_accepted", supersedes=str(first.decision_id))
    found = letters(sitting)
    assert [one.state for one in found if one.decision_id == first.decision_id] == ["sent", "withdrawn"]
    anew = [one for one in found if one.decision_id != first.decision_id]
    assert [one.home_ref for one in anew] == ["home", "second"]
    text = sitting.get(sitting.coordinator, f"/letters/{anew[0].id}")["text"]
    assert text["paragraphs"][0] == "This letter replaces the one that we sent you before."
    confirms(sitting, second.id, 409)


def test_letters_made_anew_write_to_nobody_twice(sitting: Sitting) -> None:
    request_id, _ = decided(sitting, "signpost", a_home("home", "a1"), a_home("second", "a2"))
    first, second = letters(sitting)
    confirms(sitting, first.id)
    prints(sitting, first.id)
    sends(sitting, first.id)
    may_be_written_to(sitting, request_id, a_home("home", "a1"), a_home("third", "a2"))
    browser = sitting.running.browser(sitting.coordinator)
    assert browser.post(f"/panel/letters/{second.id}/anew").status_code == 302
    standing = [(one.home_ref, one.state) for one in letters(sitting) if one.state != "withdrawn"]
    assert sorted(standing) == [("home", "sent"), ("third", "to_check")]


def test_who_has_had_a_letter_elsewhere_is_not_named_on_the_one_to_the_home_they_share_now(sitting: Sitting) -> None:
    request_id, _ = decided(sitting, "signpost", a_home("home", "a1"), a_home("second", "a2"))
    first, second = letters(sitting)
    confirms(sitting, first.id)
    prints(sitting, first.id)
    sends(sitting, first.id)
    may_be_written_to(sitting, request_id, a_home("home", "a3"), a_home("second", "a1", "a2"))
    assert sitting.get(sitting.coordinator, f"/letters/{second.id}")["text"]["names"] == ["Name of a2"]
    assert sitting.running.browser(sitting.coordinator).post(f"/panel/letters/{second.id}/anew").status_code == 302
    standing = [(one.home_ref, one.state, one.adult_refs) for one in letters(sitting) if one.state != "withdrawn"]
    assert sorted(standing) == [
        ("home", "sent", ["a1"]),
        ("home", "to_check", ["a3"]),
        ("second", "to_check", ["a2"]),
    ]
    [new] = [one for one in letters(sitting) if one.state == "to_check" and one.home_ref == "second"]
    confirms(sitting, new.id)
    said = PdfReader(BytesIO(prints(sitting, new.id).data)).pages[0].extract_text()
    assert "Name of a2" in said
    assert "Name of a1" not in said


def test_two_who_write_at_once_the_second_is_told_and_loses_nothing(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    browser = sitting.running.browser(sitting.coordinator)
    typed = {"added_words": "Come on Tuesday.", "version": "1"}
    assert browser.post(f"/panel/letters/{letter.id}/words", data=typed).status_code == 302
    late = sitting.running.browser(sitting.chair).post(
        f"/panel/letters/{letter.id}/words", data=typed | {"added_words": "Come on Friday."}
    )
    assert late.status_code == 409
    assert "Come on Friday." in late.text
    assert letters(sitting)[0].added_words == "Come on Tuesday."


def test_only_who_leads_the_panel_sees_its_letters(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    sitting.get(sitting.member, f"/letters/{letter.id}", 404)
    sitting.get(sitting.manager, f"/letters/{letter.id}", 403)
    elsewhere = Sitting(sitting.running, panel_key="step-down")
    sitting.get(elsewhere.coordinator, f"/letters/{letter.id}", 404)
    assert sitting.get(elsewhere.coordinator, "/letters?state=to_check")["total"] == 0
    assert sitting.get(sitting.coordinator, "/letters?state=to_check")["total"] == 1


def test_whoever_declared_a_conflict_does_not_see_the_letter(sitting: Sitting) -> None:
    request_id = sitting.asks()
    may_be_written_to(sitting, request_id, a_home())
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    declared = {"person_id": str(sitting.deputy.person_id), "nature": "They are neighbours"}
    sitting.post(sitting.chair, f"/items/{item_id}/conflicts", declared, 204)
    sitting.decides(item_id, "signpost")
    [letter] = letters(sitting)
    sitting.get(sitting.deputy, f"/letters/{letter.id}", 404)


def test_a_letter_waits_until_the_owner_of_the_addresses_answers(sitting: Sitting) -> None:
    request_id = sitting.asks()
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    sitting.running.neighbours.is_away = True
    sitting.decides(item_id, "signpost")
    assert letters(sitting) == []
    sitting.running.neighbours.is_away = False
    may_be_written_to(sitting, request_id, a_home())
    with sitting.running.database.begin() as session:
        session.execute(sa.text("UPDATE letter_wanted SET next_attempt_at = now() - interval '1 hour'"))
    assert len(letters(sitting)) == 1


def test_who_has_waited_longest_since_the_decision_comes_first_also_when_their_letter_is_made_anew(
    sitting: Sitting,
) -> None:
    decided(sitting, "signpost", a_home())
    [first] = letters(sitting)
    sitting.running.clock.at += timedelta(days=9)
    decided(sitting, "signpost", a_home())
    browser = sitting.running.browser(sitting.coordinator)
    browser.post(f"/panel/letters/{first.id}/anew")
    last, longest = [one for one in letters(sitting) if one.state == "to_check"]
    assert longest.decision_id == first.decision_id
    listed = sitting.get(sitting.coordinator, "/letters?state=to_check")["letters"]
    assert [one["letter_id"] for one in listed] == [str(longest.id), str(last.id)]
    waited = (london_date(sitting.running.clock.at) - london_date(first.made_at)).days
    page = browser.get("/panel/letters").text
    assert page.index(f"Waits {waited} days") < page.index("Today")


def test_the_pages_show_what_is_to_be_done(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home(because=["others_there"]))
    [letter] = letters(sitting)
    browser = sitting.running.browser(sitting.coordinator)
    assert "Nobody is named yet to check it" in browser.get("/panel/letters").text
    page = browser.get(f"/panel/letters/{letter.id}").text
    assert "14 Home Close" in page
    assert "Somebody lives at this address who did not say that letters are safe" in page
    answer = browser.post(f"/panel/letters/{letter.id}/told", data={"version": "1"})
    assert answer.status_code == 422
    assert "Enter how the family was told" in answer.text


def test_a_referrer_who_does_not_know_in_time_is_shown_as_overdue_until_they_do(sitting: Sitting) -> None:
    decided(sitting, "signpost", a_home())
    [letter] = letters(sitting)
    browser = sitting.running.browser(sitting.coordinator)
    page = browser.get("/panel/letters").text
    assert "Referrers who do not know yet" in page
    assert "Overdue" not in page
    sitting.running.clock.at += timedelta(days=14)
    assert "Overdue" in browser.get("/panel/letters").text
    told = ReferrerTold(letter.decision_id, letter.request_id, letter.request_id, letter.reference, "message")
    sitting.running.hears(told)
    assert "Referrers who do not know yet" not in browser.get("/panel/letters").text


def test_nobody_of_an_agency_that_the_family_excludes_learns_from_its_letter(sitting: Sitting) -> None:
    request_id = sitting.asks()
    may_be_written_to(sitting, request_id, a_home())
    item_id = sitting.item_at(request_id, sitting.opened(sitting.next_meeting()))
    sitting.decides(item_id, "signpost")
    [letter] = letters(sitting)
    answers_anew(sitting, request_id, not_with=("Riverside Housing",))
    is_fetched(sitting)
    for who in (sitting.chair, sitting.deputy, sitting.coordinator):
        browser = sitting.running.browser(who)
        sitting.get(who, f"/letters/{letter.id}", 404)
        for path in (f"letters/{letter.id}", "letters"):
            assert "14 Home Close" not in browser.get(f"/panel/{path}").text
            assert letter.reference not in browser.get(f"/panel/{path}").text
        assert browser.post(f"/panel/letters/{letter.id}/letter.pdf").status_code == 404
        assert sitting.get(who, "/letters?state=to_check")["letters"] == []


def test_a_copy_goes_to_no_agency_that_the_family_excludes_by_now(sitting: Sitting) -> None:
    request_id, _ = decided(sitting, "plan_advice", a_home())
    [letter] = letters(sitting)
    body = {"added_words": "", "copy_to": [str(sitting.agency_id)], "checker_id": "", "version": letter.version}
    sitting.post(sitting.coordinator, f"/letters/{letter.id}/words", body, 204)
    assert sitting.get(sitting.coordinator, f"/letters/{letter.id}")["text"]["copies"] == ["Steps Forward"]
    answers_anew(sitting, request_id, not_with=("Steps Forward",))
    is_fetched(sitting)
    assert sitting.get(sitting.coordinator, f"/letters/{letter.id}")["text"]["copies"] == []
    body |= {"version": letter.version + 1}
    sitting.post(sitting.coordinator, f"/letters/{letter.id}/words", body, 422)
