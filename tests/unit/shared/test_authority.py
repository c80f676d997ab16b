import shutil
import tomllib
from datetime import date, time
from pathlib import Path

import pytest

import shared.authority
from shared.authority import AUTHORITIES, Closure, Papers, ProfileWrong, Quorum, is_closed, load_profile
from shared.authority.panel_words import panel_in_words

_FOLDER = Path(shared.authority.__file__).parent


@pytest.fixture
def bathnes(tmp_path: Path) -> Path:
    """Give a copy of a folder of profiles in which one can write."""
    shutil.copytree(_FOLDER / "bathnes", tmp_path / "bathnes")
    return tmp_path / "bathnes"


@pytest.mark.parametrize("key", AUTHORITIES)
def test_every_profile_that_ships_can_be_used(key: str) -> None:
    for version in load_profile(key).versions:
        assert version.authority.key == key
        assert version.authority.assumptions, "what the source does not say must be marked"


def test_bath_has_both_kinds_of_meeting_and_gloucestershire_one_in_each_of_six_localities() -> None:
    assert [panel.kind for panel in load_profile("bathnes").newest.panels] == ["allocation", "step_down"]
    gloucestershire = load_profile("gloucestershire").newest
    assert len({panel.locality for panel in gloucestershire.panels}) == 6
    assert {panel.recurrence.weeks for panel in gloucestershire.panels} == {1}


@pytest.mark.parametrize(
    ("day", "levels", "lead"),
    [
        (date(2013, 1, 1), 4, "Lead Professional"),
        (date(2023, 12, 31), 4, "Lead Professional"),
        (date(2024, 1, 1), 5, "lead professional"),
        (date(2026, 11, 2), 5, "lead professional"),
    ],
)
def test_the_rules_are_those_of_the_day(day: date, levels: int, lead: str) -> None:
    in_force = load_profile("bathnes").on(day)
    assert len(in_force.level_scheme.levels) == levels
    assert in_force.words.lead_practitioner == lead


def test_a_level_is_read_under_the_scheme_it_was_made_under() -> None:
    bath = load_profile("bathnes").newest
    assert bath.level_label("bathnes", "2014", 4) == "Statutory or acute"
    assert bath.level_label("bathnes", "2024", 4) == "Social care: child in need"


def test_a_later_file_says_only_what_is_new(bathnes: Path) -> None:
    (bathnes / "2027-04-01.toml").write_text(
        "[limits]\nallocation_answer_working_days = 6\nmore_information_working_days = 10\n"
    )
    profile = load_profile("bathnes", bathnes.parent)
    before, after = profile.on(date(2027, 3, 31)), profile.on(date(2027, 4, 1))
    assert (before.limits.allocation_answer_working_days, after.limits.allocation_answer_working_days) == (5, 6)
    assert before.panels == after.panels


@pytest.mark.parametrize(
    ("new", "named"),
    [
        ('colour = "red"', "2027-04-01.toml: unknown key colour"),
        ("name = 7", "name must be text, not 7"),
        ("safeguarding_contacts = []", "there is nobody to ring about a child in danger"),
        ('name = "red', "2027-04-01.toml: Unterminated string"),
        ('[reviews]\npolicy = "x"', "remind_days_before is missing"),
        (
            "[limits]\nallocation_answer_working_days = 0\nmore_information_working_days = 10\n",
            "allocation_answer_working_days must be at least 1",
        ),
        ("[chasing]\noverdue_at_most = 0", "chasing: overdue_at_most must be at least 1, not 0"),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2027"\nlevels = [{ number = 1, label = " ", about = "A", signs = [] }]',
            r"level_schemes\[3\]: levels\[1\]: label is empty",
        ),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2027"\nlevels = [{ number = 2, label = "Two", about = "A", signs = [] }]',
            "level 2 stands in place 1",
        ),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2024"\nlevels = [{ number = 1, label = "One", about = "A", signs = [] }]',
            "level scheme bathnes 2024 stands there 2 times",
        ),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2027"\nlevels = [{ number = 1, label = "One", signs = [] }]',
            r"level_schemes\[3\]: levels\[1\]: about is missing",
        ),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2027"\n'
            'levels = [{ number = 1, label = "One", about = " ", signs = [] }]',
            r"level_schemes\[3\]: levels\[1\]: about is empty",
        ),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2027"\n'
            'levels = [{ number = 1, label = "One", about = "A", signs = ["B", ""] }]',
            r"level_schemes\[3\]: levels\[1\]: signs\[2\] is empty",
        ),
        (
            '[[level_schemes]]\nscheme = "bathnes"\nversion = "2027"\n'
            'levels = [{ number = 1, label = "One", about = "A", signs = [7] }]',
            r"signs\[1\] must be text, not 7",
        ),
    ],
)
def test_what_is_wrong_in_a_profile_is_named_with_its_file(bathnes: Path, new: str, named: str) -> None:
    (bathnes / "2027-04-01.toml").write_text(new)
    with pytest.raises(ProfileWrong, match=named):
        load_profile("bathnes", bathnes.parent)


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('key = "step-down"', 'key = "ehap"', "panel ehap stands there 2 times"),
        ('kind = "step_down"', 'kind = "stepdown"', "panel step-down: kind is allocation or step_down or other"),
        ('locality = ""', 'locality = "bath"', "panel ehap: there is no locality 'bath'"),
        ('shape = "last_weekday"', 'shape = "moons"', "panel ehap: cut_off: shape is days or .*, not 'moons'"),
        ('weekday = "friday"', 'weekday = "fryday"', "panel ehap: cut_off: weekday is monday or .*, not 'fryday'"),
        ('"next_working_day"', '"never"', "panel ehap: on_bank_holiday is next_working_day or"),
        ("capacity = 8", "capacity = 0", "panel step-down: capacity must be at least 1"),
        ("weeks = 2,", "weeks = 0,", "panel ehap: recurrence: weeks must be at least 1, or monthly must say"),
        ("weeks = 2,", "", "panel ehap: recurrence: weeks must be at least 1, or monthly must say"),
        (
            "weeks = 2,",
            'weeks = 2, monthly = "first tuesday",',
            "panel ehap: recurrence: give weeks or monthly, not both",
        ),
        (
            "weeks = 2,",
            'monthly = "fifth tuesday",',
            "panel ehap: recurrence: monthly is such as .*, not 'fifth tuesday'",
        ),
        ("minutes = 180", "minutes = 0", "panel ehap: recurrence: minutes must be at least 1"),
        ('key = "ehap"', 'key = "ehap"\nvideo_link = "http://x"', "panel ehap: video_link must start with https://"),
        (
            'key = "ehap"',
            'key = "ehap"\nminutes_within_working_days = 0',
            "minutes_within_working_days must be at least 1",
        ),
        ('key = "ehap"', 'key = "ehap"\npapers = { go_out = "soon" }', "panel ehap: papers: go_out is at_closing or"),
        (
            'key = "ehap"',
            'key = "ehap"\npapers = { go_out = "working_days_before" }',
            "panel ehap: papers: working_days must be at least 1",
        ),
        ('key = "ehap"', 'key = "ehap"\npapers = { stay_days = 400 }', "stay_days must be from 0 to 365, not 400"),
        ('key = "ehap"', 'key = "ehap"\nquorum = { agencies = -1 }', "panel ehap: quorum: agencies must be at least 0"),
        (
            'key = "ehap"',
            'key = "ehap"\nquorum = { roles = ["police", "police"] }',
            "panel ehap: quorum: role police stands there 2 times",
        ),
        (
            'key = "ehap"',
            'key = "ehap"\nclosures = [{ from_on = 2027-08-31, until_on = 2027-08-01, why = "August" }]',
            r"panel ehap: closures\[1\]: until_on must be from 0 to 300 days after from_on \(2027-08-31\)",
        ),
        ('why = "Christmas"', 'why = " "', r"closures\[1\]: why is empty"),
        (
            'front_door = "Children',
            'confidentiality = { version = "2", text = "" }\nfront_door = "Children',
            "confidentiality: text is empty",
        ),
        ("first = 6", "first = 13", r"reviews: usual: first must be from 1 to never_over \(12\), not 13"),
        ('with_consent = "who_leads"', 'with_consent = "all"', "register: with_consent is nothing or .*, not 'all'"),
        ("kept_years = 25", "kept_years = 0", "records: kept_years must be at least 1, not 0"),
        ('kept_from = "youngest_child_born"', 'kept_from = "whenever"', "records: kept_from is youngest_child_born or"),
        ('case = "usual"', 'case = "always"', "there is no case 'usual'"),
        ('unit = "weeks"', 'unit = "moons"', "reviews: usual: unit is weeks or months, not 'moons'"),
    ],
)
def test_what_does_not_fit_together_is_named(bathnes: Path, was: str, becomes: str, named: str) -> None:
    file = bathnes / "2024-01-01.toml"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(ProfileWrong, match=named):
        load_profile("bathnes", bathnes.parent)


def test_a_file_that_is_not_named_after_a_day_is_refused_so_that_no_two_overlap(bathnes: Path) -> None:
    (bathnes / "2024-1-1.toml").write_text('name = "Bath"')
    with pytest.raises(ProfileWrong, match="named after the day"):
        load_profile("bathnes", bathnes.parent)


def test_a_profile_that_is_not_there_is_said() -> None:
    with pytest.raises(ProfileWrong, match="no authority profile 'wessex'"):
        load_profile("wessex")


def test_every_fact_of_a_profile_stands_in_a_file_that_names_its_source() -> None:
    for path in _FOLDER.glob("*/*.toml"):
        text = path.read_text(encoding="utf-8")
        assert tomllib.loads(text)
        assert "# " in text
        assert "[S" in text


def test_a_panel_says_for_itself_what_it_does_differently(bathnes: Path) -> None:
    file = bathnes / "2024-01-01.toml"
    own = """
key = "ehap"
video_link = "https://meet.example.org/ehap"
closures = [{ from_on = 2027-08-01, until_on = 2027-08-31, why = "August" }]
papers = { go_out = "working_days_before", working_days = 3, at = 17:00:00, stay_days = 7 }
quorum = { agencies = 3, roles = ["police"], chair = true }
"""
    file.write_text(file.read_text(encoding="utf-8").replace('key = "ehap"', own), encoding="utf-8")
    ehap, step_down = load_profile("bathnes", bathnes.parent).newest.panels
    assert ehap.papers == Papers("working_days_before", 3, time(17), 7)
    assert ehap.quorum == Quorum(3, ("police",), chair=True)
    assert ehap.quorum.is_on
    assert is_closed(ehap.closures, date(2027, 8, 31))
    assert not is_closed(ehap.closures, date(2028, 8, 1)), "only a closure of every year comes back"
    assert (step_down.papers, step_down.quorum, step_down.closures) == (Papers(), Quorum(), ())
    words = panel_in_words(ehap, "")
    assert "No meetings: 1 August 2027 to 31 August 2027 (August)." in words
    assert "Papers go out at 5pm, 3 working days before the meeting, and can be read until 7 days after" in words
    assert "Quorum: 3 agencies; police; the chair or a deputy." in words


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 12, 23), False),
        (date(2026, 12, 24), True),
        (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
        (date(2028, 12, 31), True),
        (date(2029, 1, 1), True),
    ],
)
def test_christmas_comes_every_year_and_ends_in_the_next(day: date, closed: bool) -> None:
    christmas = Closure(date(2026, 12, 24), date(2027, 1, 1), "Christmas", every_year=True)
    assert christmas.covers(day) is closed
